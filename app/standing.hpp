#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/world.hpp"
#include "base/utc.hpp"
#include "store/accounts.hpp"

namespace app {

/// How an account stands with its carrier, as far as is known without asking it, or opening the
/// secrets.
struct AccountStanding {
  enum class Kind : std::uint8_t {
    key,         ///< nobody signs in: a key goes along with each request
    signed_in,   ///< `until`: the end of the session, where that is known
    signed_out,  ///< there is no session, or it has ended
    code_pending,
    code_expired,  ///< it did not come in time
    stopped,       ///< the carrier has refused the credentials; nothing is tried
    locked         ///< by the carrier; nothing is tried `until` then
  };
  Kind kind = Kind::signed_out;
  std::optional<base::UtcTime> until{};
  std::optional<store::PendingCode> pending{};  ///< also one whose time is over
};

struct ListedAccount {
  store::Account account;
  AccountStanding standing;
};

/// All accounts, by name.
std::vector<ListedAccount> listed_accounts(const World& world);

/// The one account that waits for a code. Throws Error `carrier.no-challenge` and
/// `carrier.several-challenges` (not_found), with what to type instead.
std::string account_that_waits(const World& world);

}  // namespace app
