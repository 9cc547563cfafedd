#pragma once

#include <string>
#include <vector>

#include "app/line_traffic.hpp"
#include "app/world.hpp"
#include "base/utc.hpp"
#include "store/history.hpp"

/// The byte counters of this machine's network interfaces, which belong to no account.
namespace app {

/// Begins to count what goes through an interface, both ways together. Throws Error
/// `usage.interface` (not_found) when this machine has none of that name, and as store::History.
void start_counting(const World& world, const Observer& observer, const std::string& interface);

/// Reads those that are counted, once a minute at most; one that is not there at the moment keeps
/// what was counted. What goes wrong is noted.
void read_counters(const World& world, const Observer& observer, store::History& history);

/// The same where no history is open yet; nothing where there is none.
void read_counters(const World& world, const Observer& observer);

/// Forgets a counter, and all that it has counted. Throws Error `usage.interface` (not_found) when
/// there is none of that name, and as store::History.
void forget_counter(const World& world, const std::string& counter);

/// Of the names of a command, those of counters, and the others; all counters when there are no
/// names.
struct CalledCounters {
  std::vector<std::string> counters{};
  std::vector<std::string> others{};
};
CalledCounters called_counters(const World& world, const std::vector<std::string>& names);

/// What went through them, and what is unusual about it: lines without an account, whose
/// `provider_id` is the name of the counter. Throws as line_traffic.
std::vector<LineTraffic> counter_traffic(const World& world,
                                         const std::vector<std::string>& counters,
                                         base::UtcTime since);

}  // namespace app
