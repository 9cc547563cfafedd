#include "store/vault_choice.hpp"

#include <array>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/write_file.hpp"
#include "store/private_file.hpp"
#include "store/secret_service.hpp"
#include "store/vault_file.hpp"
#include "store/vault_lock.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;
namespace fs = std::filesystem;

constexpr std::size_t longest_choice = 100;

struct Place {
  VaultKind kind;
  std::string_view word;  ///< in the file
  std::string_view name;
};

constexpr auto places = std::to_array<Place>({
    {VaultKind::file, "file\n", "a file under a passphrase"},
    {VaultKind::secret_service, "secret-service\n", "the desktop's keyring"},
});

const Place& place_of(VaultKind kind) { return kind == places[0].kind ? places[0] : places[1]; }

fs::path file_in(const fs::path& directory) { return directory / "vault.place"; }

}  // namespace

std::optional<VaultKind> chosen_vault(const fs::path& directory) {
  const auto octets = read_private_file(file_in(directory), longest_choice);
  if (!octets) {
    std::error_code error;
    const auto status = fs::symlink_status(FileVault::file_in(directory), error);
    return fs::exists(status) ? std::optional(VaultKind::file) : std::nullopt;
  }
  require_private_directory(directory);
  const std::string text(octets->begin(), octets->end());
  for (const auto& place : places) {
    if (place.word == text) return place.kind;
  }
  throw Error(ErrorKind::sign_in, "secrets.unavailable",
              fmt::format("{} names a place for secrets that this esimctl does not know",
                          base::clean(file_in(directory).string(), 1000)))
      .hint("use the esimctl that wrote it");
}

void choose_vault(const fs::path& directory, VaultKind kind) {
  const auto held = lock_vault(directory);
  const auto chosen = chosen_vault(directory);
  if (chosen && *chosen != kind) {
    throw Error(ErrorKind::usage, "secrets.chosen",
                fmt::format("secrets are kept in {} already", place_of(*chosen).name))
        .hint("sign out of all accounts there first: a secret is never kept in two places");
  }
  try {
    base::replace_file(file_in(directory), place_of(kind).word);
  } catch (const std::system_error& error) {
    throw cannot_write(file_in(directory), error.code());
  }
}

std::unique_ptr<Vault> open_vault(const fs::path& directory, Passphrase passphrase,
                                  base::OpenLibrary open) {
  const auto chosen = chosen_vault(directory);
  if (!chosen) return nullptr;
  if (*chosen == VaultKind::secret_service) return std::make_unique<SecretService>(std::move(open));
  return std::make_unique<FileVault>(directory, std::move(passphrase));
}

}  // namespace store
