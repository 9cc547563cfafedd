#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/utc.hpp"

/// Where values and days are in a picture, whatever it is drawn with.
namespace cli::plot {

struct Tick {
  double at = 0;  ///< share of the axis, 0 to 1
  std::string label;
};

/// From nothing to a round number of bytes.
struct ByteScale {
  double top = 1;           ///< more than what it was made for
  std::vector<Tick> ticks;  ///< 4 to 6, at even distances, from 0 to the top

  /// Share of the axis, 0 to 1; what is higher than the top is at the top.
  [[nodiscard]] double at(double bytes) const;
};

ByteScale byte_scale(double highest);

/// As usage::to_text has it; at most 2^63 - 1 bytes.
std::string size_text(double bytes);

/// Round dates of the days from `start` until before `end`: each is at the beginning of its day.
/// A label names the month when the one before does not.
std::vector<Tick> day_ticks(std::chrono::local_days start, std::chrono::local_days end);

/// "20 Nov", and with the year "20 Nov 2026".
std::string day_text(std::chrono::local_days day);
std::string full_day_text(std::chrono::local_days day);

/// "20 Nov 2026 14:05 UTC".
std::string time_text(base::UtcTime time);

}  // namespace cli::plot
