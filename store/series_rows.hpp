#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "store/database.hpp"
#include "usage/rollup.hpp"
#include "usage/series.hpp"

/// The rows of `series` and `traffic` in history.db. All throw as Database.
namespace store {

/// A row of `series`. A line of which nothing was rolled up has none yet.
struct KeptSeries {
  std::string account;  ///< empty: a counter of this machine
  std::string line;
  std::string zone = "UTC";
  std::optional<std::int64_t> id{};
  std::optional<usage::Counted> counted{};
  std::optional<base::UtcTime> counted_at{};

  [[nodiscard]] bool local() const { return account.empty(); }
};

KeptSeries find_series(Database& database, const std::string& account, const std::string& line);

/// The row of it, made when there is none.
std::int64_t id_of(Database& database, const KeptSeries& kept);

/// Of one series from `since` until before `before`; only those of hours, if so wanted.
std::vector<usage::Bucket> buckets(Database& database, const KeptSeries& kept, base::UtcTime since,
                                   base::UtcTime before, bool only_hours);

/// In place of one that starts then.
void put_bucket(Database& database, std::int64_t series, const usage::Bucket& bucket, bool day);

/// Counting goes on from the snapshot or reading of that time.
void go_on_from(Database& database, std::int64_t series, const usage::Counted& counted,
                base::UtcTime at);

}  // namespace store
