#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "store/passphrase.hpp"
#include "store/sealed.hpp"
#include "store/secret_entries.hpp"
#include "store/vault.hpp"

namespace store {

/// Secrets in one file under a passphrase, which is asked for once: `vault.esimctl` (0600) in a
/// directory of ours (0700). Several processes may use it at once; each waits for the others up to
/// ten seconds. Of the passphrase, only the key is kept, in memory.
///
/// Throws, besides what Vault, Passphrase and read_private_file do, Error
/// `secrets.wrong-passphrase` (sign_in); `secrets.damaged`, `secrets.newer`, `secrets.busy`,
/// `secrets.failed` (failure); `secrets.full` (usage). Then the file is as it was.
class FileVault final : public Vault {
 public:
  static std::filesystem::path file_in(const std::filesystem::path& directory);

  /// `cost` is that of a new file.
  FileVault(std::filesystem::path directory, Passphrase passphrase, std::uint8_t cost = usual_cost);

  std::optional<base::Secret> get(std::string_view name) override;
  void put(std::string_view name, const base::Secret& secret) override;
  bool erase(std::string_view name) override;
  std::vector<std::string> names() override;

 private:
  std::optional<SecretEntries> read();
  void change(const std::function<bool(SecretEntries&)>& work);
  void derive(const Derivation& derivation, PassphraseFor purpose);

  std::filesystem::path directory_;
  std::filesystem::path file_;
  Passphrase passphrase_;
  std::uint8_t cost_;
  Derivation derivation_;  ///< of `key_`
  base::Secret key_;       ///< empty: not derived yet
};

}  // namespace store
