#pragma once

#include "app/session.hpp"
#include "base/clock.hpp"

namespace app {

/// What to erase; nothing is not allowed.
struct ResetChoice {
  bool operational_profiles = false;
  bool test_profiles = false;  ///< those that were loaded in the field
  bool default_smdp = false;

  [[nodiscard]] bool nothing() const {
    return !operational_profiles && !test_profiles && !default_smdp;
  }
};

/// Erases what `choice` says, whatever policy rules say; gives false when there was nothing to
/// erase. The card is reset afterwards. Throws as lpa::Euicc, and `card.not-reset` (refused) with
/// the card's own reason.
bool reset(Session& session, base::Clock& clock, const ResetChoice& choice);

}  // namespace app
