#pragma once

#include <string>

#include "app/session.hpp"

namespace app {

struct DefaultSmdp {
  bool changed = false;
  std::string address;    ///< empty: none
  std::string root_smds;  ///< empty: none
};

/// Where the card looks for profiles by itself. Throws as lpa::Euicc.
DefaultSmdp default_smdp(Session& session);

/// Throws Error `smdp.address` (usage) for what cannot be the name of a server: letters, digits,
/// hyphens and dots, and perhaps a port.
void check_smdp_address(const std::string& address);

/// Makes `address` the card's default SM-DP+; an empty one takes it away.
/// Throws as check_smdp_address and lpa::Euicc, and `card.refused-smdp` (refused).
DefaultSmdp set_default_smdp(Session& session, const std::string& address);

}  // namespace app
