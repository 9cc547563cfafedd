#include "app/secrets.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/store.hpp"
#include "base/error.hpp"
#include "base/program.hpp"
#include "store/secret_service.hpp"
#include "store/unlock_command.hpp"
#include "store/vault_file.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;

constexpr auto set_anew =
    "`esimctl account unlock --command PROGRAM` names another program, and --none has the "
    "passphrase "
    "typed";

base::Secret printed_passphrase(const std::vector<std::string>& command) {
  try {
    return store::passphrase_of_command(command);
  } catch (Error& error) {
    throw error.hint(set_anew);
  }
}

base::Secret passphrase(const World& world, Asker& asker, store::PassphraseFor purpose) {
  if (auto given = credential(world)) return *std::move(given);
  const auto command = store::unlock_command(world.state_directory);
  if (!command.empty()) return printed_passphrase(command);
  if (asker.can_ask()) return asker.passphrase(purpose);
  throw Error(ErrorKind::sign_in, "secrets.no-passphrase",
              "nobody is here to type the passphrase of the file of secrets")
      .hint("on a terminal it is asked for")
      .hint("`esimctl account unlock --command PROGRAM` names a program that prints it")
      .hint("a unit of systemd gets it as the credential `esimctl` (LoadCredentialEncrypted=)");
}

/// A file that is there is opened at once, where what is wrong can be told by its cause.
std::unique_ptr<store::Vault> opened(const World& world, std::unique_ptr<store::Vault> vault) {
  std::error_code none;
  if (!std::filesystem::exists(store::FileVault::file_in(world.state_directory), none))
    return vault;
  try {
    static_cast<void>(vault->names());
  } catch (Error& error) {
    if (error.code() != "secrets.wrong-passphrase") throw;
    const auto command = store::unlock_command(world.state_directory);
    if (credential(world)) throw error.hint("it is the one of systemd's credential `esimctl`");
    if (command.empty()) throw;
    error.hint(fmt::format("{} has printed it", base::shown_program(command)));
    throw error.hint(set_anew);
  }
  return vault;
}

/// The keyring can be used here and now.
bool keyring_answers(const World& world) {
  try {
    static_cast<void>(store::SecretService(world.open_library).names());
    return true;
  } catch (const Error& error) {
    if (error.code() != "secrets.unavailable") throw;
    return false;
  }
}

}  // namespace

std::optional<base::Secret> credential(const World& world) {
  if (world.credentials_directory.empty()) return std::nullopt;
  return store::passphrase_of_systemd(world.credentials_directory);
}

std::unique_ptr<store::Vault> open_secrets(const World& world, Asker& asker,
                                           std::optional<store::VaultKind> kind) {
  static_cast<void>(journal_file(world));
  const auto& directory = world.state_directory;
  const auto give = [&world, &asker](store::PassphraseFor purpose) {
    return passphrase(world, asker, purpose);
  };
  if (!store::chosen_vault(directory)) {
    // A file is chosen by its being written, so that nothing is when nobody gives a passphrase.
    if (kind.value_or(store::VaultKind::file) == store::VaultKind::file &&
        (kind || !keyring_answers(world))) {
      return std::make_unique<store::FileVault>(directory, give);
    }
    kind = store::VaultKind::secret_service;
  }
  if (kind) store::choose_vault(directory, *kind);
  return opened(world, store::open_vault(directory, give, world.open_library));
}

bool open_by_themselves(const World& world) {
  return store::chosen_vault(world.state_directory) == store::VaultKind::file &&
         (credential(world) || !store::unlock_command(world.state_directory).empty());
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
