#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/asker.hpp"
#include "app/world.hpp"
#include "store/vault_choice.hpp"

/// How the secrets are opened when nobody is there to type a passphrase.
namespace app {

struct Unlocking {
  std::optional<store::VaultKind> kept_in{};  ///< empty: nothing is kept yet
  std::vector<std::string> command{};  ///< the program that prints the passphrase; may be empty
  bool credential = false;             ///< systemd hands it over to this process

  /// Nobody has to type a passphrase.
  [[nodiscard]] bool unattended() const {
    return kept_in == store::VaultKind::secret_service || credential || !command.empty();
  }
};

/// As it is recorded; nothing is opened. Throws as store::chosen_vault and unlock_command.
Unlocking unlocking(const World& world);

/// Runs the program, looks whether what it prints opens the file of secrets, and records it; a file
/// that is yet to be made will be under it. Throws Error `secrets.chosen` (usage) where the keyring
/// is used, which needs no passphrase, and as open_secrets; then nothing is recorded.
void unlock_by(const World& world, const std::vector<std::string>& command);

/// From now on the passphrase is typed, or comes from systemd.
void unlock_by_nothing(const World& world);

/// Opens the secrets without asking anybody. Throws as open_secrets, and Error
/// `secrets.not-there` (not_found) when there are none.
void try_unlocking(const World& world);

/// Asks people once how a new file of secrets is to be opened without them, and tests the answer.
void ask_unlocking(const World& world, Asker& asker);

}  // namespace app
