#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/asker.hpp"
#include "app/world.hpp"
#include "base/secret.hpp"
#include "base/utc.hpp"
#include "store/accounts.hpp"

namespace app {

/// How an account stands with its carrier.
struct SignedIn {
  std::string carrier;      ///< its title
  bool by_session = false;  ///< false: a key goes along with each request, and nobody signs in
  std::optional<base::UtcTime> ends{};  ///< of the session, if there is one and that is known
};

/// As it is known without asking the carrier: for who shows what a sign-in came to that failed.
std::optional<store::PendingCode> pending_code(const World& world, const std::string& account);

/// All of these tell of a clock that is wrong, and throw as AccountClient, account_of, provider_of
/// and open_secrets.
SignedIn sign_in(const World& world, const Observer& observer, Asker& asker,
                 const std::string& account);

/// Gives the code that a carrier waits for; `code` is called once the account is there.
SignedIn answer(const World& world, const Observer& observer, Asker& asker,
                const std::string& account, const std::function<base::Secret()>& code);

/// Takes a session that was begun elsewhere. People are asked for its values; where there are none,
/// `text` gives them: a line NAME=VALUE for each, or a token alone where that is all there is.
/// Throws as AccountClient::import.
SignedIn import_session(const World& world, const Observer& observer, Asker& asker,
                        const std::string& account, const std::function<base::Secret()>& text);

SignedIn sign_out(const World& world, const Observer& observer, Asker& asker,
                  const std::string& account, bool with_device);

}  // namespace app
