#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "usage/data_size.hpp"
#include "usage/snapshot.hpp"

/// Pictures of how lines use their data: the total of the cycle day by day, the limit, even use,
/// and where it is going. They take plain values and draw; nothing is asked or looked up.
namespace cli::plot {

struct Day {
  std::chrono::local_days date;  ///< by the plan's zone
  usage::DataSize used;          ///< on that day
  bool estimated = false;        ///< nobody measured that day by itself
};

/// The first day on which the limit may be, probably is, and at the latest is used up.
struct LimitReached {
  std::optional<std::chrono::local_days> earliest{};
  std::optional<std::chrono::local_days> likely{};
  std::optional<std::chrono::local_days> latest{};
};

/// What will have been used at the end of the cycle.
struct Forecast {
  usage::DataSize low;
  usage::DataSize likely;
  usage::DataSize high;
  LimitReached limit_reached{};  ///< a day that is empty: not in this cycle
};

/// One line. Texts may come from anywhere: they are cleaned and shortened where they are drawn.
struct Line {
  std::string title;        ///< of the profile, or what else it is called
  std::string account{};    ///< empty: none
  std::vector<Day> days{};  ///< of the cycle until today; in any order, those outside are not drawn
  usage::Limit limit = usage::Unknown{};
  std::optional<usage::DataSize> used{};
  std::optional<usage::DataSize> left{};
  std::optional<usage::DataSize> pace{};           ///< what even use would have come to by now
  std::optional<std::chrono::local_days> start{};  ///< of the cycle: its first day
  std::optional<std::chrono::local_days> end{};    ///< the first day that is no longer of it
  std::optional<Forecast> forecast{};
  std::vector<std::string> alarms{};
  std::optional<base::UtcTime> as_of{};
};

struct TextStyle {
  std::size_t columns = 80;  ///< cells in a line; drawn as for 20 where there are fewer
  bool utf8 = true;          ///< else the picture and all words are ASCII
  bool colour = false;       ///< by escape sequences
};

/// Drawn in characters, a line below another.
std::string plot_text(std::span<const Line> lines, const TextStyle& style);

/// An SVG document, for people with light and dark screens.
std::string plot_svg(std::span<const Line> lines);

/// A page of HTML that needs no other file and no script, and is well-formed XML as well.
std::string plot_html(std::span<const Line> lines);

}  // namespace cli::plot
