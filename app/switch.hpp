#pragma once

#include <optional>
#include <string_view>

#include "app/session.hpp"
#include "app/test_profiles.hpp"
#include "lpa/es10c.hpp"

namespace app {

/// What a switch did, as the card showed it afterwards.
struct SwitchReport {
  bool changed = false;
  lpa::ProfileInfo profile;                         ///< in its new state
  std::optional<lpa::ProfileInfo> disabled_before;  ///< the profile that was enabled until now
};

/// Enables the profile that `wanted` names (find_profile) and verifies that the card has it
/// enabled.
///
/// Goes down a ladder, because cards are known to refuse or ignore the first form: by ICCID with
/// REFRESH, by ICCID without, by AID with, by AID without, Session::switch_form first; before each
/// rung the profiles are listed anew, since the answer to a switch that worked is often lost. After
/// a change the card is reset and asked again.
///
/// Throws Error: those of find_profile and require_manageable; of kind refused `card.test-profile`,
/// `card.policy-forbids`, `card.wrong-reenabling`, `card.not-switched` with the card's own reason
/// (kind card when that was a status word alone); of kind card those of lpa::Euicc, with what is
/// known of the card's state.
SwitchReport enable(Session& session, base::Clock& clock, std::string_view wanted,
                    TestProfiles test_profiles = TestProfiles::refused);

/// Likewise for disabling; afterwards no profile is enabled.
SwitchReport disable(Session& session, base::Clock& clock, std::string_view wanted);

}  // namespace app
