#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lpa/es10c.hpp"
#include "lpa/euicc.hpp"

namespace app {

/// The profile that `wanted` names: by ICCID, by AID, by the last four or more digits of its ICCID,
/// by nickname, by its own name or by its provider (case does not matter). A whole ICCID or AID
/// goes before everything else. Throws Error (not_found): `profile.not-found` and
/// `profile.ambiguous`, with the candidates as hints.
const lpa::ProfileInfo& find_profile(const std::vector<lpa::ProfileInfo>& profiles,
                                     std::string_view wanted);

/// Everything the card tells of that profile, icon included. Throws as find_profile and
/// lpa::Euicc::profiles.
lpa::ProfileInfo profile_details(lpa::Euicc& euicc, std::string_view wanted);

/// What to call a profile in a sentence: “nickname” (ICCID), or the best there is. Clean text.
std::string spoken_name(const lpa::ProfileInfo& profile);

}  // namespace app
