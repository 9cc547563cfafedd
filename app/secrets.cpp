#include "app/secrets.hpp"

#include <utility>

#include "app/store.hpp"
#include "base/error.hpp"
#include "store/secret_service.hpp"
#include "store/vault_file.hpp"

namespace app {
namespace {

store::Passphrase passphrase_of(const World& world, Asker& asker) {
  return [&world, &asker](store::PassphraseFor purpose) {
    if (!world.credentials_directory.empty()) {
      if (auto given = store::passphrase_of_systemd(world.credentials_directory))
        return *std::move(given);
    }
    return asker.passphrase(purpose);
  };
}

/// The keyring can be used here and now.
bool keyring_answers(const World& world) {
  try {
    static_cast<void>(store::SecretService(world.open_library).names());
    return true;
  } catch (const base::Error& error) {
    if (error.code() != "secrets.unavailable") throw;
    return false;
  }
}

}  // namespace

std::unique_ptr<store::Vault> open_secrets(const World& world, Asker& asker,
                                           std::optional<store::VaultKind> kind) {
  static_cast<void>(journal_file(world));
  const auto& directory = world.state_directory;
  auto passphrase = passphrase_of(world, asker);
  if (!store::chosen_vault(directory)) {
    // A file is chosen by its being written, so that nothing is when nobody gives a passphrase.
    if (kind.value_or(store::VaultKind::file) == store::VaultKind::file &&
        (kind || !keyring_answers(world))) {
      return std::make_unique<store::FileVault>(directory, std::move(passphrase));
    }
    kind = store::VaultKind::secret_service;
  }
  if (kind) store::choose_vault(directory, *kind);
  return store::open_vault(directory, std::move(passphrase), world.open_library);
}

std::string secret_of(const std::string& account, const std::string& value) {
  return "account/" + account + "/" + value;
}
std::string device_of(const std::string& account, const std::string& value) {
  return "device/" + account + "/" + value;
}
std::string session_of(const std::string& account) { return "session/" + account; }
std::string challenge_of(const std::string& account) { return "challenge/" + account; }

}  // namespace app
