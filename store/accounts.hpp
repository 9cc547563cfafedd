#pragma once

#include <array>
#include <cstddef>
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

/// As files, commands and JSON have them.
constexpr std::array<std::string_view, 3> code_source_names{"prompt", "totp", "command"};
constexpr std::string_view to_string(CodeSource source) {
  return code_source_names.at(static_cast<std::size_t>(source));
}

/// "totp,prompt"; empty for another text.
std::optional<std::vector<CodeSource>> code_sources(std::string_view text);

/// An account at a provider; its secrets are in the vault.
struct Account {
  std::string name;
  std::string provider;
  std::map<std::string, std::string> values{};        ///< those that are no secret
  std::vector<CodeSource> codes{CodeSource::prompt};  ///< in the order in which they are tried
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

/// What a provider is asked for about an account; each has a throttle of its own.
enum class PlanPart : std::uint8_t { usage, balance };

/// How a part of an account was asked; it outlives the program.
struct Asked {
  std::optional<base::UtcTime> at{};     ///< the last time, whatever came of it
  std::optional<base::UtcTime> whole{};  ///< when the last one that told everything began
  bool operator==(const Asked&) const = default;
};

/// The profile that the user says is behind a line.
struct LineLink {
  std::string account;
  std::string line;   ///< as line_key has it
  std::string iccid;  ///< as printed on a card
  bool operator==(const LineLink&) const = default;
};

/// The counter of this machine that the user says counts what goes through a line.
struct LineCounter {
  std::string account;
  std::string line;     ///< as line_key has it
  std::string counter;  ///< the name of a network interface
  bool operator==(const LineCounter&) const = default;
};

/// A code that a provider waits for, as far as it may be shown; the rest is in the vault.
struct PendingCode {
  std::string medium;  ///< `totp`, `sms`, `email` or `any`
  std::string target;  ///< masked; empty: not told
  std::optional<base::UtcTime> ends{};
  unsigned tries_left = 0;

  friend bool operator==(const PendingCode&, const PendingCode&) = default;
};

/// How an account stands with its provider, as the last sign-in left it; the session itself is in
/// the vault.
struct SignInState {
  bool signed_in = false;
  std::optional<base::UtcTime> ends{};  ///< of the session; empty: not known, or there is none
  std::optional<PendingCode> pending{};

  friend bool operator==(const SignInState&, const SignInState&) = default;
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

  /// Of a part that was never asked, all is empty.
  Asked asked(std::string_view name, PlanPart part);
  void set_asked(std::string_view name, PlanPart part, const Asked& asked);

  /// Until when the provider wants no more requests of that account.
  std::optional<base::UtcTime> closed_until(std::string_view name);
  void set_closed_until(std::string_view name, const std::optional<base::UtcTime>& until);

  /// By account and line.
  std::vector<LineLink> links();
  /// All of them in place of those of the same lines, and of `gone`.
  void link(const std::vector<LineLink>& made, const std::vector<LineLink>& gone);
  bool unlink(std::string_view account, std::string_view line);

  /// The same of counters; one may be that of several lines.
  std::vector<LineCounter> counters();
  void link_counter(const LineCounter& made);
  bool unlink_counter(std::string_view account, std::string_view line);

  /// Of an account that never signed in, all is empty.
  SignInState sign_in_state(std::string_view name);
  void set_sign_in_state(std::string_view name, const SignInState& state);

 private:
  explicit Accounts(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace store
