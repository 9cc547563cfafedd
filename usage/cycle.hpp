#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/utc.hpp"

namespace usage {

enum class CycleRule : std::uint8_t {
  monthly,
  weekly,
  daily,
  once,  ///< a plan that ends and does not begin anew
  none   ///< nothing begins anew, as with paying by use
};

/// The time over which a plan's data is counted, from `start` until before `end`.
struct Cycle {
  CycleRule rule = CycleRule::none;
  std::optional<base::UtcTime> start;  ///< empty: unknown
  std::optional<base::UtcTime> end;    ///< empty: unknown, or there is none
  std::string zone = "UTC";            ///< by which days begin: a name of the IANA database

  bool operator==(const Cycle&) const = default;
};

struct EveryDay {};

/// When cycles begin: on a day of each month (1 to 31; the last day of months that are shorter), on
/// a day of the week, or every day; at 00:00 of the plan's zone.
using CycleAnchor = std::variant<std::chrono::day, std::chrono::weekday, EveryDay>;

/// The cycle that contains `instant`. Throws Error `usage.cycle` (usage) when the anchor is no day,
/// and what usage/zone.hpp has.
Cycle cycle_at(base::UtcTime instant, const CycleAnchor& anchor, const std::string& zone);

/// The first instant after `instant` at which a cycle begins. Throws as cycle_at does.
base::UtcTime next_boundary(base::UtcTime instant, const CycleAnchor& anchor,
                            const std::string& zone);

/// Days by the plan's zone from `now` until the end of the cycle, the one under way counted; 0 when
/// it is over. Empty when the end is unknown. Throws what usage/zone.hpp has.
std::optional<std::chrono::days> days_left(const Cycle& cycle, base::UtcTime now);

}  // namespace usage
