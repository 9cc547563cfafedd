#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "app/known_plans.hpp"
#include "app/world.hpp"
#include "base/utc.hpp"
#include "store/history.hpp"
#include "usage/detect.hpp"
#include "usage/forecast.hpp"
#include "usage/rollup.hpp"

namespace app {

/// How far back a judgement looks.
inline constexpr std::chrono::days judged_days(45);

enum class TrafficStep : std::uint8_t { hour, day, cycle };

/// What went through a line, where that leads to, and what is unusual about it.
struct LineTraffic {
  store::KeptSnapshot newest;
  store::KeptTraffic traffic;  ///< of the last six weeks at least
  std::optional<usage::Forecast> forecast{};
  usage::Findings findings{};
};

/// Of each line of `plans`, by what is kept; nobody is asked. A line is compared with the counter
/// of this machine that it is linked to. `since`: from when on it is wanted at least. Throws as
/// store::History, and what usage/zone.hpp has.
std::vector<LineTraffic> line_traffic(const World& world, const Plans& plans, base::UtcTime since);

/// Its hours, days or cycles that begin at `since` or later, and with cycles the one before.
std::vector<usage::Bucket> steps_of(const LineTraffic& line, TrafficStep step, base::UtcTime since);

/// The days of the cycle until the one of `now`, of which the last may have nothing; of the last 30
/// where no cycle is known. Empty when nothing is known.
std::vector<usage::Bucket> days_of_cycle(const LineTraffic& line, base::UtcTime now);

}  // namespace app
