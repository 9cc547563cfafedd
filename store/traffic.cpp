#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "store/history.hpp"
#include "store/line_key.hpp"
#include "store/numbers.hpp"
#include "store/snapshot_row.hpp"
#include "usage/zone.hpp"

/// How the history keeps traffic: what was read, then hours, then days.
namespace store {
namespace {

using base::UtcTime;
using std::chrono::days;
using std::chrono::hours;
using usage::Bucket;

constexpr hours as_read(48);
constexpr days as_hours(90);

/// A row of `series`. A line of which nothing was rolled up has none yet.
struct Kept {
  std::string account;  ///< empty: a counter of this machine
  std::string line;
  std::string zone = "UTC";
  std::optional<std::int64_t> id;
  std::optional<usage::Counted> counted;
  std::optional<UtcTime> counted_at;

  [[nodiscard]] bool local() const { return account.empty(); }
};

/// What was read and is still kept.
struct Recent {
  std::vector<std::int64_t> ids;  ///< by time, as `at`
  std::vector<UtcTime> at;
  std::string zone;
  usage::Series series;
};

Kept find(Database& database, const std::string& account, const std::string& line) {
  Kept made{.account = account, .line = line, .id = {}, .counted = {}, .counted_at = {}};
  database.run(
      "SELECT id, zone, counted, counted_at, cycle_start, cycle_end FROM series "
      "WHERE account = ? AND line = ?",
      {account, line}, [&](const Row& row) {
        made.id = row.number(0);
        made.zone = row.text(1);
        if (row.null(2) || row.null(3)) return;
        made.counted = {row.number(2), time_of(row, 4), time_of(row, 5)};
        made.counted_at = time_of(row.number(3));
      });
  return made;
}

/// The row of it, made when there is none.
std::int64_t id_of(Database& database, const Kept& kept) {
  database.run(
      "INSERT INTO series (account, line, zone) VALUES (?, ?, ?) "
      "ON CONFLICT (account, line) DO UPDATE SET zone = excluded.zone",
      {kept.account, kept.line, kept.zone});
  return find(database, kept.account, kept.line).id.value_or(0);
}

Recent recent_snapshots(Database& database, const Kept& kept, UtcTime until) {
  Recent made{.ids = {}, .at = {}, .zone = kept.zone, .series = {}};
  std::vector<usage::Snapshot> snapshots;
  const auto first = base::to_rfc3339(kept.counted_at.value_or(UtcTime()));
  const auto last = base::to_rfc3339(until);
  database.run(fmt::format("SELECT id, {} FROM snapshot WHERE account = ? AND line = ? "
                           "AND fetched_at >= ? AND fetched_at <= ? "
                           "ORDER BY fetched_at, as_of, used_bytes, remaining_bytes",
                           snapshot_columns),
               {kept.account, kept.line, first, last}, [&](const Row& row) {
                 made.ids.push_back(row.number(0));
                 snapshots.push_back(snapshot_of(row, 1));
                 made.at.push_back(snapshots.back().fetched_at);
                 if (snapshots.back().cycle) made.zone = snapshots.back().cycle->zone;
               });
  made.series = usage::series_of(std::move(snapshots), until, kept.counted);
  return made;
}

Recent recent_readings(Database& database, const Kept& kept, UtcTime until) {
  Recent made{.ids = {}, .at = {}, .zone = kept.zone, .series = {}};
  std::vector<usage::Reading> readings;
  database.run(
      "SELECT id, at, bytes, epoch FROM reading WHERE series = ? AND at >= ? AND at <= ? "
      "ORDER BY at, epoch, bytes",
      {kept.id.value_or(0), number_of(kept.counted_at.value_or(UtcTime())), number_of(until)},
      [&](const Row& row) {
        made.ids.push_back(row.number(0));
        readings.push_back({time_of(row.number(1)), size_at(row, 2).bytes(), row.text(3)});
        made.at.push_back(readings.back().at);
      });
  made.series = usage::series_of(std::move(readings), until);
  return made;
}

Recent recent(Database& database, const Kept& kept, UtcTime until) {
  return kept.local() ? recent_readings(database, kept, until)
                      : recent_snapshots(database, kept, until);
}

/// Of one series from `since` until before `before`; only those of hours, if so wanted.
std::vector<Bucket> buckets(Database& database, const Kept& kept, UtcTime since, UtcTime before,
                            bool only_hours) {
  std::vector<Bucket> made;
  database.run(
      fmt::format("SELECT start, bytes, guessed, new_cycle, day FROM traffic WHERE series = ? "
                  "AND start >= ? AND start < ?{} ORDER BY start",
                  only_hours ? " AND day = 0" : ""),
      {kept.id.value_or(0), number_of(since), number_of(before)}, [&](const Row& row) {
        made.push_back({time_of(row.number(0)), size_at(row, 1), row.number(2) != 0,
                        row.number(3) != 0, row.number(4) != 0});
      });
  return made;
}

void put_bucket(Database& database, std::int64_t series, const Bucket& bucket, bool day) {
  database.run(
      "INSERT INTO traffic (series, start, day, bytes, guessed, new_cycle) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (series, start) DO UPDATE SET "
      "bytes = excluded.bytes, guessed = excluded.guessed, new_cycle = excluded.new_cycle",
      {series, number_of(bucket.start), std::int64_t(day), bucket.size.bytes(),
       std::int64_t(bucket.guessed), std::int64_t(bucket.new_cycle)});
}

/// Counting goes on from the snapshot or reading of that time.
void go_on_from(Database& database, std::int64_t series, const usage::Counted& counted,
                UtcTime at) {
  database.run(
      "UPDATE series SET counted = ?, counted_at = ?, cycle_start = ?, cycle_end = ? WHERE id = ?",
      {counted.bytes, number_of(at), number_or_null(counted.cycle_start),
       number_or_null(counted.cycle_end), series});
}

std::optional<usage::Snapshot> first_snapshot(Database& database, const Kept& kept) {
  std::optional<usage::Snapshot> found;
  database.run(fmt::format("SELECT {} FROM snapshot WHERE account = ? AND line = ? "
                           "ORDER BY fetched_at, id LIMIT 1",
                           snapshot_columns),
               {kept.account, kept.line}, [&](const Row& row) { found = snapshot_of(row, 0); });
  return found;
}

/// Deltas become hours, and what was read goes, but for where counting goes on from, when that was
/// seen for the last time, and what was said last of all.
void roll_up(Database& database, Kept kept, UtcTime until) {
  const auto old = recent(database, kept, until);
  if (old.ids.empty()) return;
  kept.zone = old.zone;
  const auto id = id_of(database, kept);
  kept.id = id;
  const auto& series = old.series;
  if (!series.deltas.empty()) {
    const auto first = std::ranges::min(series.deltas, {}, &usage::Delta::from).from;
    const auto hours_of_it = usage::with_deltas(
        buckets(database, kept, first - hours(1), UtcTime::max(), false), series.deltas, kept.zone);
    for (const auto& hour : hours_of_it) put_bucket(database, id, hour, false);
  }
  const auto goes_on = series.changed ? old.ids.at(series.last) : old.ids.back();
  if (series.changed) go_on_from(database, id, series.counted, old.at.at(series.last));
  const auto last = base::to_rfc3339(old.at.back());
  if (kept.local())
    database.run("DELETE FROM reading WHERE series = ? AND at <= ? AND id NOT IN (?, ?)",
                 {id, number_of(old.at.back()), goes_on, old.ids.back()});
  else
    database.run(
        "DELETE FROM snapshot WHERE account = ?1 AND line = ?2 AND fetched_at <= ?3 "
        "AND id NOT IN (?4, ?5, (SELECT max(id) FROM snapshot WHERE account = ?1 AND line = ?2))",
        {kept.account, kept.line, last, goes_on, old.ids.back()});
}

/// Hours of whole days become days; so do those that come later to a day that already is one.
void roll_up_hours(Database& database, const std::string& account, const std::string& line,
                   UtcTime before) {
  const auto kept = find(database, account, line);
  const auto end = usage::start_of_day(usage::local_day(before, kept.zone), kept.zone);
  const auto hours_of_it = buckets(database, kept, UtcTime(), end, true);
  if (!kept.id || hours_of_it.empty()) return;
  // A day may have two starts where the clock is put back over midnight: from the one before on.
  const auto first_day = usage::local_day(hours_of_it.front().start, kept.zone) - days(1);
  const auto first = usage::start_of_day(first_day, kept.zone);
  const auto made = usage::days_of(buckets(database, kept, first, end, false), kept.zone);
  database.run("DELETE FROM traffic WHERE series = ? AND start >= ? AND start < ?",
               {*kept.id, number_of(first), number_of(end)});
  for (const auto& day : made) put_bucket(database, *kept.id, day, true);
}

/// In place of what is known of that time, if that is less; whether it was so.
bool put_day(Database& database, std::int64_t series, const std::pair<UtcTime, UtcTime>& day,
             std::span<const Bucket> buckets) {
  const auto first = number_of(day.first);
  const auto end = number_of(day.second);
  std::int64_t known = -1;
  database.run("SELECT sum(bytes) FROM traffic WHERE series = ? AND start >= ? AND start < ?",
               {series, first, end}, [&](const Row& row) {
                 if (!row.null(0)) known = row.number(0);
               });
  if (usage::total(buckets).bytes() <= known) return false;
  database.run("DELETE FROM traffic WHERE series = ? AND start >= ? AND start < ?",
               {series, first, end});
  for (const auto& each : buckets) put_bucket(database, series, each, each.whole_day);
  return true;
}

KeptTraffic traffic_of(Database& database, const std::string& account, const std::string& line,
                       UtcTime since, UtcTime now) {
  KeptTraffic made;
  database.in_transaction([&] {
    const auto kept = find(database, account, line);
    auto newest = recent(database, kept, now);
    made.zone = newest.zone;
    made.buckets = usage::with_deltas(buckets(database, kept, since, UtcTime::max(), false),
                                      newest.series.deltas, made.zone);
    std::erase_if(made.buckets, [&](const Bucket& bucket) { return bucket.start < since; });
    made.until = newest.series.deltas.empty() ? newest.series.changed
                                              : std::optional(newest.series.deltas.back().to);
    made.recent = std::move(newest.series);
  });
  return made;
}

}  // namespace

void History::put_local(const std::string& counter, const std::string& zone,
                        std::span<const usage::Reading> readings) {
  database_.in_transaction([&] {
    const Kept kept{
        .account = {}, .line = counter, .zone = zone, .id = {}, .counted = {}, .counted_at = {}};
    const auto id = id_of(database_, kept);
    for (const auto& reading : readings)
      database_.run("INSERT INTO reading (series, at, bytes, epoch) VALUES (?, ?, ?, ?)",
                    {id, number_of(reading.at), reading.bytes, reading.epoch});
  });
}

KeptTraffic History::traffic(const std::string& account, const usage::Line& line, UtcTime since,
                             UtcTime now) {
  return traffic_of(database_, account, line_key(line), since, now);
}

KeptTraffic History::local_traffic(const std::string& counter, UtcTime since, UtcTime now) {
  return traffic_of(database_, {}, counter, since, now);
}

std::size_t History::put_counted(const std::string& counter, const std::string& zone,
                                 std::span<const Bucket> buckets) {
  std::size_t taken = 0;
  database_.in_transaction([&] {
    auto kept = find(database_, {}, counter);
    if (!kept.id) kept.zone = zone;
    kept.id = id_of(database_, kept);
    UtcTime read_from = UtcTime::max();
    database_.run("SELECT min(at) FROM reading WHERE series = ?", {*kept.id}, [&](const Row& row) {
      if (!row.null(0)) read_from = time_of(row.number(0));
    });
    for (auto rest = buckets; !rest.empty();) {
      const auto day = usage::local_day(rest.front().start, kept.zone);
      const auto start = usage::start_of_day(day, kept.zone);
      const auto end = usage::start_of_day(day + days(1), kept.zone);
      std::size_t count = 1;
      while (count < rest.size() && rest[count].start < end) ++count;
      if (end <= read_from && put_day(database_, *kept.id, {start, end}, rest.first(count)))
        ++taken;
      rest = rest.subspan(count);
    }
  });
  return taken;
}

std::optional<std::size_t> History::put_before(const std::string& account, const usage::Line& line,
                                               const std::string& zone,
                                               std::span<const Bucket> buckets) {
  std::optional<std::size_t> taken;
  database_.in_transaction([&] {
    auto kept = find(database_, account, line_key(line));
    const auto first = first_snapshot(database_, kept);
    if (kept.counted || !first || !first->used) return;
    if (first->cycle && first->cycle->zone != zone) return;
    kept.zone = zone;
    const auto id = id_of(database_, kept);
    const auto begun = first->cycle ? first->cycle->start : std::nullopt;
    taken = 0;
    std::int64_t in_cycle = 0;
    bool before = begun.has_value();
    for (auto each : buckets) {
      if (each.start >= first->fetched_at) break;
      if (before && each.start >= *begun) {
        each.new_cycle = true;
        before = false;
      }
      if (each.new_cycle) in_cycle = 0;
      in_cycle += each.size.bytes();
      put_bucket(database_, id, each, each.whole_day);
      ++*taken;
    }
    if (const auto rest = first->used->bytes() - in_cycle; rest > 0)
      put_bucket(database_, id,
                 {.start = first->fetched_at - std::chrono::seconds(1),
                  .size = usage::DataSize::of_bytes(rest),
                  .guessed = true},
                 false);
    go_on_from(database_, id,
               {.bytes = std::max(in_cycle, first->used->bytes()),
                .cycle_start = begun,
                .cycle_end = first->cycle ? first->cycle->end : std::nullopt},
               first->fetched_at);
  });
  return taken;
}

std::vector<std::string> History::local_counters() {
  std::vector<std::string> found;
  database_.run("SELECT line FROM series WHERE account = '' ORDER BY line", {},
                [&](const Row& row) { found.push_back(row.text(0)); });
  return found;
}

std::vector<std::pair<std::string, UtcTime>> History::counters_read() {
  std::vector<std::pair<std::string, UtcTime>> found;
  database_.run(
      "SELECT line, max(at) FROM series JOIN reading ON series = series.id "
      "WHERE account = '' GROUP BY line ORDER BY line",
      {}, [&](const Row& row) { found.emplace_back(row.text(0), time_of(row.number(1))); });
  return found;
}

std::optional<std::string> History::zone_of_counter(const std::string& counter) {
  const auto kept = find(database_, {}, counter);
  return kept.id ? std::optional(kept.zone) : std::nullopt;
}

void History::compact(UtcTime now) {
  std::vector<std::pair<std::string, std::string>> lines;
  database_.run(
      "SELECT DISTINCT account, line FROM snapshot UNION SELECT account, line FROM series", {},
      [&](const Row& row) { lines.emplace_back(row.text(0), row.text(1)); });
  for (const auto& [account, line] : lines)
    database_.in_transaction([&] {
      roll_up(database_, find(database_, account, line), now - as_read);
      roll_up_hours(database_, account, line, now - as_hours);
    });
}

}  // namespace store
