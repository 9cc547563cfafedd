#include "cli/plot/scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "usage/data_size.hpp"

namespace cli::plot {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month_day;

constexpr double headroom = 1.04;   ///< what is highest stays clear of the edge
constexpr double least_top = 1000;  ///< bytes
constexpr double most_steps = 5;
constexpr std::array<double, 5> round_steps{1, 2, 2.5, 5, 10};
constexpr std::array<std::string_view, 5> units{"B", "KB", "MB", "GB", "TB"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// The smallest round number of bytes of which few make `highest`.
double step_to(double highest) {
  const auto factor = std::pow(10.0, std::floor(std::log10(highest / most_steps)));
  for (const double round : round_steps) {
    if (round * factor * most_steps >= highest) return round * factor;
  }
  return round_steps.back() * factor;
}

std::string byte_label(double bytes) {
  std::size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < units.size()) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.15g} {}", bytes, units.at(unit));
}

std::string_view month_name(year_month_day date) {
  return months.at(static_cast<unsigned>(date.month()) - 1);
}

/// Days from one label to the next.
days tick_distance(days span) {
  if (span <= days(10)) return days(1);
  if (span <= days(45)) return days(7);
  if (span <= days(100)) return days(14);
  return span / 5;
}

}  // namespace

double ByteScale::at(double bytes) const { return std::clamp(bytes / top, 0.0, 1.0); }

ByteScale byte_scale(double highest) {
  const auto wanted = std::max(highest * headroom, least_top);
  const auto step = step_to(wanted);
  const auto steps = std::max(3.0, std::ceil(wanted / step));
  ByteScale scale{steps * step, {}};
  for (double i = 0; i <= steps; ++i) scale.ticks.push_back({i / steps, byte_label(i * step)});
  return scale;
}

std::string size_text(double bytes) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const bool fits = bytes < static_cast<double>(most);
  return usage::to_text(usage::DataSize::of_bytes(fits ? std::llround(bytes) : most));
}

std::vector<Tick> day_ticks(local_days start, local_days end) {
  const auto span = end - start;
  const auto distance = tick_distance(span);
  const bool by_month = span > days(100);
  std::vector<Tick> ticks;
  std::chrono::month named{};
  for (auto day = start; day < end; day += distance) {
    const year_month_day date(day);
    std::string label;
    if (by_month) {
      label = fmt::format("{} {}", month_name(date), static_cast<int>(date.year()));
    } else {
      label = date.month() == named ? fmt::format("{}", static_cast<unsigned>(date.day()))
                                    : day_text(day);
    }
    named = date.month();
    ticks.push_back({static_cast<double>((day - start).count()) / static_cast<double>(span.count()),
                     std::move(label)});
  }
  return ticks;
}

std::string day_text(local_days day) {
  const year_month_day date(day);
  return fmt::format("{} {}", static_cast<unsigned>(date.day()), month_name(date));
}

std::string full_day_text(local_days day) {
  return fmt::format("{} {}", day_text(day), static_cast<int>(year_month_day(day).year()));
}

std::string time_text(base::UtcTime time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{} {:02}:{:02} UTC", full_day_text(local_days(day.time_since_epoch())),
                     clock.hours().count(), clock.minutes().count());
}

}  // namespace cli::plot
