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

}  // namespace

std::string spoken(const usage::Finding& finding) {
  return fmt::format("{}{}, since {}; {}", sureness.at(static_cast<std::size_t>(finding.sureness)),
                     what(finding), base::to_rfc3339(finding.since),
                     advice.at(static_cast<std::size_t>(finding.advice)));
}

}  // namespace cli
