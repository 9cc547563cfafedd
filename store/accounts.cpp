#include "store/accounts.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace store {
namespace {

using namespace std::string_view_literals;

/// Times are text as RFC 3339 has it, sources of codes their names.
constexpr std::array migrations{// 1
                                R"(
CREATE TABLE account (
  name TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  codes TEXT NOT NULL,
  host TEXT NOT NULL,
  ca TEXT NOT NULL,
  added_at TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  not_before TEXT,
  credentials_refused INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER,
  known_until TEXT
) STRICT;
CREATE TABLE account_value (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (account, name)
) STRICT;
CREATE TABLE code_command (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (account, place)
) STRICT;
)"sv,
                                // 2
                                R"(
ALTER TABLE account ADD COLUMN closed_until TEXT;
CREATE TABLE asked (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  part TEXT NOT NULL,
  at TEXT,
  whole TEXT,
  PRIMARY KEY (account, part)
) STRICT;
CREATE TABLE line_link (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  line TEXT NOT NULL,
  iccid TEXT NOT NULL,
  PRIMARY KEY (account, line)
) STRICT;
UPDATE account SET codes = codes || ',prompt' WHERE codes <> 'prompt';
CREATE TABLE sign_in_state (
  account TEXT PRIMARY KEY REFERENCES account (name) ON DELETE CASCADE,
  signed_in INTEGER NOT NULL,
  ends TEXT,
  pending_medium TEXT,
  pending_target TEXT,
  pending_ends TEXT,
  pending_tries INTEGER
) STRICT;
)"sv,
                                // 3
                                R"(
CREATE TABLE line_counter (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  line TEXT NOT NULL,
  counter TEXT NOT NULL,
  PRIMARY KEY (account, line)
) STRICT;
)"sv};

constexpr std::array parts{"usage"sv, "balance"sv};

[[noreturn]] void refuse(std::string_view what, const std::string& text) {
  throw base::Error(
      base::ErrorKind::failure, "store.corrupt",
      fmt::format("the accounts have “{}” where {} should be", base::clean(text), what));
}

std::optional<base::UtcTime> time_at(const Row& row, int column) {
  if (row.null(column)) return std::nullopt;
  const auto time = base::from_rfc3339(row.text(column));
  if (!time) refuse("a time", row.text(column));
  return time;
}

std::vector<CodeSource> sources_at(const Row& row, int column) {
  auto sources = code_sources(row.text(column));
  if (!sources) refuse("sources of codes", row.text(column));
  return *std::move(sources);
}

std::string to_text(const std::vector<CodeSource>& codes) {
  std::string text;
  for (const auto each : codes) {
    if (!text.empty()) text += ',';
    text += to_string(each);
  }
  return text;
}

/// A time for a statement, for as long as it is run.
class BoundTime {
 public:
  explicit BoundTime(const std::optional<base::UtcTime>& time)
      : text_(time ? base::to_rfc3339(*time) : std::string()) {}
  [[nodiscard]] Value value() const { return text_.empty() ? Value(nullptr) : Value(text_); }

 private:
  std::string text_;
};

}  // namespace

std::optional<std::vector<CodeSource>> code_sources(std::string_view text) {
  std::vector<CodeSource> made;
  for (;;) {
    const auto word = text.substr(0, text.find(','));
    const auto* const found = std::ranges::find(code_source_names, word);
    if (found == code_source_names.end()) return std::nullopt;
    made.push_back(static_cast<CodeSource>(found - code_source_names.begin()));
    if (word.size() == text.size()) return made;
    text.remove_prefix(word.size() + 1);
  }
}

std::filesystem::path Accounts::file_in(const std::filesystem::path& directory) {
  return directory / "accounts.db";
}

bool Accounts::there(const std::filesystem::path& directory) {
  std::error_code error;
  return !directory.empty() && std::filesystem::exists(file_in(directory), error);
}

Accounts Accounts::open(const std::filesystem::path& directory, const Note& note) {
  return Accounts(Database::open(file_in(directory), migrations, note));
}

Accounts Accounts::open_existing(const std::filesystem::path& directory) {
  auto database = Database::open_existing(file_in(directory), migrations);
  // A new account is there for good; how the others were asked may be lost with the power.
  database.run("PRAGMA synchronous = NORMAL");
  return Accounts(std::move(database));
}

std::vector<Account> Accounts::all() {
  std::vector<Account> found;
  database_.run("SELECT name, provider, codes, added_at, host, ca FROM account ORDER BY name", {},
                [&](const Row& row) {
                  found.push_back({.name = row.text(0),
                                   .provider = row.text(1),
                                   .codes = sources_at(row, 2),
                                   .host = row.text(4),
                                   .ca = row.text(5),
                                   .added_at = *time_at(row, 3)});
                });
  for (auto& account : found) {
    database_.run("SELECT name, value FROM account_value WHERE account = ?", {account.name},
                  [&](const Row& row) { account.values[row.text(0)] = row.text(1); });
    database_.run("SELECT word FROM code_command WHERE account = ? ORDER BY place", {account.name},
                  [&](const Row& row) { account.command.push_back(row.text(0)); });
  }
  return found;
}

std::optional<Account> Accounts::find(std::string_view name) {
  for (auto& account : all()) {
    if (account.name == name) return std::move(account);
  }
  return std::nullopt;
}

void Accounts::add(const Account& account) {
  database_.in_transaction([&] {
    if (find(account.name)) {
      throw base::Error(base::ErrorKind::usage, "account.exists",
                        fmt::format("there is an account “{}” already", base::clean(account.name)))
          .hint("give this one another name, or remove that one first");
    }
    const auto added = base::to_rfc3339(account.added_at);
    const auto codes = to_text(account.codes);
    database_.run(
        "INSERT INTO account (name, provider, codes, added_at, host, ca) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        {account.name, account.provider, codes, added, account.host, account.ca});
    for (const auto& [name, value] : account.values) {
      database_.run("INSERT INTO account_value (account, name, value) VALUES (?, ?, ?)",
                    {account.name, name, value});
    }
    std::int64_t place = 0;
    for (const auto& word : account.command) {
      database_.run("INSERT INTO code_command (account, place, word) VALUES (?, ?, ?)",
                    {account.name, place++, word});
    }
  });
}

bool Accounts::remove(std::string_view name) {
  bool removed = false;
  database_.in_transaction([&] {
    for (const auto* table :
         {"account_value", "code_command", "asked", "line_link", "line_counter", "sign_in_state"})
      database_.run(fmt::format("DELETE FROM {} WHERE account = ?", table), {name});
    database_.run("DELETE FROM account WHERE name = ?", {name});
    removed = database_.changed_rows() > 0;
  });
  return removed;
}

Attempts Accounts::attempts(std::string_view name) {
  Attempts made;
  database_.run(
      "SELECT failures, not_before, credentials_refused, last_step, known_until FROM account "
      "WHERE name = ?",
      {name}, [&](const Row& row) {
        made.failures = static_cast<std::uint64_t>(row.number(0));
        made.not_before = time_at(row, 1);
        made.credentials_refused = row.number(2) != 0;
        if (!row.null(3)) made.last_step = static_cast<std::uint64_t>(row.number(3));
        made.known_until = time_at(row, 4);
      });
  return made;
}

void Accounts::set_attempts(std::string_view name, const Attempts& attempts) {
  const BoundTime not_before(attempts.not_before);
  const BoundTime known_until(attempts.known_until);
  const Value last_step =
      attempts.last_step ? Value(static_cast<std::int64_t>(*attempts.last_step)) : Value(nullptr);
  database_.run(
      "UPDATE account SET failures = ?, not_before = ?, credentials_refused = ?, last_step = ?, "
      "known_until = ? WHERE name = ?",
      {static_cast<std::int64_t>(attempts.failures), not_before.value(),
       std::int64_t{attempts.credentials_refused}, last_step, known_until.value(), name});
}

Asked Accounts::asked(std::string_view name, PlanPart part) {
  Asked found;
  database_.run("SELECT at, whole FROM asked WHERE account = ? AND part = ?",
                {name, parts.at(static_cast<std::size_t>(part))},
                [&](const Row& row) { found = {.at = time_at(row, 0), .whole = time_at(row, 1)}; });
  return found;
}

void Accounts::set_asked(std::string_view name, PlanPart part, const Asked& asked) {
  const BoundTime at(asked.at);
  const BoundTime whole(asked.whole);
  // Of an account that another process has removed meanwhile, nothing is kept.
  database_.run(
      "INSERT OR REPLACE INTO asked (account, part, at, whole) "
      "SELECT name, ?, ?, ? FROM account WHERE name = ?",
      {parts.at(static_cast<std::size_t>(part)), at.value(), whole.value(), name});
}

std::optional<base::UtcTime> Accounts::closed_until(std::string_view name) {
  std::optional<base::UtcTime> until;
  database_.run("SELECT closed_until FROM account WHERE name = ?", {name},
                [&](const Row& row) { until = time_at(row, 0); });
  return until;
}

void Accounts::set_closed_until(std::string_view name, const std::optional<base::UtcTime>& until) {
  const BoundTime bound(until);
  database_.run("UPDATE account SET closed_until = ? WHERE name = ?", {bound.value(), name});
}

std::vector<LineLink> Accounts::links() {
  std::vector<LineLink> found;
  database_.run(
      "SELECT account, line, iccid FROM line_link ORDER BY account, line", {}, [&](const Row& row) {
        found.push_back({.account = row.text(0), .line = row.text(1), .iccid = row.text(2)});
      });
  return found;
}

void Accounts::link(const std::vector<LineLink>& made, const std::vector<LineLink>& gone) {
  database_.in_transaction([&] {
    for (const auto& each : gone) unlink(each.account, each.line);
    for (const auto& each : made) {
      database_.run("INSERT OR REPLACE INTO line_link (account, line, iccid) VALUES (?, ?, ?)",
                    {each.account, each.line, each.iccid});
    }
  });
}

bool Accounts::unlink(std::string_view account, std::string_view line) {
  database_.run("DELETE FROM line_link WHERE account = ? AND line = ?", {account, line});
  return database_.changed_rows() > 0;
}

std::vector<LineCounter> Accounts::counters() {
  std::vector<LineCounter> found;
  database_.run(
      "SELECT account, line, counter FROM line_counter ORDER BY account, line", {},
      [&](const Row& row) {
        found.push_back({.account = row.text(0), .line = row.text(1), .counter = row.text(2)});
      });
  return found;
}

void Accounts::link_counter(const LineCounter& made) {
  database_.run("INSERT OR REPLACE INTO line_counter (account, line, counter) VALUES (?, ?, ?)",
                {made.account, made.line, made.counter});
}

bool Accounts::unlink_counter(std::string_view account, std::string_view line) {
  database_.run("DELETE FROM line_counter WHERE account = ? AND line = ?", {account, line});
  return database_.changed_rows() > 0;
}

SignInState Accounts::sign_in_state(std::string_view name) {
  SignInState state;
  database_.run(
      "SELECT signed_in, ends, pending_medium, pending_target, pending_ends, pending_tries "
      "FROM sign_in_state WHERE account = ?",
      {name}, [&](const Row& row) {
        state.signed_in = row.number(0) != 0;
        state.ends = time_at(row, 1);
        if (row.null(2)) return;
        state.pending = PendingCode{.medium = row.text(2),
                                    .target = row.text(3),
                                    .ends = time_at(row, 4),
                                    .tries_left = static_cast<unsigned>(row.number(5))};
      });
  return state;
}

void Accounts::set_sign_in_state(std::string_view name, const SignInState& state) {
  const BoundTime ends(state.ends);
  const auto pending = state.pending.value_or(PendingCode());
  const BoundTime pending_ends(pending.ends);
  const auto if_pending = [&](Value value) { return state.pending ? value : Value(nullptr); };
  database_.run(
      "INSERT INTO sign_in_state (account, signed_in, ends, pending_medium, pending_target, "
      "pending_ends, pending_tries) SELECT name, ?, ?, ?, ?, ?, ? FROM account WHERE name = ? "
      "ON CONFLICT (account) DO UPDATE SET signed_in = excluded.signed_in, ends = excluded.ends, "
      "pending_medium = excluded.pending_medium, pending_target = excluded.pending_target, "
      "pending_ends = excluded.pending_ends, pending_tries = excluded.pending_tries",
      {std::int64_t{state.signed_in}, ends.value(), if_pending(pending.medium),
       if_pending(pending.target), pending_ends.value(),
       if_pending(static_cast<std::int64_t>(pending.tries_left)), name});
}

}  // namespace store
