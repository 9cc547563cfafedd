#include "cli/findings.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

#include "base/spoken_time.hpp"
#include "base/utc.hpp"
#include "usage/data_size.hpp"

namespace cli {
namespace {

using usage::Detector;

std::string size(std::int64_t bytes) { return usage::to_text(usage::DataSize::of_bytes(bytes)); }

std::string what(const usage::Finding& finding) {
  const auto observed = finding.detector == Detector::stale ? "" : size(finding.observed);
  const auto usual = finding.detector == Detector::stale ? "" : size(finding.usual);
  switch (finding.detector) {
    case Detector::quiet_hours:
      return fmt::format("{} a night between 2 and 6 o'clock, usually {}", observed, usual);
    case Detector::day:
      return fmt::format("{} in 24 hours, usually {}", observed, usual);
    case Detector::drift:
      return fmt::format("{} a day, and a little more each day; usually {}", observed, usual);
    case Detector::burn_rate:
      return fmt::format("{} lately, where the plan has {} for that time", observed, usual);
    case Detector::stale:
      return fmt::format("the figures have not changed for {}, usually they do within {}",
                         base::spoken(std::chrono::seconds(finding.observed)),
                         base::spoken(std::chrono::seconds(finding.usual)));
    case Detector::hour_of_week:
      return fmt::format("{} in an hour, at that time of the week usually {}", observed, usual);
    case Detector::unaccounted:
      return fmt::format("the carrier counts {} in 24 hours, this machine {}", observed, usual);
  }
  return {};
}

constexpr std::array<std::string_view, 6> advice{
    "look for what runs in the background: back-ups, synchronisation, updates",
    "look for a large download or upload at that time",
    "compare the days, and see what is new",
    "use less, or buy more, before the limit is reached",
    "see whether the account can still be asked: `esimctl login`",
    "look for another device with that plan, and for what is shared with others"};

constexpr std::array<std::string_view, 3> sureness{"perhaps: ", "", "surely: "};

std::string sentence(const std::string& what, usage::Sureness sure, base::UtcTime since,
                     usage::Advice next) {
  return fmt::format("{}{}, since {}; {}", sureness.at(static_cast<std::size_t>(sure)), what,
                     base::to_rfc3339(since), spoken(next));
}

std::string used_of(const usage::Alarm& alarm) {
  if (!alarm.used || !alarm.limit) return {};
  return fmt::format(": {} of {} used", usage::to_text(*alarm.used), usage::to_text(*alarm.limit));
}

std::string reached(const usage::HitDates& hit) {
  if (!hit.likely) return "the limit may be reached before the cycle ends";
  return fmt::format("the limit will be reached before the cycle ends, likely on {}{}",
                     base::to_rfc3339(*hit.likely),
                     hit.earliest && *hit.earliest < *hit.likely
                         ? ", on " + base::to_rfc3339(*hit.earliest) + " at the earliest"
                         : std::string());
}

}  // namespace

std::string_view spoken(usage::Advice next) { return advice.at(static_cast<std::size_t>(next)); }

std::string spoken(const usage::Finding& finding) {
  return sentence(what(finding), finding.sureness, finding.since, finding.advice);
}

std::string brief(const usage::Alarm& alarm) {
  if (alarm.finding) return what(*alarm.finding);
  if (alarm.kind == usage::forecast_alarm) return reached(alarm.hit);
  return fmt::format("{} % of the limit was reached{}", alarm.percent, used_of(alarm));
}

std::string line_of(const usage::Alarm& alarm) {
  return alarm.name == alarm.account ? fmt::format("“{}”", alarm.account)
                                     : fmt::format("{} of “{}”", alarm.name, alarm.account);
}

std::string spoken(const usage::Alarm& alarm) {
  const auto since = alarm.finding ? alarm.finding->since : alarm.raised;
  return fmt::format(
      "{}: {}", line_of(alarm),
      sentence(brief(alarm), usage::sureness_of(alarm), since, usage::advice_of(alarm)));
}

std::string distance(const usage::Alarm& alarm) {
  if (!alarm.finding) return {};
  const auto score = alarm.finding->score;
  switch (alarm.finding->detector) {
    case Detector::quiet_hours:
    case Detector::day:
    case Detector::hour_of_week:
      return fmt::format("{:.1f} usual deviations", score);
    case Detector::drift:
      return fmt::format("{:.1f} usual deviations, added up day by day", score);
    case Detector::burn_rate:
      return fmt::format("{:.1f} times the plan's pace", score);
    case Detector::stale:
      return fmt::format("{:.1f} times as long as usual", score);
    case Detector::unaccounted:
      return fmt::format("{:.1f} times what they may be apart", score);
  }
  return {};
}

}  // namespace cli
