#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/shared_library.hpp"
#include "store/vault.hpp"

namespace store {

/// Secrets in the desktop's keyring: the Secret Service of freedesktop.org, through libsecret,
/// which is opened when it is needed first. Its keyring may be unlocked by a question of the
/// desktop's own, which is waited for up to two minutes.
///
/// Throws, besides what Vault does, Error `secrets.unavailable` (sign_in) when there is no
/// libsecret, no session bus or no keyring, or it stays locked.
class SecretService final : public Vault {
 public:
  explicit SecretService(base::OpenLibrary open = base::SharedLibrary::open);

  std::optional<base::Secret> get(std::string_view name) override;
  void put(std::string_view name, const base::Secret& secret) override;
  bool erase(std::string_view name) override;
  std::vector<std::string> names() override;

 private:
  base::OpenLibrary open_;
};

}  // namespace store
