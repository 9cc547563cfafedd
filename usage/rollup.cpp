#include "usage/rollup.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>

#include "usage/zone.hpp"

namespace usage {
namespace {

using base::UtcTime;
using std::chrono::days;

/// An hour of the zone, which ends with its day at the latest.
struct Hour {
  UtcTime start;
  UtcTime end;
};

/// The hours of a zone; it asks for the days once each.
class Hours {
 public:
  explicit Hours(const std::string& zone) : zone_(zone) {}

  Hour at(UtcTime instant) {
    if (instant < day_.start || instant >= day_.end) day_ = day_at(instant);
    const auto start = day_.start + std::chrono::floor<std::chrono::hours>(instant - day_.start);
    return {start, std::min(start + std::chrono::hours(1), day_.end)};
  }

  /// The clock may be put back over midnight, so the date alone does not tell.
  Hour day_at(UtcTime instant) const {
    auto day = local_day(instant, zone_) + days(1);
    while (start_of_day(day, zone_) > instant) day -= days(1);
    return {start_of_day(day, zone_), start_of_day(day + days(1), zone_)};
  }

 private:
  const std::string& zone_;
  Hour day_{};
};

/// How much of the delta is before `instant`. All of it, in shares that add up exactly.
std::int64_t share_before(const Delta& delta, UtcTime instant) {
  const auto span = (delta.to - delta.from).count();
  const auto part = (std::min(instant, delta.to) - delta.from).count();
  const auto bytes = delta.size.bytes();
  return bytes / span * part + bytes % span * part / span;
}

/// The bucket of that hour, made if it is not there. What belongs to a cycle that began within the
/// hour goes to that.
std::vector<Bucket>::iterator bucket_at(std::vector<Bucket>& buckets, UtcTime hour, UtcTime instant,
                                        bool new_cycle) {
  const auto after = std::ranges::upper_bound(buckets, instant, {}, &Bucket::start);
  const auto start = new_cycle ? instant : hour;
  if (after != buckets.begin()) {
    const auto before = std::prev(after);
    if (before->start == start || (!new_cycle && before->start > hour)) return before;
  }
  return buckets.insert(std::ranges::lower_bound(buckets, start, {}, &Bucket::start),
                        {.start = start, .size = {}, .guessed = false, .new_cycle = false});
}

void join(Bucket& group, const Bucket& bucket) {
  group.size = group.size + bucket.size;
  group.guessed = group.guessed || bucket.guessed;
}

}  // namespace

std::vector<Bucket> with_deltas(std::vector<Bucket> hours, std::span<const Delta> deltas,
                                const std::string& zone) {
  Hours zone_hours(zone);
  for (const auto& delta : deltas) {
    bool first = delta.new_cycle;
    std::int64_t counted = 0;
    for (auto instant = delta.from; instant < delta.to;) {
      const auto hour = zone_hours.at(instant);
      const auto before = share_before(delta, hour.end);
      const auto bucket = bucket_at(hours, hour.start, instant, first);
      join(*bucket, {.start = {},
                     .size = DataSize::of_bytes(before - counted),
                     .guessed = delta.guessed,
                     .new_cycle = false});
      bucket->new_cycle = bucket->new_cycle || std::exchange(first, false);
      counted = before;
      instant = hour.end;
    }
  }
  return hours;
}

std::vector<Bucket> days_of(std::span<const Bucket> buckets, const std::string& zone) {
  const Hours zone_hours(zone);
  std::vector<Bucket> made;
  Hour day{};
  bool guessed_last = false;
  for (const auto& bucket : buckets) {
    const bool other_day = bucket.start < day.start || bucket.start >= day.end;
    if (other_day) day = zone_hours.day_at(bucket.start);
    if (other_day || bucket.new_cycle) {
      // What was guessed over midnight makes both days a guess.
      if (!made.empty() && guessed_last) made.back().guessed = true;
      made.push_back(
          {bucket.new_cycle ? bucket.start : day.start, {}, bucket.guessed, bucket.new_cycle});
    }
    made.back().size = made.back().size + bucket.size;
    guessed_last = bucket.guessed;
  }
  if (!made.empty() && guessed_last) made.back().guessed = true;
  return made;
}

std::vector<Bucket> cycles_of(std::span<const Bucket> buckets) {
  std::vector<Bucket> made;
  for (const auto& bucket : buckets) {
    if (made.empty() || bucket.new_cycle)
      made.push_back(bucket);
    else
      join(made.back(), bucket);
  }
  return made;
}

DataSize total(std::span<const Bucket> buckets) {
  return std::transform_reduce(buckets.begin(), buckets.end(), DataSize(), std::plus(),
                               [](const Bucket& bucket) { return bucket.size; });
}

}  // namespace usage
