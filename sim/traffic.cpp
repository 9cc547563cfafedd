#include "sim/traffic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numbers>
#include <numeric>
#include <random>

namespace sim {
namespace {

using base::UtcTime;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr double bytes_per_day = 230e6;
constexpr double spread_of_hours = 1.0;  ///< of the logarithm
constexpr double spread_of_days = 0.25;  ///< the same
constexpr double weekend = 1.4;          ///< times a working day

/// Shares of an hour of the day, from midnight on.
constexpr std::array<double, 24> diurnal{0.8, 0.4, 0.15, 0.1, 0.1, 0.15, 0.5, 1.2,
                                         1.6, 1.2, 1.0,  1.1, 1.6, 1.4,  1.0, 1.0,
                                         1.2, 1.6, 2.0,  2.2, 2.4, 2.4,  2.0, 1.4};

/// The engine is fixed to the bit by the standard; its distributions are not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  /// Log-normal, 1 on average.
  double around_one(double spread) { return std::exp(spread * normal() - spread * spread / 2); }

 private:
  double uniform() { return (double(engine_() >> 11U) + 0.5) * 0x1p-53; }

  /// Box and Muller.
  double normal() {
    const auto radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

  std::mt19937_64 engine_;
};

std::int64_t whole(double bytes) { return std::llround(bytes); }

}  // namespace

Extra spike(std::int64_t first_hour) { return {first_hour, 2, 600e6}; }
Extra leak(std::int64_t first_hour) { return {first_hour, 7L * 24, 10e6}; }

std::int64_t Traffic::until(UtcTime instant) const {
  const auto reached = std::clamp(instant, start, end()) - start;
  const auto full = std::chrono::floor<hours>(reached);
  const auto sum = before.at(std::size_t(full.count()));
  const auto rest = (reached - full).count();
  return rest == 0 ? sum : sum + bytes.at(std::size_t(full.count())) * rest / 3600;
}

Traffic traffic(std::uint64_t seed, UtcTime start, days length, const std::vector<Extra>& extras,
                const Clock& clock) {
  constexpr double mean_weekday = (5 + 2 * weekend) / 7;
  const auto shares = std::accumulate(diurnal.begin(), diurnal.end(), 0.0);
  Chance chance(seed);
  Traffic made{start, {}, {0}};
  std::chrono::local_days today{};
  double of_day = 0;
  for (UtcTime hour = start; hour < start + length; hour += hours(1)) {
    const auto shown = clock ? clock(hour) : std::chrono::local_seconds(hour.time_since_epoch());
    const auto day = std::chrono::floor<days>(shown);
    if (day != today || hour == start) {
      const auto on = std::chrono::weekday(day);
      const bool free = on == std::chrono::Saturday || on == std::chrono::Sunday;
      of_day =
          bytes_per_day / mean_weekday * (free ? weekend : 1.0) * chance.around_one(spread_of_days);
      today = day;
    }
    const auto of_clock = std::size_t(std::chrono::floor<hours>(shown - day).count());
    made.bytes.push_back(
        whole(of_day * diurnal.at(of_clock) / shares * chance.around_one(spread_of_hours)));
  }
  for (const auto& extra : extras)
    for (auto i = extra.first_hour; i < extra.first_hour + extra.hours; ++i)
      if (std::size_t(i) < made.bytes.size())
        made.bytes[std::size_t(i)] += whole(extra.bytes_per_hour);
  std::partial_sum(made.bytes.begin(), made.bytes.end(), std::back_inserter(made.before));
  return made;
}

std::vector<Published> published(const Traffic& traffic, const Publication& publication) {
  std::vector<Published> made;
  for (auto at = traffic.start + publication.asked; at <= traffic.end(); at += publication.asked) {
    const auto since = at - traffic.start;
    const auto shown = traffic.start + since / publication.every * publication.every;
    const auto known = std::max(traffic.start, shown - publication.late);
    const auto reset = std::ranges::upper_bound(publication.resets, known);
    const auto begun = reset == publication.resets.begin() ? traffic.start : *std::prev(reset);
    const bool more = publication.top_up && at >= *publication.top_up;
    made.push_back({.at = at,
                    .used = traffic.until(known) - traffic.until(begun),
                    .limit = publication.limit + (more ? publication.limit / 2 : 0),
                    .cycle_start = begun});
  }
  return made;
}

}  // namespace sim
