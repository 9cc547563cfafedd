#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/watch.hpp"
#include "base/utc.hpp"

namespace cli {

struct LiveStyle {
  std::size_t columns = 80;  ///< cells in a row
  std::size_t rows = 24;     ///< at most
  bool utf8 = true;          ///< else the bars are ASCII
  bool colour = false;       ///< by escape sequences
};

/// The rows of a screen: each line with a bar, what is used and left, even use (the mark in the
/// bar), the forecast and what is unusual; then `faults`, and when it goes on.
std::vector<std::string> live_rows(const app::WatchRound& round,
                                   const std::vector<std::string>& faults, base::UtcTime now,
                                   const LiveStyle& style);

}  // namespace cli
