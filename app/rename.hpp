#pragma once

#include <string>
#include <string_view>

#include "app/session.hpp"
#include "lpa/es10c.hpp"

namespace app {

/// Longest nickname, in octets of UTF-8 (SGP.22 v2.5 5.7.21).
constexpr std::size_t longest_nickname = 64;

/// Throws Error `profile.nickname` (usage) for what cannot be a nickname: too long, not UTF-8, or
/// with control characters.
void check_nickname(std::string_view nickname);

struct RenameReport {
  bool changed = false;
  lpa::ProfileInfo profile;  ///< with its nickname as it is now
};

/// Gives the profile that `wanted` names another nickname; an empty one takes it away.
/// Throws as check_nickname, find_profile and lpa::Euicc; `card.refused-rename` (refused) with the
/// card's own reason.
RenameReport rename(Session& session, std::string_view wanted, const std::string& nickname);

}  // namespace app
