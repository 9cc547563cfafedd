#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "usage/cycle.hpp"
#include "usage/data_size.hpp"
#include "usage/rollup.hpp"

namespace usage {

/// What a forecast is made from.
struct Outlook {
  std::span<const Bucket> days;  ///< whole days, by time; only the newest 42 before `now` count
  /// Of them, what is taken for unusual and so is not expected to come again, by their start.
  std::span<const base::UtcTime> left_out;
  Cycle cycle;                    ///< with its start, its end and its zone
  DataSize used;                  ///< in the cycle, up to `now`
  std::optional<DataSize> limit;  ///< empty: nothing limits, or it is unknown
  base::UtcTime now;              ///< up to which `used` is known
  std::chrono::seconds lag{};     ///< how much later than `now` it is already
};

/// When a limit is reached; empty: not before the cycle ends.
struct HitDates {
  std::optional<base::UtcTime> earliest;
  std::optional<base::UtcTime> likely;
  std::optional<base::UtcTime> latest;

  bool operator==(const HitDates&) const = default;
};

struct Forecast {
  /// At the end of the cycle: halfway between the mean of this cycle and four weeks, and `middle`.
  DataSize expected;
  DataSize low;      ///< nine of ten are above
  DataSize middle;   ///< half of them are above: drawn by weekday from six weeks
  DataSize high;     ///< nine of ten are below
  DataSize per_day;  ///< as `expected` goes on from now
  HitDates hit;      ///< of a limit
  /// What may be used each day until the cycle ends, with what is not published yet taken off;
  /// empty without a limit.
  std::optional<DataSize> safe_per_day;

  bool operator==(const Forecast&) const = default;
};

/// The same for the same figures, always: chance is drawn from a generator with a fixed seed.
/// Empty when nothing can be said: the cycle has no known start and end or is over, or there is
/// neither a day before nor a quarter of one in the cycle. Throws what usage/zone.hpp has.
std::optional<Forecast> forecast(const Outlook& outlook);

}  // namespace usage
