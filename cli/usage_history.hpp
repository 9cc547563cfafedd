#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/line_traffic.hpp"
#include "app/plans.hpp"
#include "cli/context.hpp"

namespace cli {

struct HistoryOptions {
  std::string since;  ///< empty: 30 days ago
  app::TrafficStep by = app::TrafficStep::day;
  bool csv = false;
};

/// What went through the lines of `plans`, hour by hour, day by day or cycle by cycle.
/// Those of counters of this machine come last.
void print_history(const Context& context, const app::Plans& plans,
                   const std::vector<std::string>& counters, const HistoryOptions& options);

/// A picture of each line's cycle: on standard output where `file` is "-", else in that file, whose
/// name ends with ".svg" or ".html". Throws Error `usage.plot` (usage) for another name, before
/// anything is asked, and `usage.plot-file` (failure) when it cannot be written.
void require_picture(const std::string& file);
void print_picture(const Context& context, const app::Plans& plans, const std::string& file);

}  // namespace cli
