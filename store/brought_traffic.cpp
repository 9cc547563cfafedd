#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "store/history.hpp"
#include "store/line_key.hpp"
#include "store/numbers.hpp"
#include "store/series_rows.hpp"
#include "store/snapshot_row.hpp"
#include "usage/zone.hpp"

/// How the history takes over what was counted elsewhere: by this machine, or by another one.
namespace store {
namespace {

using base::UtcTime;
using std::chrono::days;
using usage::Bucket;

std::optional<usage::Snapshot> first_snapshot(Database& database, const KeptSeries& kept) {
  std::optional<usage::Snapshot> found;
  database.run(fmt::format("SELECT {} FROM snapshot WHERE account = ? AND line = ? "
                           "ORDER BY fetched_at, id LIMIT 1",
                           snapshot_columns),
               {kept.account, kept.line}, [&](const Row& row) { found = snapshot_of(row, 0); });
  return found;
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

}  // namespace

void History::put_local(const std::string& counter, const std::string& zone,
                        std::span<const usage::Reading> readings) {
  database_.in_transaction([&] {
    const auto id = id_of(database_, {.account = {}, .line = counter, .zone = zone});
    for (const auto& reading : readings)
      database_.run("INSERT INTO reading (series, at, bytes, epoch) VALUES (?, ?, ?, ?)",
                    {id, number_of(reading.at), reading.bytes, reading.epoch});
  });
}

std::size_t History::put_counted(const std::string& counter, const std::string& zone,
                                 std::span<const Bucket> buckets) {
  std::size_t taken = 0;
  database_.in_transaction([&] {
    auto kept = find_series(database_, {}, counter);
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
    auto kept = find_series(database_, account, line_key(line));
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

}  // namespace store
