#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "app/line_traffic.hpp"
#include "app/world.hpp"
#include "store/alarms.hpp"
#include "store/history.hpp"

namespace app {

/// From which share of the limit on a line is judged, in per cent.
struct AlarmTerms {
  int warn = 80;
  int cap = 95;
};

/// The worst is the last. `over`: the cap was reached; `warning`: `warn` was, or a detector found
/// something, or the cap will be reached before the cycle ends; `stale`: the figures say nothing
/// any more.
enum class Standing : std::uint8_t { fine, stale, warning, over };

struct JudgedLine {
  LineTraffic traffic;
  Standing standing = Standing::fine;
  std::optional<int> percent{};            ///< of the limit that is used
  std::vector<store::KeptAlarm> alarms{};  ///< those that stand
};

struct Judgement {
  std::vector<JudgedLine> lines{};
  std::vector<store::KeptAlarm> to_tell{};  ///< not told before, nor muted
};

/// Judges each line of `plans` by what is kept, and keeps the alarms that it raises, renews and
/// ends. An alarm is told once: a level once a cycle, a finding once it is back after four hours at
/// least; one that is muted is not. The same figures at the same time make the same judgement.
/// Throws as store::History, and what usage/zone.hpp has.
///
/// Levels and the forecast stand by usage::judge_alarms. Alarms of lines that no account has any
/// more are over.
Judgement judge(const World& world, const Observer& observer, const Plans& plans,
                const AlarmTerms& terms);

/// The worst of its lines; `fine` without any.
Standing worst(const Judgement& judgement);

enum class WhichAlarms : std::uint8_t { standing, all };

/// What is kept, the newest first; none where nothing is. Throws as store::History.
std::vector<store::KeptAlarm> alarms(const World& world, WhichAlarms which);

/// Of these lines, those that stand and that somebody may still want to hear of: neither
/// acknowledged nor muted. Throws likewise.
std::vector<store::KeptAlarm> open_alarms(store::History& history,
                                          std::span<const store::KeptSnapshot> lines,
                                          base::UtcTime now);

/// The following throw Error `alarm.unknown` (not_found) for a number that no alarm has, and
/// likewise.
store::KeptAlarm alarm_numbered(const World& world, std::int64_t id);

/// Those that were changed: nobody is told of them again. Empty `id`: all that stand.
std::vector<store::KeptAlarm> acknowledge(const World& world, std::optional<std::int64_t> id);

/// Nobody is told of it, nor of one like it that is raised later on that line, until then; empty:
/// people are again. It, when that changed anything.
std::vector<store::KeptAlarm> mute(const World& world, std::int64_t id,
                                   std::optional<base::UtcTime> until);

}  // namespace app
