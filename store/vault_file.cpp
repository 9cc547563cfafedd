#include "store/vault_file.hpp"

#include <system_error>
#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/write_file.hpp"
#include "store/private_file.hpp"
#include "store/vault_lock.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;
namespace fs = std::filesystem;

}  // namespace

fs::path FileVault::file_in(const fs::path& directory) { return directory / "vault.esimctl"; }

FileVault::FileVault(fs::path directory, Passphrase passphrase, std::uint8_t cost)
    : directory_(std::move(directory)),
      file_(file_in(directory_)),
      passphrase_(std::move(passphrase)),
      cost_(cost) {}

void FileVault::derive(const Derivation& derivation, PassphraseFor purpose) {
  if (!key_.empty() && derivation_ == derivation) return;
  const auto passphrase = passphrase_(purpose);
  if (passphrase.empty()) {
    throw Error(ErrorKind::sign_in, "secrets.no-passphrase",
                "there is no passphrase for the file of secrets: it would be an empty one");
  }
  key_ = derive_key(derivation, passphrase);
  derivation_ = derivation;
}

std::optional<SecretEntries> FileVault::read() {
  const auto octets = read_private_file(file_, longest_sealed);
  if (!octets) return std::nullopt;
  require_private_directory(directory_);
  const auto sealed = read_sealed(*octets);
  derive(sealed.derivation, PassphraseFor::file_there);
  try {
    const auto text = unseal(sealed, key_);
    auto entries = read_secret_entries(text.reveal());
    if (entries) return entries;
  } catch (const Error& error) {
    if (error.code() == "secrets.wrong-passphrase") key_ = base::Secret();  // it is asked for again
    throw;
  }
  throw Error(ErrorKind::failure, "secrets.damaged",
              "the file of secrets is damaged: another program has written it");
}

/// Nobody is kept waiting while the passphrase is asked for: that is before the lock.
void FileVault::change(const std::function<bool(SecretEntries&)>& work) {
  make_private_directory(directory_);
  if (!read() && key_.empty()) derive(new_derivation(cost_), PassphraseFor::new_file);
  const auto held = lock_vault(directory_);
  auto entries = read().value_or(SecretEntries());
  if (!work(entries)) return;
  const auto octets = seal(derivation_, key_, to_octets(entries));
  try {
    base::replace_file(file_, {reinterpret_cast<const char*>(octets.data()), octets.size()});
  } catch (const std::system_error& error) {
    throw cannot_write(file_, error.code());
  }
}

std::optional<base::Secret> FileVault::get(std::string_view name) {
  require_secret_name(name);
  auto entries = read();
  if (!entries) return std::nullopt;
  const auto found = entries->find(name);
  if (found == entries->end()) return std::nullopt;
  return std::move(found->second);
}

void FileVault::put(std::string_view name, const base::Secret& secret) {
  require_secret_name(name);
  require_secret_value(secret);
  change([&](SecretEntries& entries) {
    const auto found = entries.find(name);
    if (found != entries.end() && found->second.reveal() == secret.reveal()) return false;
    entries.insert_or_assign(std::string(name), base::Secret(std::string(secret.reveal())));
    return true;
  });
}

bool FileVault::erase(std::string_view name) {
  require_secret_name(name);
  if (!get(name)) return false;
  bool erased = false;
  change([&](SecretEntries& entries) {
    const auto found = entries.find(name);
    if (found == entries.end()) return false;
    entries.erase(found);
    erased = true;
    return true;
  });
  return erased;
}

std::vector<std::string> FileVault::names() {
  std::vector<std::string> names;
  for (const auto& [name, secret] : read().value_or(SecretEntries())) names.push_back(name);
  return names;
}

}  // namespace store
