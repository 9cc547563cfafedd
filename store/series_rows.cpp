#include "store/series_rows.hpp"

#include <fmt/format.h>

#include "store/numbers.hpp"
#include "store/snapshot_row.hpp"

namespace store {

using base::UtcTime;
using usage::Bucket;

KeptSeries find_series(Database& database, const std::string& account, const std::string& line) {
  KeptSeries made{.account = account, .line = line};
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

std::int64_t id_of(Database& database, const KeptSeries& kept) {
  database.run(
      "INSERT INTO series (account, line, zone) VALUES (?, ?, ?) "
      "ON CONFLICT (account, line) DO UPDATE SET zone = excluded.zone",
      {kept.account, kept.line, kept.zone});
  return find_series(database, kept.account, kept.line).id.value_or(0);
}

std::vector<Bucket> buckets(Database& database, const KeptSeries& kept, UtcTime since,
                            UtcTime before, bool only_hours) {
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

void go_on_from(Database& database, std::int64_t series, const usage::Counted& counted,
                UtcTime at) {
  database.run(
      "UPDATE series SET counted = ?, counted_at = ?, cycle_start = ?, cycle_end = ? WHERE id = ?",
      {counted.bytes, number_of(at), number_or_null(counted.cycle_start),
       number_or_null(counted.cycle_end), series});
}

}  // namespace store
