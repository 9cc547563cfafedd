#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "cli/plot/plot.hpp"

/// Lines to be drawn: as people have them, odd ones, and any.
namespace cli_test {

using cli::plot::Day;
using cli::plot::Forecast;
using cli::plot::Line;
using std::chrono::days;
using std::chrono::local_days;
using usage::DataSize;

/// U+202E and U+2067, which turn the direction of what follows round.
inline const std::string right_to_left{'\xE2', '\x80', '\xAE'};
inline const std::string isolated{'\xE2', '\x81', '\xA7'};

inline DataSize megabytes(std::int64_t count) { return DataSize::of_bytes(count * 1000 * 1000); }

inline base::UtcTime at(std::chrono::year_month_day day, std::chrono::minutes clock) {
  return std::chrono::sys_days(day) + clock;
}

/// Days from `first` on that used so many megabytes, and what they come to.
inline void use(Line& line, local_days first, const std::vector<std::int64_t>& a_day) {
  std::int64_t sum = 0;
  for (const auto used : a_day) {
    line.days.push_back({first, megabytes(used)});
    first += days(1);
    sum += used;
  }
  line.used = megabytes(sum);
}

/// It will be over its limit before the month is.
inline Line travel() {
  using namespace std::chrono_literals;
  Line line{.title = "Travel", .account = "emnify"};
  line.start = local_days(2026y / 11 / 1);
  line.end = local_days(2026y / 12 / 1);
  use(line, *line.start, {310, 280, 350, 290, 420, 610, 580, 300, 310,  290,
                          330, 350, 640, 700, 300, 310, 280, 290, 1020, 560});
  line.days.at(8).estimated = line.days.at(9).estimated = true;
  line.limit = megabytes(10000);
  line.left = megabytes(10000) - *line.used;
  line.pace = megabytes(6530);
  line.forecast = Forecast{
      megabytes(11400),
      megabytes(12600),
      megabytes(14200),
      {local_days(2026y / 11 / 22), local_days(2026y / 11 / 24), local_days(2026y / 11 / 27)}};
  line.alarms = {
      "background use at night: 38 MB an hour between 02:00 and 05:00 since 18 Nov, "
      "usually 2 MB"};
  line.as_of = at(2026y / 11 / 20, 14h + 5min);
  return line;
}

inline Line unlimited() {
  using namespace std::chrono_literals;
  Line line{.title = "Home", .account = "mint"};
  line.start = local_days(2026y / 11 / 12);
  line.end = local_days(2026y / 12 / 12);
  use(line, *line.start, {1500, 1900, 2300, 1500, 1900, 2300, 1500, 1900, 2300});
  line.limit = usage::Unlimited{};
  line.forecast = Forecast{megabytes(49000), megabytes(57000), megabytes(66000), {}};
  line.as_of = at(2026y / 11 / 20, 14h + 5min);
  return line;
}

inline Line unknown() { return {.title = "测试卡", .account = "soracom"}; }

inline std::vector<Line> usual_lines() { return {travel(), unlimited(), unknown()}; }

/// Nothing is used yet, and nothing may be.
inline Line nothing_used() {
  using namespace std::chrono_literals;
  Line nothing{.title = "Nothing used, nothing allowed", .account = "telnyx"};
  nothing.start = local_days(2026y / 11 / 1);
  nothing.end = local_days(2026y / 12 / 1);
  use(nothing, *nothing.start, {0, 0, 0});
  nothing.limit = DataSize();
  nothing.left = DataSize();
  return nothing;
}

/// What does not come often, but comes.
inline std::vector<Line> odd_lines() {
  using namespace std::chrono_literals;
  std::vector<Line> lines;
  Line over{.title = "Over its limit, on the last day", .account = "soracom"};
  over.start = local_days(2026y / 1 / 31);
  over.end = local_days(2026y / 2 / 28);
  use(over, *over.start, std::vector<std::int64_t>(28, 45));
  over.limit = megabytes(1000);
  over.pace = megabytes(1000);
  over.alarms = {"the limit is reached", "the figures are 26 hours old"};
  lines.push_back(over);

  Line daily{.title = "One day", .account = "hologram"};
  daily.start = local_days(2026y / 11 / 20);
  daily.end = local_days(2026y / 11 / 21);
  use(daily, *daily.start, {37});
  daily.limit = megabytes(100);
  daily.left = megabytes(63);
  lines.push_back(daily);

  Line once{.title = "Ten years", .account = "1nce"};
  once.start = local_days(2020y / 1 / 1);
  once.end = local_days(2030y / 1 / 1);
  use(once, *once.start, {});
  for (int i = 0; i < 2515; ++i)
    once.days.push_back({*once.start + days(i), DataSize::of_bytes(90'000 + 500 * (i % 90))});
  once.used = DataSize::of_bytes(283'000'000);
  once.limit = megabytes(500);
  once.left = megabytes(500) - *once.used;
  once.forecast = Forecast{megabytes(390), megabytes(410), megabytes(450), {}};
  lines.push_back(once);

  Line half{.title = "Known since yesterday", .account = "twilio"};
  half.start = local_days(2026y / 11 / 1);
  half.end = local_days(2026y / 12 / 1);
  use(half, local_days(2026y / 11 / 19), {120, 80});
  half.used = megabytes(3100);
  half.limit = megabytes(5000);
  half.left = megabytes(1900);
  half.pace = megabytes(3300);
  lines.push_back(half);

  Line huge{.title = "As much as there can be", .account = ""};
  const auto most = DataSize::of_bytes(std::numeric_limits<std::int64_t>::max());
  for (int i = 0; i < 4; ++i) huge.days.push_back({local_days(2026y / 11 / 1) + days(i), most});
  huge.used = most;
  huge.limit = DataSize::of_bytes(1);
  huge.pace = DataSize();
  huge.forecast = Forecast{most, most, most, {}};
  lines.push_back(huge);

  auto hostile = travel();
  hostile.title = "<script>alert(\"1\")</script>]]>&amp;'\x1b[31m\x01\x7f" + right_to_left + "evil";
  hostile.account = std::string(10'000, 'W') + "\xFF\xEF\xBF\xBE";
  hostile.alarms = {
      std::string(10'000, '<'), " ",
      "-->\n<b onclick='x'>" + isolated + " " + std::string(60, 'm') + " 警報警報警報"};
  lines.push_back(hostile);
  return lines;
}

/// A line that nobody has; the same for the same numbers.
inline Line any_line(std::mt19937& numbers) {
  const auto below = [&](std::uint32_t end) { return static_cast<int>(numbers() % end); };
  const auto size = [&] {
    const auto bits = below(64);
    const auto high = static_cast<std::int64_t>(numbers()) << 31;
    const auto any = (high | static_cast<std::int64_t>(numbers() >> 1)) &
                     std::numeric_limits<std::int64_t>::max();
    return DataSize::of_bytes(bits == 0 ? 0 : any >> (63 - bits));
  };
  const auto maybe = [&]() -> std::optional<DataSize> {
    return below(4) == 0 ? std::nullopt : std::optional(size());
  };
  const auto text = [&] {
    constexpr auto parts = std::to_array<const char*>({"a",
                                                       "W",
                                                       " ",
                                                       "<",
                                                       ">",
                                                       "&",
                                                       "\"",
                                                       "'",
                                                       "]]>",
                                                       "<!--",
                                                       "&#0;",
                                                       "\n",
                                                       "\t",
                                                       "\x1b[2J",
                                                       "é",
                                                       "测",
                                                       "👩‍👩‍👧",
                                                       "🇨🇭",
                                                       "\xFF",
                                                       "\xC3",
                                                       "\xEF\xBF\xBF",
                                                       "e\xCC\x81",
                                                       "i"});
    std::string made;
    for (auto count = below(3) == 0 ? below(2000) : below(12); count > 0; --count)
      made += parts.at(static_cast<std::size_t>(below(parts.size())));
    return below(8) == 0 ? made + right_to_left + "b" : made;
  };
  const auto some_day = [&] {
    return local_days(days(below(2) == 0 ? 20'000 + below(40) : below(2'000'000) - 700'000));
  };
  const auto maybe_day = [&]() -> std::optional<local_days> {
    return below(3) == 0 ? std::nullopt : std::optional(some_day());
  };
  Line line{.title = text(), .account = text()};
  for (auto count = below(5) == 0 ? below(800) : below(35); count > 0; --count)
    line.days.push_back(
        {below(3) == 0 ? some_day() : local_days(days(20'000 + count)), size(), below(5) == 0});
  if (below(3) == 0) line.limit = usage::Unlimited{};
  if (below(3) > 0) line.limit = size();
  line.used = maybe();
  line.left = maybe();
  line.pace = maybe();
  line.start = below(3) == 0 ? maybe_day() : std::optional(local_days(days(20'000)));
  line.end = below(3) == 0 ? maybe_day() : std::optional(local_days(days(20'001 + below(60))));
  if (below(4) > 0)
    line.forecast = Forecast{size(), size(), size(), {maybe_day(), maybe_day(), maybe_day()}};
  for (auto count = below(3); count > 0; --count) line.alarms.push_back(text());
  if (below(4) > 0)
    line.as_of = base::UtcTime(std::chrono::seconds(1'700'000'000 + below(200'000'000)));
  return line;
}

}  // namespace cli_test
