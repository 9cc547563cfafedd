#include "cli/live_screen.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/line_names.hpp"
#include "base/spoken_time.hpp"
#include "base/text.hpp"
#include "cli/findings.hpp"

namespace cli {
namespace {

constexpr std::size_t widest_bar = 60;
constexpr std::size_t narrowest_bar = 8;
constexpr std::size_t beside_bar = 8;  ///< cells for the brackets and the per cent
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view plain = "\x1b[0m";

std::optional<usage::DataSize> limit_of(const usage::Snapshot& snapshot) {
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  return limit == nullptr ? std::nullopt : std::optional(*limit);
}

std::string amounts(const usage::Snapshot& snapshot) {
  auto text = snapshot.used ? usage::to_text(*snapshot.used) : std::string("an unknown amount");
  if (const auto limit = limit_of(snapshot)) text += " of " + usage::to_text(*limit);
  text += " used";
  if (snapshot.remaining) text += fmt::format(", {} left", usage::to_text(*snapshot.remaining));
  return text;
}

std::string outlook(const app::LineTraffic& line, base::UtcTime now) {
  std::string text;
  if (const auto even = usage::pace(line.newest.snapshot, now))
    text = fmt::format("even use would be {}", usage::to_text(*even));
  if (const auto& forecast = line.forecast) {
    text += fmt::format("{}at the end probably {} ({} to {})", text.empty() ? "" : "; ",
                        usage::to_text(forecast->expected), usage::to_text(forecast->low),
                        usage::to_text(forecast->high));
  }
  return text;
}

std::string bar(double share, std::optional<double> pace, std::size_t width, bool utf8) {
  const auto cell = [&](double at) {
    return static_cast<std::size_t>(std::clamp(at, 0.0, 1.0) * static_cast<double>(width));
  };
  const auto filled = cell(share);
  const auto mark = pace ? std::min(cell(*pace), width - 1) : width;
  std::string text = "[";
  for (std::size_t i = 0; i < width; ++i) {
    if (i == mark) {
      text += utf8 ? "│" : "|";
    } else if (i < filled) {
      text += utf8 ? "█" : "#";
    } else {
      text += utf8 ? "░" : ".";
    }
  }
  return text + "]";
}

/// How full it is, with even use as a mark.
std::optional<std::string> drawn(const usage::Snapshot& snapshot, base::UtcTime now,
                                 const LiveStyle& style) {
  const auto share = usage::share_used(snapshot);
  const auto limit = limit_of(snapshot);
  if (!share || !limit) return std::nullopt;
  std::optional<double> pace;
  if (const auto even = usage::pace(snapshot, now); even && limit->bytes() > 0)
    pace = static_cast<double>(even->bytes()) / static_cast<double>(limit->bytes());
  const auto width =
      std::clamp(style.columns - std::min(style.columns, beside_bar), narrowest_bar, widest_bar);
  const auto text = bar(*share, pace, width, style.utf8);
  const auto colour = *share >= 0.95 ? red : *share >= 0.8 ? yellow : std::string_view();
  const bool coloured = style.colour && !colour.empty();
  return fmt::format("{}{}{} {:.0f} %", coloured ? colour : "", text, coloured ? plain : "",
                     std::min(*share * 100, 9999.0));
}

}  // namespace

std::vector<std::string> live_rows(const app::WatchRound& round,
                                   const std::vector<std::string>& faults, base::UtcTime now,
                                   const LiveStyle& style) {
  std::vector<std::string> rows;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) rows.push_back(base::elide(text, style.columns));
  };
  for (const auto& line : round.lines) {
    const auto& newest = line.traffic.newest;
    add(fmt::format("{} of “{}”, {} ago", app::spoken_line(newest.snapshot.line),
                    base::clean(newest.account), base::spoken(now - newest.snapshot.fetched_at)));
    if (auto picture = drawn(newest.snapshot, now, style)) rows.push_back(*std::move(picture));
    add(amounts(newest.snapshot));
    add(outlook(line.traffic, now));
    for (const auto& finding : line.traffic.findings.found) add("! " + spoken(finding));
    rows.emplace_back();
  }
  if (round.lines.empty()) add("nothing is known of any line yet");
  for (const auto& fault : faults) add("! " + fault);
  const auto last = base::elide(
      fmt::format("Ctrl-C ends; next look at {}", base::to_rfc3339(round.next)), style.columns);
  if (rows.size() + 1 > style.rows) {
    rows.resize(std::max<std::size_t>(style.rows, 2) - 2);
    rows.emplace_back("…");
  }
  rows.push_back(last);
  return rows;
}

}  // namespace cli
