#include "usage/polling.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "usage/statistics.hpp"
#include "usage/zone.hpp"

namespace usage {
namespace {

using base::UtcTime;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr days looked_at(14);
constexpr double busier_than = 0.9;
constexpr seconds while_unknown = hours(1);
constexpr std::array quiet_bounds{hours(2), hours(6)};

/// When the clock there shows it on that day or, where that is left out, the first time after it.
UtcTime time_of_day(std::chrono::local_days day, hours shown, const std::string& zone) {
  const auto start = start_of_day(day, zone);
  const auto wanted = day + shown;
  const auto first = start + shown;
  const auto moved = first + (wanted - local_time(first, zone));
  return local_time(moved, zone) == wanted ? moved : first;
}

UtcTime next_quiet_bound(UtcTime after, const std::string& zone) {
  const auto today = local_day(after, zone);
  for (const auto day : {today, today + days(1)}) {
    for (const auto shown : quiet_bounds) {
      const auto time = time_of_day(day, shown, zone);
      if (time > after) return time;
    }
  }
  return after + longest_pause;
}

seconds wanted_pause(const Polled& polled) {
  if (!polled.to_threshold) return longest_pause;
  if (!polled.an_hour) return while_unknown;
  const auto an_hour = static_cast<double>(polled.an_hour->bytes());
  const auto left = static_cast<double>(polled.to_threshold->bytes());
  const auto longest = static_cast<double>(seconds(longest_pause).count());
  // An idle line takes for ever.
  if (an_hour * longest <= left / 2 * 3600) return longest_pause;
  return seconds(static_cast<seconds::rep>(left / an_hour / 2 * 3600));
}

}  // namespace

std::optional<DataSize> busy_hour(std::span<const Bucket> buckets, UtcTime until) {
  std::vector<double> by_hour;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const auto& each = buckets[i];
    if (each.start < until - looked_at || each.start >= until) continue;
    const auto end = std::min(i + 1 < buckets.size() ? buckets[i + 1].start : until, until);
    const auto length = std::min<seconds>(end - each.start, days(1));
    const auto count = std::max<seconds::rep>(1, length / hours(1));
    const auto size = static_cast<double>(each.size.bytes()) / static_cast<double>(count);
    by_hour.insert(by_hour.end(), static_cast<std::size_t>(count), size);
  }
  if (by_hour.size() < 24) return std::nullopt;
  return DataSize::of_bytes(static_cast<std::int64_t>(quantile(std::move(by_hour), busier_than)));
}

UtcTime next_poll(const Polled& polled) {
  const auto least = std::max<seconds>(polled.floor, shortest_pause);
  const auto earliest = std::max(polled.asked + least, polled.not_before.value_or(polled.asked));
  const auto latest = polled.asked + std::min<seconds>(wanted_pause(polled), longest_pause);
  const auto next = std::min(latest, next_quiet_bound(polled.asked, polled.zone));
  return std::max(next, earliest);
}

}  // namespace usage
