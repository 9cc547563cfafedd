#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/chip.hpp"
#include "app/session.hpp"
#include "base/error.hpp"

namespace app {

/// One reader, or one secure element of a card that has two.
struct CardReport {
  std::string card;  ///< fit for --card
  bool present = false;
  base::Bytes atr;
  std::optional<CardKind> kind;  ///< empty when it could not be told
  std::optional<lpa::Eid> eid;
  std::optional<lpa::Aid> isdr_aid;
  std::optional<unsigned> secure_element;
  std::optional<lpa::Habits> habits;   ///< those that are kept, when they are not the usual ones
  std::optional<base::Error> problem;  ///< why the card could not be asked
};

/// Looks at every reader that `choice` fits, and at what is in it. Throws as matching_readers; what
/// goes wrong with one card is in its report.
std::vector<CardReport> survey(const World& world, const Observer& observer,
                               const CardChoice& choice);

}  // namespace app
