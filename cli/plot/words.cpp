#include "cli/plot/words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/plot/scale.hpp"

namespace cli::plot {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using usage::DataSize;
using usage::to_text;

constexpr std::size_t longest_name = 120;
constexpr std::size_t longest_alarm = 400;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

std::string name(const std::string& text) { return trimmed(base::clean(text, longest_name)); }

const DataSize* limit_of(const Line& line) { return std::get_if<DataSize>(&line.limit); }

std::string share_text(DataSize used, DataSize limit) {
  if (limit.bytes() == 0) return {};
  const auto share = static_cast<double>(used.bytes()) / static_cast<double>(limit.bytes());
  return share < 100 ? fmt::format(" ({:.0f} %)", share * 100) : std::string();
}

/// What there is of the plan, and how much of it is used.
std::vector<Figure> amounts(const Line& line) {
  const auto* const limit = limit_of(line);
  const bool unlimited = std::holds_alternative<usage::Unlimited>(line.limit);
  std::vector<Figure> made;
  if (line.used && limit != nullptr) {
    made.push_back(
        {"used", to_text(*line.used) + " of " + to_text(*limit) + share_text(*line.used, *limit)});
  } else if (line.used) {
    made.push_back(
        {"used", to_text(*line.used) + (unlimited ? ", no limit" : ", limit not known")});
  } else if (limit != nullptr || unlimited) {
    made.push_back({"limit", unlimited ? std::string("none") : to_text(*limit)});
  }
  if (line.used && limit != nullptr && *line.used > *limit) {
    made.push_back({"left", "nothing, " + to_text(*line.used - *limit) + " over the limit"});
  } else if (line.left) {
    made.push_back({"left", to_text(*line.left)});
  }
  return made;
}

std::string pace_text(DataSize used, DataSize pace) {
  if (used == pace) return "as even use";
  if (used > pace) return to_text(used - pace) + " more than even use";
  return to_text(pace - used) + " less than even use";
}

/// "9.9 to 12.1 GB", "900.0 MB to 1.2 GB"; likewise days.
std::string range_text(const std::string& from, const std::string& to) {
  const auto unit = from.find(' ');
  const auto rest = to.find(' ');
  const bool same = unit != std::string::npos && rest != std::string::npos &&
                    std::string_view(from).substr(unit) == std::string_view(to).substr(rest);
  return (same ? from.substr(0, unit) : from) + " to " + to;
}

std::string forecast_text(const Forecast& forecast) {
  const auto low = std::min(forecast.low, forecast.likely);
  const auto high = std::max(forecast.high, forecast.likely);
  return fmt::format("{} ({})", to_text(forecast.likely), range_text(to_text(low), to_text(high)));
}

std::string reached_text(const LimitReached& reached) {
  const auto& [earliest, likely, latest] = reached;
  if (!likely && !earliest && !latest) return "not reached in this cycle";
  auto text = likely ? "reached " + day_text(*likely) : std::string("probably not reached");
  if (earliest && latest) {
    text += fmt::format(" ({})", range_text(day_text(*earliest), day_text(*latest)));
  } else if (earliest) {
    text += fmt::format(" ({} at the earliest)", day_text(*earliest));
  } else if (latest) {
    text += fmt::format(" ({} at the latest)", day_text(*latest));
  }
  return text;
}

std::string cycle_text(local_days start, local_days end) {
  const auto last = end - days(1);
  const bool same_year =
      std::chrono::year_month_day(start).year() == std::chrono::year_month_day(last).year();
  const auto year = fmt::format(" {}", static_cast<int>(std::chrono::year_month_day(last).year()));
  if (start == last) return full_day_text(start);
  return same_year ? range_text(day_text(start), day_text(last)) + year
                   : full_day_text(start) + " to " + full_day_text(last);
}

}  // namespace

std::string title_of(const Line& line) {
  auto title = name(line.title);
  return title.empty() ? std::string("unnamed line") : title;
}

std::string account_of(const Line& line) { return name(line.account); }

std::vector<Figure> figures(const Line& line) {
  auto made = amounts(line);
  if (line.used && line.pace) made.push_back({"pace", pace_text(*line.used, *line.pace)});
  if (line.forecast) {
    made.push_back({"forecast", forecast_text(*line.forecast)});
    if (limit_of(line) != nullptr)
      made.push_back({"limit", reached_text(line.forecast->limit_reached)});
  }
  if (line.start && line.end && *line.start < *line.end)
    made.push_back({"cycle", cycle_text(*line.start, *line.end)});
  if (line.as_of) made.push_back({"as of", time_text(*line.as_of)});
  return made;
}

std::vector<std::string> alarms_of(const Line& line) {
  std::vector<std::string> made;
  for (const auto& alarm : line.alarms) {
    auto text = trimmed(base::clean(alarm, longest_alarm));
    if (!text.empty()) made.push_back(std::move(text));
  }
  return made;
}

std::string description(const Line& line) {
  std::string text;
  for (const auto& [label, value] : figures(line))
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", label, value);
  return text + ".";
}

}  // namespace cli::plot
