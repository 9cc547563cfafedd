#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/utc.hpp"
#include "usage/cycle.hpp"
#include "usage/rollup.hpp"
#include "usage/series.hpp"

/// Abnormal traffic: each detector looks at the newest figures and at those before them.
namespace usage {

enum class Detector : std::uint8_t {
  quiet_hours,   ///< 02 to 06 at night: something that never sleeps (a leak)
  day,           ///< the last 24 hours (a spike)
  drift,         ///< day after day a little more
  burn_rate,     ///< many times the plan's pace
  stale,         ///< the figures do not change any more
  hour_of_week,  ///< the last hour against the same hours of other weeks
  unaccounted    ///< the provider counts other traffic than this machine
};

/// "quiet-hours", "day", "drift", "burn-rate", "stale", "hour-of-week", "unaccounted".
std::string_view name_of(Detector detector);

enum class Sureness : std::uint8_t { low, medium, high };

/// What to do next.
enum class Advice : std::uint8_t {
  find_background_traffic,
  find_large_transfer,
  compare_days,
  slow_down,
  sign_in_again,
  find_other_device
};

/// "find-background-traffic", "find-large-transfer", "compare-days", "slow-down", "sign-in-again",
/// "find-other-device".
std::string_view name_of(Advice advice);

struct Finding {
  Detector detector = Detector::day;
  std::int64_t observed = 0;  ///< bytes; seconds for `stale`
  std::int64_t usual = 0;     ///< in the same unit
  double score = 0;           ///< how far from usual, by that detector's measure; see detect.cpp
  base::UtcTime since;        ///< when it began
  Sureness sureness = Sureness::low;
  Advice advice = Advice::compare_days;

  bool operator==(const Finding&) const = default;
};

/// A detector that cannot judge yet.
struct NotYet {
  Detector detector = Detector::day;
  std::chrono::days missing{};  ///< of figures, at least

  bool operator==(const NotYet&) const = default;
};

struct Findings {
  std::vector<Finding> found;   ///< in the order of Detector
  std::vector<NotYet> not_yet;  ///< the same

  bool operator==(const Findings&) const = default;
};

/// What is known of a line.
struct Watched {
  std::span<const Bucket> hours;  ///< by time; the newest 42 days count
  base::UtcTime until;            ///< where the newest delta ends
  std::string zone = "UTC";
  std::optional<Cycle> cycle{};
  std::optional<DataSize> limit{};
  std::chrono::seconds publication{};  ///< how long a delta is, as a rule
  /// When figures changed last, and the usual time between changes; empty: no judgement.
  std::optional<base::UtcTime> changed{};
  std::optional<std::chrono::seconds> interval{};
  base::UtcTime now;
  bool local = false;  ///< a counter of this machine, which is published at once
};

/// The same for the same figures. Hours that are a guess are left out. Throws what usage/zone.hpp
/// has.
Findings detect(const Watched& watched);

/// Whether over the last 24 hours that both know, the provider's count is off the local one by more
/// than a tenth and by more than 200 MB. Empty: no, or not all of those hours are known.
std::optional<Finding> unaccounted(const Watched& carrier, const Watched& local);

}  // namespace usage
