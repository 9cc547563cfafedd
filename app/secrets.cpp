#include "app/secrets.hpp"

#include "app/store.hpp"
#include "base/error.hpp"
#include "store/secret_service.hpp"

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

/// The keyring when it can be used here and now.
store::VaultKind preferred(const World& world) {
  try {
    static_cast<void>(store::SecretService(world.open_library).names());
    return store::VaultKind::secret_service;
  } catch (const base::Error& error) {
    if (error.code() != "secrets.unavailable") throw;
    return store::VaultKind::file;
  }
}

}  // namespace

std::unique_ptr<store::Vault> open_secrets(const World& world, Asker& asker,
                                           std::optional<store::VaultKind> kind) {
  static_cast<void>(journal_file(world));
  const auto& directory = world.state_directory;
  const auto passphrase = passphrase_of(world, asker);
  if (!store::chosen_vault(directory) || kind)
    store::choose_vault(directory, kind ? *kind : preferred(world));
  return store::open_vault(directory, passphrase, world.open_library);
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
