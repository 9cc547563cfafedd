#include "app/kept_secrets.hpp"

#include "base/error.hpp"

namespace app {

namespace {

std::shared_future<store::Vault*> there(store::Vault* vault) {
  std::promise<store::Vault*> promise;
  promise.set_value(vault);
  return promise.get_future().share();
}

}  // namespace

KeptSecrets::KeptSecrets(store::Vault* vault, store::Accounts& accounts)
    : KeptSecrets(there(vault), accounts) {}

store::Vault* KeptSecrets::vault() const {
  try {
    return vault_.get();
  } catch (const base::Error& error) {
    throw base::Error(error);  // one of its own for each thread
  }
}

std::optional<base::Secret> KeptSecrets::get(const std::string& name) {
  auto* const vault = this->vault();
  const std::lock_guard lock(vault_mutex_);
  return vault != nullptr ? vault->get(name) : std::nullopt;
}

void KeptSecrets::put(const std::string& name, const base::Secret& secret) {
  auto* const vault = this->vault();
  const std::lock_guard lock(vault_mutex_);
  if (vault != nullptr) vault->put(name, secret);
}

void KeptSecrets::erase(const std::string& name) {
  auto* const vault = this->vault();
  const std::lock_guard lock(vault_mutex_);
  if (vault != nullptr) vault->erase(name);
}

store::Attempts KeptSecrets::attempts(const std::string& account) {
  const std::lock_guard lock(accounts_mutex_);
  return accounts_.attempts(account);
}

void KeptSecrets::set_attempts(const std::string& account, const store::Attempts& attempts) {
  const std::lock_guard lock(accounts_mutex_);
  accounts_.set_attempts(account, attempts);
}

store::Asked KeptSecrets::asked(const std::string& account, store::PlanPart part) {
  const std::lock_guard lock(accounts_mutex_);
  return accounts_.asked(account, part);
}

void KeptSecrets::set_asked(const std::string& account, store::PlanPart part,
                            const store::Asked& asked) {
  const std::lock_guard lock(accounts_mutex_);
  accounts_.set_asked(account, part, asked);
}

void KeptSecrets::set_closed_until(const std::string& account, base::UtcTime until) {
  const std::lock_guard lock(accounts_mutex_);
  accounts_.set_closed_until(account, until);
}

store::SignInState KeptSecrets::sign_in_state(const std::string& account) {
  const std::lock_guard lock(accounts_mutex_);
  return accounts_.sign_in_state(account);
}

void KeptSecrets::set_sign_in_state(const std::string& account, const store::SignInState& state) {
  const std::lock_guard lock(accounts_mutex_);
  accounts_.set_sign_in_state(account, state);
}

}  // namespace app
