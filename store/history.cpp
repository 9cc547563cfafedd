#include "store/history.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace store {
namespace {

using namespace std::string_view_literals;

/// Lines are known by line_key; times are text as RFC 3339 has it.
constexpr std::array migrations{// 1
                                R"(
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  line TEXT NOT NULL,
  iccid TEXT, eid TEXT, msisdn TEXT, imsi TEXT, provider_id TEXT,
  plan TEXT,
  expires_at TEXT,
  cycle_rule TEXT, cycle_start TEXT, cycle_end TEXT, cycle_zone TEXT,
  limit_kind TEXT NOT NULL,
  limit_bytes INTEGER,
  at_limit TEXT NOT NULL,
  used_bytes INTEGER,
  remaining_bytes INTEGER,
  as_of TEXT,
  fetched_at TEXT NOT NULL,
  source TEXT NOT NULL,
  confidence TEXT NOT NULL
) STRICT;
CREATE INDEX snapshot_line ON snapshot (account, line, id);
CREATE TABLE balance (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  amount TEXT NOT NULL,
  currency TEXT NOT NULL,
  fetched_at TEXT NOT NULL
) STRICT;
CREATE INDEX balance_account ON balance (account, id);
)"sv};

constexpr std::array rules{"monthly"sv, "weekly"sv, "daily"sv, "once"sv, "none"sv};
constexpr std::array behaviours{"unknown"sv, "throttled"sv, "billed"sv, "disabled"sv};
constexpr std::array limit_kinds{"unknown"sv, "bytes"sv, "unlimited"sv};

[[noreturn]] void refuse(std::string_view what, const std::string& text) {
  throw base::Error(
      base::ErrorKind::failure, "store.corrupt",
      fmt::format("the history has “{}” where {} should be", base::clean(text), what));
}

template <std::size_t Count>
std::size_t index_of(const std::array<std::string_view, Count>& names, const std::string& text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) refuse("another word", text);
  return static_cast<std::size_t>(found - names.begin());
}

/// Text for a statement that may be missing, for as long as it is run.
class Bound {
 public:
  Bound(const std::optional<std::string>& text) : text_(text) {}
  Bound(const std::optional<base::UtcTime>& time) {
    if (time) text_ = base::to_rfc3339(*time);
  }
  operator Value() const { return text_ ? Value(*text_) : Value(nullptr); }

 private:
  std::optional<std::string> text_;
};

Value bytes(const std::optional<usage::DataSize>& size) {
  return size ? Value(size->bytes()) : Value(nullptr);
}

std::optional<std::string> text_at(const Row& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(row.text(column));
}

std::optional<base::UtcTime> time_at(const Row& row, int column) {
  if (row.null(column)) return std::nullopt;
  const auto time = base::from_rfc3339(row.text(column));
  if (!time) refuse("a time", row.text(column));
  return time;
}

std::optional<usage::DataSize> size_at(const Row& row, int column) {
  if (row.null(column)) return std::nullopt;
  if (row.number(column) < 0) refuse("an amount of data", std::to_string(row.number(column)));
  return usage::DataSize::of_bytes(row.number(column));
}

usage::Snapshot snapshot_of(const Row& row) {
  usage::Snapshot made{};
  made.line = {.iccid = text_at(row, 1),
               .eid = text_at(row, 2),
               .msisdn = text_at(row, 3),
               .imsi = text_at(row, 4),
               .provider_id = text_at(row, 5)};
  made.plan = text_at(row, 6);
  made.expires_at = time_at(row, 7);
  if (!row.null(8)) {
    made.cycle = usage::Cycle{.rule = static_cast<usage::CycleRule>(index_of(rules, row.text(8))),
                              .start = time_at(row, 9),
                              .end = time_at(row, 10),
                              .zone = row.text(11)};
  }
  const auto kind = index_of(limit_kinds, row.text(12));
  if (kind == 1) made.limit = size_at(row, 13).value_or(usage::DataSize());
  if (kind == 2) made.limit = usage::Unlimited{};
  made.limit_behaviour = static_cast<usage::LimitBehaviour>(index_of(behaviours, row.text(14)));
  made.used = size_at(row, 15);
  made.remaining = size_at(row, 16);
  made.as_of = time_at(row, 17);
  made.fetched_at = time_at(row, 18).value_or(base::UtcTime());
  made.source = row.text(19);
  made.confidence = row.text(20);
  return made;
}

}  // namespace

std::string line_key(const usage::Line& line) {
  if (line.iccid) return "iccid:" + *line.iccid;
  if (line.provider_id) return "id:" + *line.provider_id;
  if (line.msisdn) return "msisdn:" + *line.msisdn;
  return line.eid ? "eid:" + *line.eid : "account";
}

std::filesystem::path History::file_in(const std::filesystem::path& directory) {
  return directory / "history.db";
}

bool History::there(const std::filesystem::path& directory) {
  std::error_code error;
  return !directory.empty() && std::filesystem::exists(file_in(directory), error);
}

History History::open(const std::filesystem::path& directory, const Note& note) {
  return History(Database::open(file_in(directory), migrations, note));
}

History History::open_existing(const std::filesystem::path& directory) {
  return History(Database::open_existing(file_in(directory), migrations));
}

void History::put(const std::string& account, const usage::Snapshot& snapshot) {
  const auto& line = snapshot.line;
  const auto key = line_key(line);
  const Bound iccid(line.iccid), eid(line.eid), msisdn(line.msisdn), imsi(line.imsi),
      id(line.provider_id), plan(snapshot.plan), expires(snapshot.expires_at),
      as_of(snapshot.as_of), fetched(std::optional(snapshot.fetched_at));
  const bool cycled = snapshot.cycle.has_value();
  const auto cycle = snapshot.cycle.value_or(usage::Cycle());
  const Bound start(cycle.start), end(cycle.end);
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  database_.run(
      "INSERT INTO snapshot (account, line, iccid, eid, msisdn, imsi, provider_id, plan, "
      "expires_at, cycle_rule, cycle_start, cycle_end, cycle_zone, limit_kind, limit_bytes, "
      "at_limit, used_bytes, remaining_bytes, as_of, fetched_at, source, confidence) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {account,
       key,
       iccid,
       eid,
       msisdn,
       imsi,
       id,
       plan,
       expires,
       cycled ? Value(rules.at(static_cast<std::size_t>(cycle.rule))) : Value(nullptr),
       start,
       end,
       cycled ? Value(cycle.zone) : Value(nullptr),
       limit_kinds.at(snapshot.limit.index()),
       limit != nullptr ? Value(limit->bytes()) : Value(nullptr),
       behaviours.at(static_cast<std::size_t>(snapshot.limit_behaviour)),
       bytes(snapshot.used),
       bytes(snapshot.remaining),
       as_of,
       fetched,
       snapshot.source,
       snapshot.confidence});
}

void History::put(const KeptBalance& balance) {
  const auto fetched = base::to_rfc3339(balance.fetched_at);
  database_.run("INSERT INTO balance (account, amount, currency, fetched_at) VALUES (?, ?, ?, ?)",
                {balance.account, balance.money.amount(), balance.money.currency(), fetched});
}

std::vector<KeptSnapshot> History::newest() {
  std::vector<KeptSnapshot> found;
  database_.run(
      "SELECT account, iccid, eid, msisdn, imsi, provider_id, plan, expires_at, cycle_rule, "
      "cycle_start, cycle_end, cycle_zone, limit_kind, limit_bytes, at_limit, used_bytes, "
      "remaining_bytes, as_of, fetched_at, source, confidence FROM snapshot "
      "WHERE id IN (SELECT max(id) FROM snapshot GROUP BY account, line) ORDER BY account, line",
      {}, [&](const Row& row) { found.push_back({row.text(0), snapshot_of(row)}); });
  return found;
}

std::vector<KeptBalance> History::newest_balances() {
  std::vector<KeptBalance> found;
  database_.run(
      "SELECT account, amount, currency, fetched_at FROM balance "
      "WHERE id IN (SELECT max(id) FROM balance GROUP BY account) ORDER BY account",
      {}, [&](const Row& row) {
        found.push_back({row.text(0), usage::Money::parse(row.text(1), row.text(2)),
                         time_at(row, 3).value_or(base::UtcTime())});
      });
  return found;
}

void History::forget(std::string_view account) {
  database_.in_transaction([&] {
    for (const auto* table : {"snapshot", "balance"})
      database_.run(fmt::format("DELETE FROM {} WHERE account = ?", table), {account});
  });
}

}  // namespace store
