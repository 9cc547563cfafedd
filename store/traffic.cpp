#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "store/history.hpp"
#include "store/line_key.hpp"
#include "store/numbers.hpp"
#include "store/series_rows.hpp"
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

/// What was read and is still kept.
struct Recent {
  std::vector<std::int64_t> ids;  ///< by time, as `at`
  std::vector<UtcTime> at;
  std::string zone;
  usage::Series series;
};

Recent recent_snapshots(Database& database, const KeptSeries& kept, UtcTime until) {
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

Recent recent_readings(Database& database, const KeptSeries& kept, UtcTime until) {
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

Recent recent(Database& database, const KeptSeries& kept, UtcTime until) {
  return kept.local() ? recent_readings(database, kept, until)
                      : recent_snapshots(database, kept, until);
}

/// Deltas become hours, and what was read goes, but for where counting goes on from, when that was
/// seen for the last time, and what was said last of all.
void roll_up(Database& database, KeptSeries kept, UtcTime until) {
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
  const auto kept = find_series(database, account, line);
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

KeptTraffic traffic_of(Database& database, const std::string& account, const std::string& line,
                       UtcTime since, UtcTime now) {
  KeptTraffic made;
  database.in_transaction([&] {
    const auto kept = find_series(database, account, line);
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

KeptTraffic History::traffic(const std::string& account, const usage::Line& line, UtcTime since,
                             UtcTime now) {
  return traffic_of(database_, account, line_key(line), since, now);
}

KeptTraffic History::local_traffic(const std::string& counter, UtcTime since, UtcTime now) {
  return traffic_of(database_, {}, counter, since, now);
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
  const auto kept = find_series(database_, {}, counter);
  return kept.id ? std::optional(kept.zone) : std::nullopt;
}

void History::compact(UtcTime now) {
  std::vector<std::pair<std::string, std::string>> lines;
  database_.run(
      "SELECT DISTINCT account, line FROM snapshot UNION SELECT account, line FROM series", {},
      [&](const Row& row) { lines.emplace_back(row.text(0), row.text(1)); });
  for (const auto& [account, line] : lines)
    database_.in_transaction([&] {
      roll_up(database_, find_series(database_, account, line), now - as_read);
      roll_up_hours(database_, account, line, now - as_hours);
    });
}

}  // namespace store
