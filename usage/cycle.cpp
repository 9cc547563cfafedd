#include "usage/cycle.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "usage/zone.hpp"

namespace usage {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;

year_month month_of(local_days day) {
  const year_month_day date(day);
  return date.year() / date.month();
}

local_days in_month(year_month month, std::chrono::day anchor) {
  const auto last = (month / std::chrono::last).day();
  return local_days(month / std::min(anchor, last));
}

/// The newest day up to `day` on which a cycle begins, and the next such day after `begun`, which
/// is one.
local_days newest(std::chrono::day anchor, local_days day) {
  const auto month = month_of(day);
  const auto here = in_month(month, anchor);
  return here <= day ? here : in_month(month - months(1), anchor);
}
local_days following(std::chrono::day anchor, local_days begun) {
  return in_month(month_of(begun) + months(1), anchor);
}

local_days newest(std::chrono::weekday anchor, local_days day) {
  return day - (std::chrono::weekday(day) - anchor);
}
local_days following(std::chrono::weekday /*anchor*/, local_days begun) { return begun + days(7); }

local_days newest(EveryDay /*anchor*/, local_days day) { return day; }
local_days following(EveryDay /*anchor*/, local_days begun) { return begun + days(1); }

constexpr CycleRule rule_of(std::chrono::day /*anchor*/) { return CycleRule::monthly; }
constexpr CycleRule rule_of(std::chrono::weekday /*anchor*/) { return CycleRule::weekly; }
constexpr CycleRule rule_of(EveryDay /*anchor*/) { return CycleRule::daily; }

bool is_day(std::chrono::day anchor) { return anchor.ok(); }
bool is_day(std::chrono::weekday anchor) { return anchor.ok(); }
bool is_day(EveryDay /*anchor*/) { return true; }

struct Bounds {
  base::UtcTime start;
  base::UtcTime end;
};

template <class Anchor>
Bounds bounds_by(Anchor anchor, base::UtcTime instant, const std::string& zone) {
  if (!is_day(anchor))
    throw base::Error(base::ErrorKind::usage, "usage.cycle",
                      "the cycle cannot be told: there is no such day for it to begin on");
  // The clock may be put back over midnight: by the date alone a day begins twice. So the instants
  // decide, from a day that has not begun yet or has just begun.
  auto begun = newest(anchor, local_day(instant, zone) + days(1));
  while (start_of_day(begun, zone) > instant) begun = newest(anchor, begun - days(1));
  return {start_of_day(begun, zone), start_of_day(following(anchor, begun), zone)};
}

Bounds bounds_at(base::UtcTime instant, const CycleAnchor& anchor, const std::string& zone) {
  return std::visit([&](auto day) { return bounds_by(day, instant, zone); }, anchor);
}

}  // namespace

Cycle cycle_at(base::UtcTime instant, const CycleAnchor& anchor, const std::string& zone) {
  const auto rule = std::visit([](auto day) { return rule_of(day); }, anchor);
  const auto bounds = bounds_at(instant, anchor, zone);
  return {rule, bounds.start, bounds.end, zone};
}

base::UtcTime next_boundary(base::UtcTime instant, const CycleAnchor& anchor,
                            const std::string& zone) {
  return bounds_at(instant, anchor, zone).end;
}

std::optional<days> days_left(const Cycle& cycle, base::UtcTime now) {
  if (!cycle.end) return std::nullopt;
  if (now >= *cycle.end) return days(0);
  const auto last = local_day(*cycle.end - std::chrono::seconds(1), cycle.zone);
  return std::max(days(1), last - local_day(now, cycle.zone) + days(1));
}

}  // namespace usage
