#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/asker.hpp"
#include "app/world.hpp"
#include "base/secret.hpp"
#include "store/vault.hpp"
#include "store/vault_choice.hpp"

namespace app {

/// The vault of this user. When nobody has chosen one yet, `kind` is, or else the keyring of the
/// desktop where there is one, or else a file under a passphrase. The passphrase comes from systemd
/// (the credential `esimctl`), from the program that was named for it, or is asked for; when the
/// first of these that is there fails, no other is tried.
///
/// Throws Error `store.place` (usage) without a directory for what is kept, and as
/// store::open_vault.
std::unique_ptr<store::Vault> open_secrets(const World& world, Asker& asker,
                                           std::optional<store::VaultKind> kind = {});

/// Whether it can be opened now without anybody: it is a file, and something other than a person
/// gives its passphrase.
bool open_by_themselves(const World& world);

/// The passphrase that systemd hands over to this process.
std::optional<base::Secret> credential(const World& world);

/// Names in it.
std::string secret_of(const std::string& account, const std::string& value);
std::string device_of(const std::string& account, const std::string& value);
std::string session_of(const std::string& account);
std::string challenge_of(const std::string& account);

}  // namespace app
