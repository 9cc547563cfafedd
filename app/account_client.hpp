#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/asker.hpp"
#include "app/world.hpp"
#include "base/file_lock.hpp"
#include "base/http.hpp"
#include "carriers/exchange.hpp"
#include "carriers/sign_in.hpp"
#include "store/accounts.hpp"
#include "store/vault.hpp"

namespace app {

/// The secrets of accounts, their attempts and how they were asked, for several threads at a time.
/// Borrows both; there may be no vault, of accounts without secrets.
class KeptSecrets {
 public:
  KeptSecrets(store::Vault* vault, store::Accounts& accounts)
      : vault_(vault), accounts_(accounts) {}

  std::optional<base::Secret> get(const std::string& name);
  void put(const std::string& name, const base::Secret& secret);
  void erase(const std::string& name);
  store::Attempts attempts(const std::string& account);
  void set_attempts(const std::string& account, const store::Attempts& attempts);
  store::Asked asked(const std::string& account, store::PlanPart part);
  void set_asked(const std::string& account, store::PlanPart part, const store::Asked& asked);
  void set_closed_until(const std::string& account, base::UtcTime until);

 private:
  std::mutex mutex_;
  store::Vault* vault_;
  store::Accounts& accounts_;
};

/// An account, with all that it takes to ask its provider. One thread uses it.
///
/// Throws as carriers::Exchange and sign_in, and Error `carrier.stopped` (sign_in) while nothing
/// may be tried, `carrier.needs-you` (sign_in) when a sign-in would send a message and nobody is
/// there, `carrier.challenge` (challenge) when a code is waited for, `account.busy` (failure) when
/// another process signs in for longer than two minutes.
class AccountClient {
 public:
  AccountClient(const World& world, store::Account account, carriers::Provider provider,
                KeptSecrets& kept);

  /// The session that is there, made longer, or made anew; with `asker`, people may be asked. One
  /// process at a time makes it: who waited takes what the other one made.
  void have_session(Asker* asker);

  /// The same when the provider does not know the session any more.
  void replace_session(Asker* asker);

  /// Signs in whatever is there. The user wants it, so what was refused before is tried again.
  void sign_in(Asker* asker);

  /// Goes on with a challenge that an earlier run left. Throws Error `carrier.no-challenge`
  /// (not_found).
  void answer(const base::Secret& code);

  /// Ends the session at the provider, and forgets it.
  void sign_out();

  [[nodiscard]] const store::Account& account() const { return account_; }
  [[nodiscard]] const carriers::Provider& provider() const { return provider_; }
  [[nodiscard]] std::optional<base::UtcTime> session_ends() const { return session_.ends; }
  carriers::Exchange& exchange() { return exchange_; }

  /// All values for a request.
  [[nodiscard]] carriers::Scope scope() const { return own().with(session_.values); }

 private:
  [[nodiscard]] carriers::Scope own() const {
    return carriers::Scope().with(values_).with(device_);
  }
  void load();
  void load_session();
  [[nodiscard]] bool session_lasts() const;
  [[nodiscard]] base::FileLock only_one() const;
  void make_session(Asker* asker);
  void make_device();
  bool try_refresh();
  std::optional<base::Secret> made_code();
  carriers::SignInResult first_result();
  /// `answered`: a code was given, by which the provider knows this device from now on.
  void finish(carriers::SignInResult result, Asker* asker, bool answered);
  void take(carriers::Session session);
  void remember_failure(const base::Error& error);
  void keep(const carriers::Challenge& challenge);

  const World& world_;
  store::Account account_;
  carriers::Provider provider_;
  KeptSecrets& kept_;
  std::unique_ptr<base::HttpClient> http_;
  carriers::Exchange exchange_;
  carriers::Variables values_;
  carriers::Variables device_;
  carriers::Session session_;
};

}  // namespace app
