#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "cli/plot/plot.hpp"

namespace cli::plot {

/// A day that has been measured. Bytes, as drawings want them.
struct Bar {
  std::chrono::local_days day;
  double before = 0;  ///< used in the cycle until that day
  double used = 0;    ///< on that day
  bool estimated = false;

  [[nodiscard]] double total() const { return before + used; }
};

/// What the total comes to at the end of the cycle; low <= likely <= high.
struct Band {
  double low = 0;
  double likely = 0;
  double high = 0;
};

/// What there is to draw of a line.
struct Series {
  std::chrono::local_days start;  ///< of what is drawn: the cycle, or the days that are known
  std::chrono::local_days end;    ///< after `start`
  std::vector<Bar> bars;          ///< at least one, by day, inside
  std::optional<double> limit;    ///< more than nothing
  std::optional<Band> band;       ///< from the last bar on; none when no day is left

  [[nodiscard]] double days() const { return static_cast<double>((end - start).count()); }

  /// Days from `start` until after the last bar.
  [[nodiscard]] double days_past() const {
    return static_cast<double>((bars.back().day - start).count() + 1);
  }

  /// What even use would have come to `at` days after `start`. What is used on a single day has no
  /// pace, and neither has what nothing limits.
  [[nodiscard]] std::optional<double> pace_at(double at) const;

  /// The highest value that has to be seen. A forecast out of all proportion does not flatten the
  /// rest.
  [[nodiscard]] double highest() const;

  /// The bar that tells the total at the end of `day`: its own, or the last before it. Null before
  /// the first, and after the last.
  [[nodiscard]] const Bar* bar_at(std::chrono::local_days day) const;

  /// Where the forecast is `at` days after `start`, between the last bar and the end.
  [[nodiscard]] Band band_at(double at) const;
};

/// Empty when nothing is known that has a place in the cycle.
std::optional<Series> series(const Line& line);

}  // namespace cli::plot
