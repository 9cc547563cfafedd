#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/utc.hpp"
#include "store/database.hpp"

namespace store {

/// Where one-time codes of an account come from.
enum class CodeSource : std::uint8_t {
  prompt,  ///< the user is asked
  totp,    ///< a secret in the vault
  command  ///< a program prints them
};

/// An account at a provider; its secrets are in the vault.
struct Account {
  std::string name;
  std::string provider;
  std::map<std::string, std::string> values{};  ///< those that are no secret
  CodeSource codes = CodeSource::prompt;
  std::vector<std::string> command{};  ///< with CodeSource::command: program and arguments
  std::string host{};  ///< asked in place of the provider's, to try it out; empty: the provider's
  std::string ca{};    ///< file of certificates that `host` is known by
  base::UtcTime added_at;
};

/// What attempts to sign in have left behind; it outlives the program.
struct Attempts {
  std::uint64_t failures = 0;                  ///< since the last success
  std::optional<base::UtcTime> not_before{};   ///< nothing is tried until then
  bool credentials_refused = false;            ///< nothing is tried until the user says so
  std::optional<std::uint64_t> last_step{};    ///< of time, that a code was made for
  std::optional<base::UtcTime> known_until{};  ///< the provider knows this device until then
};

/// Accounts, in a database. Throws as Database.
class Accounts {
 public:
  static std::filesystem::path file_in(const std::filesystem::path& directory);
  static bool there(const std::filesystem::path& directory);

  /// As Database::open and Database::open_existing.
  static Accounts open(const std::filesystem::path& directory, const Note& note);
  static Accounts open_existing(const std::filesystem::path& directory);

  /// By name, in its order.
  std::vector<Account> all();
  std::optional<Account> find(std::string_view name);

  /// Throws Error `account.exists` (usage) when there is one of that name.
  void add(const Account& account);
  bool remove(std::string_view name);

  /// Of an account without any, all is empty.
  Attempts attempts(std::string_view name);
  void set_attempts(std::string_view name, const Attempts& attempts);

 private:
  explicit Accounts(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace store
