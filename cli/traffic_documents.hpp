#pragma once

#include <span>
#include <vector>

#include "app/line_traffic.hpp"
#include "app/plans.hpp"
#include "cli/plan_documents.hpp"
#include "usage/rollup.hpp"

/// The JSON shape of what went through lines (docs/json.md).
namespace cli {

struct LineHistory {
  const app::LineTraffic& line;
  std::vector<usage::Bucket> buckets;
};

Document history_json(std::span<const LineHistory> lines, app::TrafficStep step,
                      const app::Plans& plans);

/// A row for each bucket of each line, for a table.
Document history_rows(std::span<const LineHistory> lines);

}  // namespace cli
