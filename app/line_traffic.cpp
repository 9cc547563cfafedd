#include "app/line_traffic.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <variant>

#include "usage/zone.hpp"

namespace app {
namespace {

/// Of fewer days that somebody looked at, nobody knows how different days are.
constexpr std::ptrdiff_t least_days = 3;

/// Without a cycle.
constexpr std::chrono::days drawn(30);

std::optional<usage::DataSize> limit_of(const usage::Snapshot& snapshot) {
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  return limit == nullptr ? std::nullopt : std::optional(*limit);
}

usage::Findings findings_of(const LineTraffic& line, base::UtcTime now) {
  const auto& [newest, traffic, forecast, unused] = line;
  return usage::detect({.hours = traffic.buckets,
                        .until = traffic.until.value_or(now),
                        .zone = traffic.zone,
                        .cycle = newest.snapshot.cycle,
                        .limit = limit_of(newest.snapshot),
                        .publication = 2 * traffic.recent.lag,
                        .changed = traffic.recent.changed,
                        .interval = traffic.recent.interval,
                        .now = now,
                        .local = false});
}

/// What the carrier counts and the interface that the line is on does not, or the other way.
std::optional<usage::Finding> unaccounted_of(store::History& history, const LineTraffic& line,
                                             const std::string& counter, base::UtcTime now) {
  const auto& carrier = line.traffic;
  if (counter.empty() || !carrier.until) return std::nullopt;
  const auto local = history.local_traffic(counter, now - judged_days, now);
  if (!local.until) return std::nullopt;
  const auto watched = [&](const store::KeptTraffic& traffic) {
    return usage::Watched{.hours = traffic.buckets,
                          .until = *traffic.until,
                          .zone = traffic.zone,
                          .now = now,
                          .local = false};
  };
  return usage::unaccounted(watched(carrier), watched(local));
}

std::optional<usage::Forecast> forecast_of(const LineTraffic& line) {
  const auto& [newest, traffic, unused, findings] = line;
  const auto& snapshot = newest.snapshot;
  if (!snapshot.cycle || !snapshot.used || !traffic.until) return std::nullopt;
  const auto days = usage::days_of(traffic.buckets, traffic.zone);
  if (std::ranges::count(days, false, &usage::Bucket::guessed) < least_days) return std::nullopt;
  return usage::forecast({.days = days,
                          .left_out = {},
                          .cycle = *snapshot.cycle,
                          .used = *snapshot.used,
                          .limit = limit_of(snapshot),
                          .now = *traffic.until,
                          .lag = traffic.recent.lag});
}

}  // namespace

std::vector<LineTraffic> line_traffic(const World& world, const Plans& plans, base::UtcTime since) {
  std::vector<LineTraffic> made;
  if (plans.lines.empty()) return made;
  auto history = store::History::open_existing(world.state_directory);
  const auto now = world.clock.utc();
  for (const auto& each : plans.lines) {
    auto from = std::min(since, now - judged_days);
    if (each.snapshot.cycle && each.snapshot.cycle->start)
      from = std::min(from, *each.snapshot.cycle->start);
    LineTraffic line{.newest = each,
                     .traffic = history.traffic(each.account, each.snapshot.line, from, now)};
    line.findings = findings_of(line, now);
    if (const auto found = unaccounted_of(history, line, linked_counter(plans, each), now))
      line.findings.found.push_back(*found);
    line.forecast = forecast_of(line);
    made.push_back(std::move(line));
  }
  return made;
}

std::vector<usage::Bucket> steps_of(const LineTraffic& line, TrafficStep step,
                                    base::UtcTime since) {
  auto buckets = line.traffic.buckets;
  if (step == TrafficStep::day) buckets = usage::days_of(buckets, line.traffic.zone);
  if (step == TrafficStep::cycle) buckets = usage::cycles_of(buckets);
  auto first = std::ranges::lower_bound(buckets, since, {}, &usage::Bucket::start);
  if (step == TrafficStep::cycle && first != buckets.begin()) --first;
  buckets.erase(buckets.begin(), first);
  return buckets;
}

std::vector<usage::Bucket> days_of_cycle(const LineTraffic& line, base::UtcTime now) {
  const auto& zone = line.traffic.zone;
  const auto& cycle = line.newest.snapshot.cycle;
  const auto start = cycle && cycle->start ? *cycle->start : now - drawn;
  auto buckets = line.traffic.buckets;
  std::erase_if(buckets, [&](const usage::Bucket& each) { return each.start < start; });
  auto made = usage::days_of(buckets, zone);
  const auto today = usage::start_of_day(usage::local_day(now, zone), zone);
  if (!made.empty() && made.back().start < today) made.push_back({today, {}, false, false});
  return made;
}

}  // namespace app
