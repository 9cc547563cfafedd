#pragma once

#include <filesystem>
#include <string>

#include "app/watch.hpp"

namespace app {

/// What a round of `watch` found, as OpenMetrics 1.0 has it, gauges alone: what a Prometheus of any
/// age reads as well.
std::string metrics_text(const WatchRound& round);

/// Writes it into the file: its old contents are there until the new ones are, for its owner and
/// its group. Throws Error `watch.metrics` (failure).
void write_metrics(const std::filesystem::path& file, const WatchRound& round);

/// Throws Error `watch.metrics-name` (usage) for a name that node_exporter does not read.
void require_metrics_file(const std::filesystem::path& file);

}  // namespace app
