#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/utc.hpp"
#include "usage/rollup.hpp"

/// Traffic in files: what `usage --export` writes, and what `usage --import` reads.
namespace app {

/// What went through one line or interface, in a file.
struct FiledSeries {
  std::string account;  ///< whose line it is; empty: a counter of a machine
  std::string name;     ///< of the line or interface; empty: the file does not say
  std::string zone = "UTC";
  std::vector<usage::Bucket> buckets;  ///< by time, each start once

  bool operator==(const FiledSeries&) const = default;
};

/// CSV with a header: account, line, zone, starts_at, step (hour or day), bytes, estimated,
/// new_cycle. Times are RFC 3339.
std::string traffic_csv(const std::vector<FiledSeries>& all);

/// Reads that, by line, and any other CSV whose header has a time (`starts_at`, `time`,
/// `timestamp` or `date`) and `bytes`, or `rx` and `tx`. A time is RFC 3339, the same with a blank
/// for the T and without the Z, or seconds since 1970; it stands for the hour that it is in. A date
/// stands for its day; both are of UTC where no zone is given. Several rows of one hour or day are
/// added together.
///
/// Throws Error `usage.csv` (usage), with line and column, also for what is later than a day after
/// `now`, for more than 10^15 bytes in a row, 10^18 in a line, 10^6 rows, or 1000 lines.
std::vector<FiledSeries> read_traffic_csv(std::string_view text, base::UtcTime now);

/// Reads what `vnstat --json` of vnStat 2 prints: each interface by its name, over each time by the
/// finest figures that are there, hours, then days, then months. Dates are those of `zone`, which
/// has to be the zone of the machine that they were counted on. What a month has more than its
/// days is spread evenly over the time before them, as a guess.
///
/// Throws Error `usage.vnstat` (usage), with a JSON pointer, likewise, and what usage/zone.hpp has.
std::vector<FiledSeries> read_vnstat(std::string_view text, const std::string& zone,
                                     base::UtcTime now);

}  // namespace app
