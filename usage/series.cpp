#include "usage/series.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "usage/statistics.hpp"

namespace usage {
namespace {

using base::UtcTime;
using std::chrono::seconds;

constexpr auto shortest = seconds(1);
constexpr int gap_factor = 3;
constexpr seconds longest_publication = std::chrono::hours(24);
constexpr seconds longest_lag = longest_publication / 2;
constexpr std::size_t enough_changes = 2;

/// Of `whole`; without floating point, so that a limit of 2^63 - 1 is no fault.
constexpr std::int64_t per_cent(std::int64_t share, std::int64_t whole) {
  return whole / 100 * share + whole % 100 * share / 100;
}

/// What a reading says, of the time that it is of.
struct Point {
  UtcTime at;
  UtcTime said;        ///< the same, without the lag that is only guessed
  bool exact = false;  ///< the time is as the provider says
  std::optional<std::int64_t> used, remaining, limit;
  std::optional<UtcTime> cycle_start, cycle_end;
  std::size_t index = 0;

  [[nodiscard]] bool same_figures(const Point& other) const {
    return used == other.used && remaining == other.remaining;
  }
};

std::optional<std::int64_t> bytes_of(const std::optional<DataSize>& size) {
  return size ? std::optional(size->bytes()) : std::nullopt;
}

Point point_of(const Snapshot& snapshot, std::size_t index) {
  const auto said = std::min(snapshot.as_of.value_or(snapshot.fetched_at), snapshot.fetched_at);
  Point made{.at = said,
             .said = said,
             .exact = snapshot.as_of.has_value(),
             .used = bytes_of(snapshot.used),
             .remaining = bytes_of(snapshot.remaining),
             .limit = {},
             .cycle_start = {},
             .cycle_end = {},
             .index = index};
  if (const auto* const limit = std::get_if<DataSize>(&snapshot.limit)) made.limit = limit->bytes();
  if (snapshot.cycle) {
    made.cycle_start = snapshot.cycle->start;
    made.cycle_end = snapshot.cycle->end;
  }
  return made;
}

/// How a line is looked at and how it answers.
struct Rhythm {
  seconds publication{};  ///< the usual time between two changes that were waited for; 0: unknown
  seconds looking{};      ///< the usual time between two readings
  std::optional<seconds> interval;
};

seconds quantile_of(const std::vector<double>& spans, double share) {
  return seconds(std::int64_t(quantile(spans, share)));
}

/// Only a change before which the old figure was seen again tells how long changes take: else it
/// is how often somebody looks.
Rhythm rhythm_of(const std::vector<Point>& points) {
  std::vector<double> spacings;
  std::vector<double> changes;
  std::vector<double> awaited;
  std::size_t changed = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    spacings.push_back(double((points[i].at - points[i - 1].at).count()));
    if (points[i].same_figures(points[i - 1])) continue;
    // The first figures may have been there for long.
    if (changed != 0) {
      changes.push_back(double((points[i].at - points[changed].at).count()));
      if (changed != i - 1 && !points[i].exact) awaited.push_back(changes.back());
    }
    changed = i;
  }
  Rhythm made{.publication = {}, .looking = quantile_of(spacings, 0.5), .interval = {}};
  if (awaited.size() >= enough_changes)
    made.publication = std::min(quantile_of(awaited, 0.5), longest_publication);
  if (changes.size() >= enough_changes) made.interval = quantile_of(changes, 0.9);
  return made;
}

/// Counts on from one point to the next.
class Count {
 public:
  Count(Series& series, Rhythm rhythm) : series_(series), rhythm_(rhythm) {}

  void begin(Point first, const std::optional<Counted>& counted) {
    if (counted) {
      first.cycle_start = counted->cycle_start;
      first.cycle_end = counted->cycle_end;
    }
    if (!first.exact) not_before_cycle(first);
    if (first.cycle_start && first.at < *first.cycle_start)  // it is of the cycle before
      first.cycle_end = std::exchange(first.cycle_start, std::nullopt);
    take(first);
    series_.counted.bytes = counted ? counted->bytes : first.used.value_or(0);
    suspect_ = counted && first.used && too_low(*first.used);
    if (!counted && first.used && first.cycle_start && *first.cycle_start < first.at)
      add(*first.cycle_start, first.at, *first.used, true, true);
  }

  void go_on(Point next) {
    if (!next.exact && next.same_figures(last_)) {
      seen_ = next.at;
      return;
    }
    // By its age alone the first figure of a cycle would be the old one's.
    if (!next.exact && (next.cycle_start == last_.cycle_start || fell(next)))
      not_before_cycle(next);
    const bool fresh = begins_cycle(next);
    // Until the new cycle's first figure, the old cycle is what is counted.
    if (!fresh && last_.cycle_start && next.cycle_start != last_.cycle_start) {
      next.cycle_start = last_.cycle_start;
      next.cycle_end = last_.cycle_end;
    }
    if (last_.limit && next.limit && *last_.limit != *next.limit)
      remark(Remark::limit_changed, next.at, *next.limit - *last_.limit);
    if (fresh)
      restart(next);
    else if (last_.used && next.used)
      by_used(next, *last_.used, *next.used);
    else
      by_remaining(next);
    const bool new_figures = !next.same_figures(last_);
    take(next);
    if (new_figures) series_.changed = next.at;
  }

  void end() {
    series_.jumped_back = suspect_;
    series_.counted.cycle_start = last_.cycle_start;
    series_.counted.cycle_end = last_.cycle_end;
  }

 private:
  void take(const Point& point) {
    last_ = point;
    seen_ = point.at;
    series_.last = point.index;
    if (!series_.changed) series_.changed = point.at;
  }

  void remark(Remark what, UtcTime at, std::int64_t bytes) {
    series_.remarks.push_back({what, at, bytes});
  }

  void add(UtcTime from, UtcTime to, std::int64_t bytes, bool guessed, bool new_cycle) {
    series_.deltas.push_back(
        {std::min(from, to - shortest), to, DataSize::of_bytes(bytes), guessed, new_cycle});
  }

  static void not_before_cycle(Point& point) {
    if (point.cycle_start) point.at = std::max(point.at, *point.cycle_start + shortest);
  }

  [[nodiscard]] bool fell(const Point& next) const {
    return last_.used && next.used && *next.used < *last_.used;
  }

  [[nodiscard]] bool too_low(std::int64_t used) const {
    return used < series_.counted.bytes - per_cent(1, series_.counted.bytes);
  }

  [[nodiscard]] bool begins_cycle(const Point& next) const {
    if (next.cycle_start && last_.cycle_start && *next.cycle_start > *last_.cycle_start) {
      const bool late = !next.exact && !fell(next);
      return next.said >= *next.cycle_start + (late ? longest_lag : seconds(0));
    }
    const bool ended = last_.cycle_end && next.said >= *last_.cycle_end;
    if (!last_.used || !next.used)
      return ended && next.remaining && last_.remaining && *next.remaining > *last_.remaining;
    if (*next.used >= std::min(*last_.used, series_.counted.bytes)) return false;
    if (ended) return true;
    const auto limit = next.limit.value_or(series_.counted.bytes);
    return too_low(*next.used) && *next.used < per_cent(5, limit) &&
           *next.used < series_.counted.bytes / 2;
  }

  void restart(const Point& next) {
    const auto boundary = next.cycle_start && next.cycle_start != last_.cycle_start
                              ? *next.cycle_start
                              : last_.cycle_end.value_or(seen_);
    const auto from = std::clamp(boundary, seen_, std::max(seen_, next.at));
    remark(Remark::new_cycle, from, series_.counted.bytes);
    const auto used = next.used.value_or(0);
    add(from, next.at, used, watch_gap(from, next.at, used), true);
    series_.counted.bytes = used;
    suspect_ = false;
  }

  void by_used(const Point& next, std::int64_t before, std::int64_t used) {
    if (suspect_ && used >= before && used < series_.counted.bytes) series_.counted.bytes = before;
    if (used >= series_.counted.bytes) {
      spread(next, used - series_.counted.bytes);
      series_.counted.bytes = used;
      suspect_ = false;
      return;
    }
    suspect_ = too_low(used);
    if (used < before)
      remark(suspect_ ? Remark::jumped_back : Remark::correction, next.at, before - used);
    spread(next, 0);
  }

  void by_remaining(const Point& next) {
    const auto left = next.remaining.value_or(0);
    const auto fell = next.remaining ? last_.remaining.value_or(left) - left : 0;
    if (fell < 0) remark(Remark::limit_changed, next.at, -fell);
    spread(next, std::max<std::int64_t>(fell, 0));
    series_.counted.bytes = next.used.value_or(series_.counted.bytes);
  }

  /// Until it was seen unchanged for the last time nothing went through, but for what the provider
  /// had not published yet.
  void spread(const Point& next, std::int64_t bytes) {
    const auto awaited = next.exact ? seconds(0) : rhythm_.publication;
    const auto from = std::max(last_.at, seen_ - awaited);
    const bool guessed = watch_gap(seen_, next.at, bytes);
    if (from > last_.at) add(last_.at, from, 0, false, false);
    add(from, next.at, bytes, guessed, false);
  }

  bool watch_gap(UtcTime from, UtcTime to, std::int64_t bytes) {
    const auto usual = std::max(rhythm_.publication, rhythm_.looking);
    if (to - from <= gap_factor * usual) return false;
    remark(Remark::gap, to, bytes);
    return true;
  }

  Series& series_;
  Rhythm rhythm_;
  Point last_;
  UtcTime seen_;          ///< when the figures of last_ were seen for the last time
  bool suspect_ = false;  ///< last_ is a jump back that is not explained yet
};

/// Where the time of a reading is: what is later than now is left out.
template <class Value, class Time>
std::vector<Value> without_future(std::vector<Value> values, UtcTime now, Time time,
                                  Series& series) {
  std::erase_if(values, [&](const Value& value) {
    if (time(value) <= now) return false;
    series.remarks.push_back({Remark::from_future, time(value), 0});
    return true;
  });
  return values;
}

}  // namespace

std::vector<Snapshot> in_order(std::vector<Snapshot> snapshots) {
  std::ranges::sort(snapshots, {}, [](const Snapshot& snapshot) {
    return std::tuple(snapshot.fetched_at, snapshot.as_of, bytes_of(snapshot.used),
                      bytes_of(snapshot.remaining));
  });
  return snapshots;
}

Series series_of(std::vector<Snapshot> snapshots, UtcTime now,
                 const std::optional<Counted>& counted) {
  Series series;
  const auto known = without_future(
      in_order(std::move(snapshots)), now,
      [](const Snapshot& snapshot) { return snapshot.fetched_at; }, series);
  std::vector<Point> points;
  for (std::size_t i = 0; i < known.size(); ++i)
    if (known[i].used || known[i].remaining) points.push_back(point_of(known[i], i));
  if (points.empty()) return series;
  const auto rhythm = rhythm_of(points);
  series.lag = rhythm.publication / 2;
  series.interval = rhythm.interval;
  for (auto& point : points)
    if (!point.exact) point.at -= series.lag;
  // A provider with several servers may answer with older figures than before.
  std::ranges::sort(points, {},
                    [](const Point& point) { return std::tuple(point.at, point.index); });
  if (counted) points.erase(points.begin(), std::ranges::find(points, 0U, &Point::index));
  if (points.empty()) return series;
  Count count(series, rhythm);
  count.begin(points.front(), counted);
  for (std::size_t i = 1; i < points.size(); ++i) count.go_on(points[i]);
  count.end();
  return series;
}

Series series_of(std::vector<Reading> readings, UtcTime now) {
  constexpr std::int64_t wrap = std::int64_t(1) << 32;
  Series series;
  readings = without_future(
      std::move(readings), now, [](const Reading& reading) { return reading.at; }, series);
  std::ranges::sort(readings, {}, [](const Reading& reading) {
    return std::tie(reading.at, reading.epoch, reading.bytes);
  });
  if (readings.empty()) return series;
  const bool narrow =
      std::ranges::all_of(readings, [](const Reading& reading) { return reading.bytes < wrap; });
  std::vector<double> spacings;
  for (std::size_t i = 1; i < readings.size(); ++i)
    spacings.push_back(double((readings[i].at - readings[i - 1].at).count()));
  const auto usual = quantile_of(spacings, 0.5);
  if (spacings.size() >= enough_changes) series.interval = quantile_of(spacings, 0.9);
  series.changed = readings.front().at;
  for (std::size_t i = 1; i < readings.size(); ++i) {
    const auto& last = readings[i - 1];
    const auto& next = readings[i];
    auto bytes = next.bytes;
    if (next.epoch == last.epoch) {
      bytes -= last.bytes;
      if (bytes < 0 && narrow) {
        bytes += wrap;
        series.remarks.push_back({Remark::wrapped, next.at, last.bytes});
      }
      if (bytes < 0) series.remarks.push_back({Remark::jumped_back, next.at, -bytes});
      series.jumped_back = bytes < 0;
      bytes = std::max<std::int64_t>(bytes, 0);
    }
    if (bytes != 0) series.changed = next.at;
    const bool guessed = next.at - last.at > gap_factor * usual;
    if (guessed) series.remarks.push_back({Remark::gap, next.at, bytes});
    series.deltas.push_back({std::min(last.at, next.at - shortest), next.at,
                             DataSize::of_bytes(bytes), guessed, false});
  }
  series.last = readings.size() - 1;
  series.counted.bytes = readings.back().bytes;
  return series;
}

}  // namespace usage
