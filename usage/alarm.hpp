#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/utc.hpp"
#include "usage/data_size.hpp"
#include "usage/detect.hpp"
#include "usage/forecast.hpp"
#include "usage/snapshot.hpp"

/// What about a line is worth an alarm, when it is over, and when it is told.
namespace usage {

inline constexpr std::string_view level_alarm = "level";
inline constexpr std::string_view forecast_alarm = "forecast";

/// An alarm about a line, from when it was raised until after it is over.
struct Alarm {
  std::int64_t id = 0;  ///< 1 and up, never used twice; 0: it was not kept yet
  std::string account;
  std::string line;  ///< as store::line_key makes it
  std::string name;  ///< of the line, for people: its number, ICCID or id, or the account
  /// "level": a share of the limit was used; "forecast": it will be, before the cycle ends; else
  /// the name of the detector that found something.
  std::string kind;
  int percent = 0;                   ///< of a level: the share that was reached
  std::optional<Finding> finding{};  ///< of a detector
  base::UtcTime raised;
  base::UtcTime seen;                   ///< when it was last found to stand
  std::optional<base::UtcTime> over{};  ///< since when it does not stand any more
  bool acknowledged = false;
  std::optional<base::UtcTime> muted_until{};
  std::optional<base::UtcTime> told{};  ///< also when something worse was told in its place
  /// As they were when it was last found to stand.
  std::optional<DataSize> used{}, limit{};
  HitDates hit{};  ///< of a forecast
  /// The cycle that it was raised in; empty where that is not known.
  std::optional<base::UtcTime> cycle_start{}, cycle_end{};

  [[nodiscard]] bool stands() const { return !over; }
  bool operator==(const Alarm&) const = default;
};

/// Whether nobody has to be told of it any more, for now.
bool silenced(const Alarm& alarm, base::UtcTime now);

/// How sure it is, and what to do next.
Sureness sureness_of(const Alarm& alarm);
Advice advice_of(const Alarm& alarm);

/// A line as it is now.
struct LineState {
  std::string account;
  std::string line;
  std::string name;
  Snapshot newest;
  /// Of the cycle that the figures are of, which may not be the one that the snapshot says.
  std::optional<base::UtcTime> cycle_start, cycle_end;
  std::optional<Forecast> forecast;  ///< empty: nothing can be said
  Findings findings;
  /// As in Series: since when the figures are what they are, and how often they change.
  std::optional<base::UtcTime> changed;
  std::optional<std::chrono::seconds> interval;
};

struct JudgedAlarms {
  std::vector<Alarm> alarms;         ///< those given, in their order, then those that are new
  std::vector<std::size_t> to_tell;  ///< of `alarms`, in their order
};

/// What becomes of the alarms of these lines; `before` are those that stand and those of a year
/// before, of any line, and stay as they are where their line is not given. `levels` are in per
/// cent of the limit, the last is the highest. In any order of the lines it comes to the same.
///
/// - A level is over when the use is 5 points below it, or with its cycle; it is told once for a
///   cycle and a limit, and not where a higher one stands.
/// - The forecast stands once the limit is likely to be reached before the cycle ends, until even
///   the earliest date is not before it, or the cycle ends; it is told once, likewise.
/// - A finding that is back within four hours goes on; later it is a new alarm. A detector is told
///   of once in 24 hours.
/// - Figures are stale by their detector, or when they were not read for a day, until they change.
/// - What is not known now changes nothing. An alarm that is new is muted as the one before it.
JudgedAlarms judge_alarms(std::span<const LineState> lines, std::span<const int> levels,
                          std::vector<Alarm> before, base::UtcTime now);

}  // namespace usage
