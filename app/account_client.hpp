#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "app/asker.hpp"
#include "app/kept_secrets.hpp"
#include "app/one_time_codes.hpp"
#include "app/world.hpp"
#include "base/file_lock.hpp"
#include "base/http.hpp"
#include "carriers/exchange.hpp"
#include "carriers/sign_in.hpp"
#include "store/accounts.hpp"

namespace app {

/// An account, with all that it takes to ask its provider. One thread uses it.
///
/// Throws as carriers::Exchange and sign_in, and Error `carrier.stopped` (sign_in) while nothing
/// may be tried, `carrier.needs-you` (sign_in) when a sign-in would send a message and nobody is
/// there, `carrier.challenge` (challenge) when a code is waited for, `carrier.session-over`
/// (sign_in) when only people can bring a new session, `account.busy` (failure) when another
/// process signs in for longer than two minutes.
class AccountClient {
 public:
  /// `stop`: what ends its requests.
  AccountClient(const World& world, store::Account account, carriers::Provider provider,
                KeptSecrets& kept, std::stop_token stop = {});

  /// The session that is there, made longer, or made anew; with `asker`, people may be asked. One
  /// process at a time makes it: who waited takes what the other one made.
  void have_session(Asker* asker);

  /// The same when the provider does not know the session any more.
  void replace_session(Asker* asker);

  /// Signs in whatever is there. Where people are, what was refused before is asked for anew and
  /// tried again.
  void sign_in(Asker* asker);

  /// Goes on with a challenge that an earlier run left; `code` is called when it still stands.
  /// Throws Error `carrier.no-challenge` (not_found), and as carriers::require_answerable.
  void answer(const std::function<base::Secret()>& code);

  /// Takes a session that was begun elsewhere. Throws as carriers::imported_session.
  void import(carriers::Variables values);

  /// Ends the session at the provider, and forgets it; `with_device`: also what the
  /// provider knows this device by.
  void sign_out(bool with_device);

  /// Keeps in mind what a reading failed of, when that means that nothing is to be tried again.
  void remember(const base::Error& error);

  [[nodiscard]] const store::Account& account() const { return account_; }
  [[nodiscard]] const carriers::Provider& provider() const { return provider_; }
  [[nodiscard]] std::optional<base::UtcTime> session_ends() const { return session_.ends; }
  carriers::Exchange& exchange() { return exchange_; }

  /// All values for a request.
  [[nodiscard]] carriers::Scope scope() { return own().with(session_.values); }

 private:
  [[nodiscard]] carriers::Scope own() {
    return carriers::Scope([this]() -> const carriers::Variables& { return secrets(); })
        .with(values_)
        .with(device_);
  }
  carriers::Variables& secrets();
  void load_device();
  void load_session();
  [[nodiscard]] bool session_lasts() const;
  [[nodiscard]] base::FileLock only_one() const;
  [[nodiscard]] std::chrono::seconds ahead() const;
  [[nodiscard]] base::Error stopped() const;
  void require_open();
  void ask_again(Asker& asker);
  [[nodiscard]] const carriers::LoginSpec* login_spec() const {
    return provider_.login ? &*provider_.login : nullptr;
  }
  void make_session(const carriers::LoginSpec& login, Asker* asker);
  void make_device();
  void forget_device();
  bool try_refresh();
  /// Goes on until there is a session. `answered`: a code was given.
  void finish(carriers::SignInResult result, OneTimeCodes& codes, bool answered);
  void succeeded(bool known_from_now_on);
  void take(carriers::Session session);
  void keep(const carriers::Challenge& challenge);
  void forget_challenge();
  carriers::Challenge pending();
  [[noreturn]] void failed(base::Error error);
  [[noreturn]] void wait_for(const carriers::Challenge& challenge, const OneTimeCodes& codes);
  [[noreturn]] void not_taken(const carriers::Challenge& challenge, bool with_password);

  const World& world_;
  store::Account account_;
  carriers::Provider provider_;
  KeptSecrets& kept_;
  std::unique_ptr<base::HttpClient> http_;
  carriers::Exchange exchange_;
  carriers::Variables values_;                  ///< that are no secrets
  std::optional<carriers::Variables> secrets_;  ///< once they were needed
  carriers::Variables device_;
  carriers::Session session_;
  bool remembered_ = false;  ///< the failure of this sign-in
};

}  // namespace app
