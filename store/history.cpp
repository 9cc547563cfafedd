#include "store/history.hpp"

#include <array>
#include <system_error>

#include <fmt/format.h>

#include "store/snapshot_row.hpp"

namespace store {
namespace {

using namespace std::string_view_literals;

/// Times are text as RFC 3339 has it, where nothing else is said.
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
)"sv,
                                // 2: times and sizes are numbers, seconds of UTC and bytes
                                R"(
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,  -- empty: a counter of this machine
  line TEXT NOT NULL,
  zone TEXT NOT NULL,
  counted INTEGER,        -- by the snapshot or reading of that time, which is the first one kept;
  counted_at INTEGER,     -- both empty: none was rolled up yet
  cycle_start INTEGER,    -- of the cycle that was being counted; either may be unknown
  cycle_end INTEGER,
  UNIQUE (account, line)
) STRICT;
CREATE TABLE traffic (
  series INTEGER NOT NULL REFERENCES series (id),
  start INTEGER NOT NULL,
  day INTEGER NOT NULL,  -- 1: of a day, 0: of an hour
  bytes INTEGER NOT NULL,
  guessed INTEGER NOT NULL,
  new_cycle INTEGER NOT NULL,
  PRIMARY KEY (series, start)
) STRICT, WITHOUT ROWID;
CREATE TABLE reading (
  id INTEGER PRIMARY KEY,
  series INTEGER NOT NULL REFERENCES series (id),
  at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  epoch TEXT NOT NULL
) STRICT;
CREATE INDEX reading_series ON reading (series, at);
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- so that none is used twice
  account TEXT NOT NULL,
  line TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  percent INTEGER NOT NULL,
  raised INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  over INTEGER,
  acknowledged INTEGER NOT NULL,
  muted_until INTEGER,
  told INTEGER,
  used INTEGER,
  data_limit INTEGER,
  hit_earliest INTEGER, hit_likely INTEGER, hit_latest INTEGER,
  cycle_start INTEGER, cycle_end INTEGER,
  -- What a detector found, else empty; the enumerations by their order.
  observed INTEGER, usual INTEGER, score TEXT, since INTEGER, sureness INTEGER, advice INTEGER
) STRICT;
CREATE INDEX alarm_over ON alarm (over);
)"sv};

/// What a power cut loses of the last seconds, carriers tell again; each commit waits for no disk.
Database hurried(Database database) {
  database.run("PRAGMA synchronous = NORMAL");
  return database;
}

}  // namespace

std::filesystem::path History::file_in(const std::filesystem::path& directory) {
  return directory / "history.db";
}

bool History::there(const std::filesystem::path& directory) {
  std::error_code error;
  return !directory.empty() && std::filesystem::exists(file_in(directory), error);
}

History History::open(const std::filesystem::path& directory, const Note& note) {
  return History(hurried(Database::open(file_in(directory), migrations, note)));
}

History History::open_existing(const std::filesystem::path& directory) {
  return History(hurried(Database::open_existing(file_in(directory), migrations)));
}

void History::put(const std::string& account, const usage::Snapshot& snapshot) {
  insert(database_, account, snapshot);
}

void History::put(const std::string& account, std::span<const usage::Snapshot> snapshots) {
  database_.in_transaction([&] {
    for (const auto& snapshot : snapshots) insert(database_, account, snapshot);
  });
}

void History::put(const KeptBalance& balance) {
  const auto fetched = base::to_rfc3339(balance.fetched_at);
  database_.run("INSERT INTO balance (account, amount, currency, fetched_at) VALUES (?, ?, ?, ?)",
                {balance.account, balance.money.amount(), balance.money.currency(), fetched});
}

std::vector<KeptSnapshot> History::newest() {
  std::vector<KeptSnapshot> found;
  database_.run(fmt::format("SELECT account, {} FROM snapshot WHERE id IN (SELECT max(id) FROM "
                            "snapshot GROUP BY account, line) ORDER BY account, line",
                            snapshot_columns),
                {}, [&](const Row& row) { found.push_back({row.text(0), snapshot_of(row, 1)}); });
  return found;
}

std::vector<KeptBalance> History::newest_balances() {
  std::vector<KeptBalance> found;
  database_.run(
      "SELECT account, amount, currency, fetched_at FROM balance "
      "WHERE id IN (SELECT max(id) FROM balance GROUP BY account) ORDER BY account",
      {}, [&](const Row& row) {
        found.push_back(
            {row.text(0), usage::Money::parse(row.text(1), row.text(2)), time_at(row, 3)});
      });
  return found;
}

void History::forget(std::string_view account) {
  database_.in_transaction([&] {
    database_.run("DELETE FROM traffic WHERE series IN (SELECT id FROM series WHERE account = ?)",
                  {account});
    for (const auto* table : {"series", "snapshot", "balance", "alarm"})
      database_.run(fmt::format("DELETE FROM {} WHERE account = ?", table), {account});
  });
}

void History::forget_counter(std::string_view counter) {
  database_.in_transaction([&] {
    for (const auto* table : {"traffic", "reading"})
      database_.run(fmt::format("DELETE FROM {} WHERE series IN (SELECT id FROM series "
                                "WHERE account = '' AND line = ?)",
                                table),
                    {counter});
    database_.run("DELETE FROM series WHERE account = '' AND line = ?", {counter});
  });
}

}  // namespace store
