#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/utc.hpp"

/// What a person's line uses hour after hour, and how a provider publishes it; for what judges
/// traffic. The same seed makes the same traffic on each machine.
///
/// By day and night, log-normal from hour to hour and from day to day, more at weekends; 230 MB a
/// day on average. No provider's traffic: the parameters make monthly totals as uncertain as those
/// that the figures of forecasts and detectors were first measured on.
namespace sim {

/// What is added to the usual traffic.
struct Extra {
  std::int64_t first_hour = 0;  ///< from the first one on
  std::int64_t hours = 0;
  double bytes_per_hour = 0;
};

/// +1.2 GB in 2 hours, and +10 MB an hour for 7 days.
Extra spike(std::int64_t first_hour);
Extra leak(std::int64_t first_hour);

struct Traffic {
  base::UtcTime start;
  std::vector<std::int64_t> bytes;  ///< of each hour
  std::vector<std::int64_t>
      before;  ///< of each hour, all that was before it; and of all at the end

  [[nodiscard]] base::UtcTime end() const {
    return start + std::chrono::hours(std::int64_t(bytes.size()));
  }
  /// Up to `instant`, within an hour evenly.
  [[nodiscard]] std::int64_t until(base::UtcTime instant) const;
};

/// What the clock of the person shows; by default UTC.
using Clock = std::function<std::chrono::local_seconds(base::UtcTime)>;

Traffic traffic(std::uint64_t seed, base::UtcTime start, std::chrono::days length,
                const std::vector<Extra>& extras = {}, const Clock& clock = {});

/// What a provider says when it is asked at `at`.
struct Published {
  base::UtcTime at;
  std::int64_t used = 0;
  std::int64_t limit = 0;
  base::UtcTime cycle_start;  ///< of the cycle that `used` is of
};

struct Publication {
  std::chrono::seconds every{};  ///< figures change at whole multiples of it only
  std::chrono::seconds late{};   ///< and are that old then
  std::chrono::seconds asked{};  ///< how often somebody looks
  std::int64_t limit = 0;
  std::vector<base::UtcTime> resets;    ///< by time: there the counter begins at 0 again
  std::optional<base::UtcTime> top_up;  ///< from when on the limit is half as large again
};

/// What is heard of that traffic, oldest first.
std::vector<Published> published(const Traffic& traffic, const Publication& publication);

}  // namespace sim
