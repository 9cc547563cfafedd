#pragma once

#include <future>
#include <mutex>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/utc.hpp"
#include "store/accounts.hpp"
#include "store/vault.hpp"

namespace app {

/// The secrets of accounts, their attempts and how they were asked, for several threads at a time.
/// Borrows both; there may be no vault, of accounts without secrets.
class KeptSecrets {
 public:
  KeptSecrets(store::Vault* vault, store::Accounts& accounts);

  /// The vault is still being opened: who needs it waits, and gets what that throws.
  KeptSecrets(std::shared_future<store::Vault*> vault, store::Accounts& accounts)
      : vault_(std::move(vault)), accounts_(accounts) {}

  std::optional<base::Secret> get(const std::string& name);
  void put(const std::string& name, const base::Secret& secret);
  void erase(const std::string& name);
  store::Attempts attempts(const std::string& account);
  void set_attempts(const std::string& account, const store::Attempts& attempts);
  store::Asked asked(const std::string& account, store::PlanPart part);
  void set_asked(const std::string& account, store::PlanPart part, const store::Asked& asked);
  void set_closed_until(const std::string& account, base::UtcTime until);
  store::SignInState sign_in_state(const std::string& account);
  void set_sign_in_state(const std::string& account, const store::SignInState& state);

 private:
  store::Vault* vault() const;

  std::mutex vault_mutex_;
  std::shared_future<store::Vault*> vault_;
  std::mutex accounts_mutex_;
  store::Accounts& accounts_;
};

}  // namespace app
