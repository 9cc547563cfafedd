#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/shared_library.hpp"
#include "store/passphrase.hpp"
#include "store/vault.hpp"

namespace store {

enum class VaultKind : std::uint8_t { file, secret_service };

/// Where secrets are kept, as was chosen in this directory; empty: nobody has chosen yet. A file of
/// secrets that is there is a choice. Throws as read_private_file, and Error `secrets.unavailable`
/// (sign_in) for a place that this esimctl does not know.
std::optional<VaultKind> chosen_vault(const std::filesystem::path& directory);

/// Writes the choice down (`vault.place`, 0600), once and for all. Throws Error `secrets.chosen`
/// (usage) when another was made, `secrets.busy` and `secrets.failed` (failure).
void choose_vault(const std::filesystem::path& directory, VaultKind kind);

/// The one that was chosen and never another; null: nobody has chosen yet. Throws as chosen_vault.
std::unique_ptr<Vault> open_vault(const std::filesystem::path& directory, Passphrase passphrase,
                                  base::OpenLibrary open = base::SharedLibrary::open);

}  // namespace store
