#include "app/sign_in.hpp"

#include <memory>

#include "app/account_client.hpp"
#include "app/accounts.hpp"
#include "app/clock_skew.hpp"
#include "app/provider_files.hpp"
#include "app/secrets.hpp"
#include "store/accounts.hpp"

namespace app {
namespace {

/// Does `work` with the account.
SignedIn with(const World& world, const Observer& observer, Asker& asker, const std::string& name,
              const std::function<void(AccountClient&)>& work) {
  const auto account = account_of(world, name);
  auto accounts = store::Accounts::open_existing(world.state_directory);
  const auto vault = open_secrets(world, asker);
  KeptSecrets kept(vault.get(), accounts);
  AccountClient client(world, account, provider_of(world, account.provider), kept);
  try {
    work(client);
  } catch (...) {
    tell_clock_skew(observer, skew_of(client.exchange()));
    throw;
  }
  tell_clock_skew(observer, skew_of(client.exchange()));
  return {.carrier = client.provider().title,
          .by_session = client.provider().login.has_value(),
          .ends = client.session_ends()};
}

}  // namespace

SignedIn sign_in(const World& world, const Observer& observer, Asker& asker,
                 const std::string& account) {
  return with(world, observer, asker, account,
              [&](AccountClient& client) { client.sign_in(&asker); });
}

SignedIn answer(const World& world, const Observer& observer, Asker& asker,
                const std::string& account, const std::function<base::Secret()>& code) {
  return with(world, observer, asker, account,
              [&](AccountClient& client) { client.answer(code()); });
}

SignedIn sign_out(const World& world, const Observer& observer, Asker& asker,
                  const std::string& account) {
  return with(world, observer, asker, account, [&](AccountClient& client) { client.sign_out(); });
}

}  // namespace app
