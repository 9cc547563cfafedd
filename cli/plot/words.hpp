#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/plot/plot.hpp"

/// What is said beside a picture; the same words wherever it is drawn. All are clean.
namespace cli::plot {

struct Figure {
  std::string label;
  std::string value;
};

/// The profile's name, or what stands for it.
std::string title_of(const Line& line);

/// Empty: none.
std::string account_of(const Line& line);

/// All that is known: used, left, pace, forecast, limit, cycle, as of.
std::vector<Figure> figures(const Line& line);

std::vector<std::string> alarms_of(const Line& line);

/// Why there is no picture.
inline constexpr std::string_view nothing_known =
    "Nothing to draw yet: no use of this cycle is known.";

/// What a picture shows, in a sentence for those who do not see it.
std::string description(const Line& line);

}  // namespace cli::plot
