#include "cli/plot/series.hpp"

#include <algorithm>

namespace cli::plot {
namespace {

using std::chrono::days;
using std::chrono::local_days;

double bytes(usage::DataSize size) { return static_cast<double>(size.bytes()); }

local_days day_of(base::UtcTime time) {
  return local_days(std::chrono::floor<days>(time).time_since_epoch());
}

/// One bar a day. What was used before the first of them is below them all.
std::vector<Bar> bars(const Line& line, const std::optional<local_days>& start,
                      const std::optional<local_days>& end) {
  std::vector<Bar> bars;
  for (const auto& day : line.days) {
    if ((start && day.date < *start) || (end && day.date >= *end)) continue;
    bars.push_back({day.date, 0, bytes(day.used), day.estimated});
  }
  std::ranges::sort(bars, {}, &Bar::day);
  std::vector<Bar> joined;
  double sum = 0;
  for (const auto& bar : bars) {
    sum += bar.used;
    if (joined.empty() || joined.back().day != bar.day) {
      joined.push_back(bar);
    } else {
      joined.back().used += bar.used;
      joined.back().estimated |= bar.estimated;
    }
  }
  double before = line.used ? std::max(0.0, bytes(*line.used) - sum) : 0;
  for (auto& bar : joined) {
    bar.before = before;
    before += bar.used;
  }
  return joined;
}

}  // namespace

double Series::highest() const {
  const auto seen = std::max(bars.back().total(), limit.value_or(0));
  const auto forecast = band ? band->high : 0;
  return std::max(seen, limit ? std::min(forecast, 2 * seen) : forecast);
}

const Bar* Series::bar_at(local_days day) const {
  if (day > bars.back().day) return nullptr;
  const auto after = std::ranges::upper_bound(bars, day, {}, &Bar::day);
  return after == bars.begin() ? nullptr : &*std::prev(after);
}

std::optional<double> Series::pace_at(double at) const {
  if (!limit || days() <= 1) return std::nullopt;
  return *limit * at / days();
}

Band Series::band_at(double at) const {
  if (!band) return {};
  const auto from = bars.back().total();
  const auto share = std::clamp((at - days_past()) / (days() - days_past()), 0.0, 1.0);
  const auto between = [&](double to) { return from + (to - from) * share; };
  return {between(band->low), between(band->likely), between(band->high)};
}

std::optional<Series> series(const Line& line) {
  auto start = line.start;
  auto end = line.end;
  if (start && end && *end <= *start) start = end = std::nullopt;
  Series made{.start = {}, .end = {}, .bars = bars(line, start, end), .limit = {}, .band = {}};
  if (made.bars.empty() && line.used && line.as_of) {
    const auto today = day_of(*line.as_of);
    const auto last = end ? std::min(today, *end - days(1)) : today;
    made.bars.push_back({start ? std::max(last, *start) : last, bytes(*line.used), 0, false});
  }
  if (made.bars.empty()) return std::nullopt;
  made.start = start.value_or(made.bars.front().day);
  made.end = end.value_or(made.bars.back().day + days(1));
  const auto* const limit = std::get_if<usage::DataSize>(&line.limit);
  if (limit != nullptr && limit->bytes() > 0) made.limit = bytes(*limit);
  if (line.forecast && made.days_past() < made.days()) {
    const auto low = std::max(bytes(line.forecast->low), made.bars.back().total());
    const auto likely = std::max(bytes(line.forecast->likely), low);
    made.band = Band{low, likely, std::max(bytes(line.forecast->high), likely)};
  }
  return made;
}

}  // namespace cli::plot
