#pragma once

#include <chrono>
#include <optional>

#include "base/utc.hpp"
#include "store/accounts.hpp"

namespace app {

/// What says whether a part of an account may be asked, and has to be.
struct AskingState {
  store::Asked asked{};
  std::optional<base::UtcTime> closed_until{};
  std::optional<base::UtcTime> figures{};  ///< the oldest that are kept were asked for then
};

/// When it may be asked again: `floor` after the last attempt, and not while the provider wants no
/// more requests. Empty when nothing is against it now.
std::optional<base::UtcTime> next_asking(const AskingState& state, std::chrono::seconds floor,
                                         base::UtcTime now);

/// Whether what is kept is younger than `age`, and nothing of it was left out the last time.
bool younger(const AskingState& state, std::chrono::seconds age, base::UtcTime now);

}  // namespace app
