#include "app/kept_secrets.hpp"

namespace app {

std::optional<base::Secret> KeptSecrets::get(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return vault_ != nullptr ? vault_->get(name) : std::nullopt;
}

void KeptSecrets::put(const std::string& name, const base::Secret& secret) {
  const std::lock_guard lock(mutex_);
  if (vault_ != nullptr) vault_->put(name, secret);
}

void KeptSecrets::erase(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (vault_ != nullptr) vault_->erase(name);
}

store::Attempts KeptSecrets::attempts(const std::string& account) {
  const std::lock_guard lock(mutex_);
  return accounts_.attempts(account);
}

void KeptSecrets::set_attempts(const std::string& account, const store::Attempts& attempts) {
  const std::lock_guard lock(mutex_);
  accounts_.set_attempts(account, attempts);
}

store::Asked KeptSecrets::asked(const std::string& account, store::PlanPart part) {
  const std::lock_guard lock(mutex_);
  return accounts_.asked(account, part);
}

void KeptSecrets::set_asked(const std::string& account, store::PlanPart part,
                            const store::Asked& asked) {
  const std::lock_guard lock(mutex_);
  accounts_.set_asked(account, part, asked);
}

void KeptSecrets::set_closed_until(const std::string& account, base::UtcTime until) {
  const std::lock_guard lock(mutex_);
  accounts_.set_closed_until(account, until);
}

store::SignInState KeptSecrets::sign_in_state(const std::string& account) {
  const std::lock_guard lock(mutex_);
  return accounts_.sign_in_state(account);
}

void KeptSecrets::set_sign_in_state(const std::string& account, const store::SignInState& state) {
  const std::lock_guard lock(mutex_);
  accounts_.set_sign_in_state(account, state);
}

}  // namespace app
