#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "app/line_traffic.hpp"
#include "app/plans.hpp"
#include "app/traffic_transfer.hpp"
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

nlohmann::ordered_json finding_json(const usage::Finding& finding);
nlohmann::ordered_json hit_json(const usage::HitDates& hit);
std::string_view word_of(usage::Sureness sure);

/// A row for each bucket of each line, for a table.
Document history_rows(std::span<const LineHistory> lines);

/// What `usage --export`, `--local` with `--forget`, and `--import` tell.
Document exported_json(std::span<const app::FiledSeries> all);
Document counting_json(std::span<const std::string> counted,
                       std::span<const std::string> forgotten);
Document imported_json(std::span<const app::ImportedSeries> all);

}  // namespace cli
