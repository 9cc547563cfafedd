#include "usage/forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>

#include "usage/statistics.hpp"
#include "usage/zone.hpp"

namespace usage {
namespace {

using base::UtcTime;
using std::chrono::days;
using std::chrono::seconds;
using std::chrono::weekday;

constexpr double days_of_trust = 7;  ///< at which the cycle counts as much as the weeks before
constexpr std::size_t days_for_mean = 28;
constexpr std::size_t days_for_chance = 42;
constexpr int futures = 1000;
/// Days drawn one by one are too much alike: without it fewer outcomes are within than should be.
constexpr double widening = 1.4;
/// The shares of normal chance at 1.4 times the distance of one and nine tenths.
constexpr double earliest_share = 0.0364;
constexpr double latest_share = 1 - earliest_share;
constexpr double least_days = 0.25;

double in_days(seconds span) { return double(span.count()) / double(seconds(days(1)).count()); }

DataSize size_of(double bytes) {
  constexpr double most = 9.2e18;  // below 2^63
  return DataSize::of_bytes(std::llround(std::clamp(bytes, 0.0, most)));
}

/// A part of the future that lies in one day.
struct Piece {
  UtcTime start;
  seconds span{};
  weekday on;
};

std::vector<Piece> pieces_until(UtcTime end, UtcTime now, const std::string& zone) {
  std::vector<Piece> made;
  auto day = local_day(now, zone);
  while (now < end) {
    const auto next = std::clamp(start_of_day(day + days(1), zone), now, end);
    if (next > now) made.push_back({now, next - now, weekday(day)});
    day += days(1);
    now = next;
  }
  return made;
}

/// The figures of the past, without what is a guess or left out.
struct Past {
  std::vector<double> recent;                       ///< of four weeks
  std::vector<double> all;                          ///< of six
  std::array<std::vector<double>, 7> by_weekday{};  ///< of six, from Sunday
};

bool is_left_out(const Outlook& outlook, const Bucket& day) {
  return std::ranges::find(outlook.left_out, day.start) != outlook.left_out.end();
}

Past past_of(const Outlook& outlook) {
  Past made;
  const auto today = local_day(outlook.now, outlook.cycle.zone);
  // Two buckets of one day, in which a cycle began, are one figure.
  std::optional<std::chrono::local_days> before;
  for (const auto& bucket : outlook.days) {
    const auto day = local_day(bucket.start, outlook.cycle.zone);
    if (day >= today || day < today - days(days_for_chance)) continue;
    if (bucket.guessed || is_left_out(outlook, bucket)) continue;
    const auto bytes = double(bucket.size.bytes());
    auto& same = made.by_weekday.at(weekday(day).c_encoding());
    const bool recent = day >= today - days(days_for_mean);
    if (before == day) {
      made.all.back() += bytes;
      same.back() += bytes;
      if (recent) made.recent.back() += bytes;
    } else {
      made.all.push_back(bytes);
      same.push_back(bytes);
      if (recent) made.recent.push_back(bytes);
    }
    before = day;
  }
  return made;
}

/// Bytes a day: what the cycle shows so far, drawn towards the weeks before it.
double rate_of(const Outlook& outlook, const Past& past, UtcTime begun) {
  auto elapsed = in_days(outlook.now - begun);
  auto used = double(outlook.used.bytes());
  for (const auto& bucket : outlook.days) {
    if (bucket.start < begun || !is_left_out(outlook, bucket)) continue;
    used -= double(bucket.size.bytes());
    elapsed -= 1;
  }
  if (elapsed < least_days) return mean(past.recent);
  const auto own = std::max(used, 0.0) / elapsed;
  if (past.recent.empty()) return own;
  return std::lerp(mean(past.recent), own, elapsed / (elapsed + days_of_trust));
}

/// One way in which the cycle may go on.
struct Future {
  double end = 0;
  double hit = std::numeric_limits<double>::infinity();  ///< seconds of UTC
};

/// Draws from the past. The engine is fixed to the bit by the standard, the distributions are not.
class Chance {
 public:
  Chance(const Past& past, double rate) : past_(past), rate_(rate) {}

  double bytes_of_day(weekday on) {
    const auto& same = past_.by_weekday.at(on.c_encoding());
    if (!same.empty()) return drawn(same);
    return past_.all.empty() ? rate_ : drawn(past_.all);
  }

 private:
  double drawn(const std::vector<double>& values) { return values.at(engine_() % values.size()); }

  const Past& past_;
  double rate_;
  std::mt19937_64 engine_;  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time, on purpose
};

Future future_of(const Outlook& outlook, std::span<const Piece> pieces, Chance& chance) {
  Future made{.end = double(outlook.used.bytes())};
  for (const auto& piece : pieces) {
    const auto bytes = chance.bytes_of_day(piece.on) * in_days(piece.span);
    const auto left = outlook.limit ? double(outlook.limit->bytes()) - made.end : -1;
    if (left >= 0 && bytes > left && std::isinf(made.hit))
      made.hit = double(piece.start.time_since_epoch().count()) +
                 double(piece.span.count()) * (left / bytes);
    made.end += bytes;
  }
  return made;
}

std::optional<UtcTime> instant_at(const std::vector<double>& sorted, double share) {
  const auto found = sorted.at(std::size_t(share * double(sorted.size() - 1)));
  if (std::isinf(found)) return std::nullopt;
  return UtcTime(seconds(std::int64_t(found)));
}

}  // namespace

std::optional<Forecast> forecast(const Outlook& outlook) {
  const auto& cycle = outlook.cycle;
  if (!cycle.start || !cycle.end || outlook.now < *cycle.start || outlook.now >= *cycle.end)
    return std::nullopt;
  const auto elapsed = in_days(outlook.now - *cycle.start);
  const auto past = past_of(outlook);
  if (past.all.empty() && elapsed < least_days) return std::nullopt;

  const auto rate = rate_of(outlook, past, *cycle.start);
  const auto left = in_days(*cycle.end - outlook.now);
  const auto used = double(outlook.used.bytes());
  const auto pieces = pieces_until(*cycle.end, outlook.now, cycle.zone);
  Chance chance(past, rate);
  std::vector<double> ends;
  std::vector<double> hits;
  for (int i = 0; i < futures; ++i) {
    const auto future = future_of(outlook, pieces, chance);
    ends.push_back(future.end);
    hits.push_back(future.hit);
  }
  const auto middle = quantile(ends, 0.5);
  const auto widened = [&](double share) {
    return size_of(std::max(used, middle + widening * (quantile(ends, share) - middle)));
  };
  const auto per_day = std::midpoint(rate, (middle - used) / left);
  Forecast made{.expected = size_of(used + per_day * left),
                .low = widened(0.1),
                .middle = size_of(middle),
                .high = widened(0.9),
                .per_day = size_of(per_day),
                .hit = {},
                .safe_per_day = {}};

  if (!outlook.limit) return made;
  const auto limit = double(outlook.limit->bytes());
  if (used >= limit) {
    made.hit = {outlook.now, outlook.now, outlook.now};
  } else {
    std::ranges::sort(hits);
    made.hit = {instant_at(hits, earliest_share), instant_at(hits, 0.5),
                instant_at(hits, latest_share)};
  }
  const auto unpublished = per_day * in_days(outlook.lag);
  made.safe_per_day = size_of((limit - used - unpublished) / std::max(left, 1.0));
  return made;
}

}  // namespace usage
