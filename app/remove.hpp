#pragma once

#include <functional>
#include <string_view>

#include "app/session.hpp"
#include "app/test_profiles.hpp"
#include "lpa/es10c.hpp"

namespace app {

/// Deletes the profile that `wanted` names, once `confirm` has agreed to it, and verifies that the
/// card does not list it any more. Gives the profile as it was.
///
/// What the card would refuse is refused before `confirm` is asked. Throws as find_profile and
/// lpa::Euicc; of kind refused `card.profile-enabled`, `card.policy-forbids` (PPR2, or PPR1 of an
/// enabled one), `card.test-profile`, `card.not-deleted` with the card's own reason. What `confirm`
/// throws passes through; nothing was changed then.
lpa::ProfileInfo remove(Session& session, std::string_view wanted,
                        const std::function<void(const lpa::ProfileInfo&)>& confirm,
                        TestProfiles test_profiles = TestProfiles::refused);

}  // namespace app
