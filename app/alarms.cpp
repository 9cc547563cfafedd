#include "app/alarms.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "app/line_names.hpp"
#include "base/error.hpp"
#include "store/accounts.hpp"
#include "store/history.hpp"
#include "store/line_key.hpp"

namespace app {
namespace {

using base::UtcTime;
using store::KeptAlarm;
using Alarms = std::vector<KeptAlarm>;

/// For so long an alarm that is over is remembered when others are judged: no cycle is longer.
constexpr std::chrono::days remembered(366);

std::string name_of(const store::KeptSnapshot& kept) {
  return kept.snapshot.line == usage::Line() ? kept.account : spoken_line(kept.snapshot.line);
}

usage::LineState state_of(const LineTraffic& line) {
  const auto& snapshot = line.newest.snapshot;
  const auto& recent = line.traffic.recent;
  usage::LineState made{.account = line.newest.account,
                        .line = store::line_key(snapshot.line),
                        .name = name_of(line.newest),
                        .newest = snapshot,
                        .cycle_start = recent.counted.cycle_start,
                        .cycle_end = recent.counted.cycle_end,
                        .forecast = line.forecast,
                        .findings = line.findings,
                        .changed = recent.changed,
                        .interval = recent.interval};
  if (!snapshot.cycle) return made;
  const bool counted = made.cycle_start || made.cycle_end;
  if (!counted) {
    made.cycle_start = snapshot.cycle->start;
    made.cycle_end = snapshot.cycle->end;
  } else if (made.cycle_start != snapshot.cycle->start) {
    made.forecast.reset();  // a new cycle, with the figures of the one before
  }
  return made;
}

bool is_of(const KeptAlarm& alarm, const store::KeptSnapshot& line) {
  return alarm.account == line.account && alarm.line == store::line_key(line.snapshot.line);
}

bool is_of(const KeptAlarm& alarm, std::span<const store::KeptSnapshot> lines) {
  return std::ranges::any_of(lines,
                             [&](const store::KeptSnapshot& each) { return is_of(alarm, each); });
}

Standing standing_by(const KeptAlarm& alarm, const AlarmTerms& terms) {
  if (alarm.kind == usage::level_alarm) {
    if (alarm.percent == terms.cap) return Standing::over;
    return alarm.percent == terms.warn ? Standing::warning : Standing::fine;
  }
  const bool stale = alarm.finding && alarm.finding->detector == usage::Detector::stale;
  return stale ? Standing::stale : Standing::warning;
}

JudgedLine judged(LineTraffic line, const Alarms& alarms, const Plans& plans,
                  const AlarmTerms& terms) {
  JudgedLine made{.traffic = {}, .percent = usage::percent_used(line.newest.snapshot)};
  const auto old = [&](const OldFigures& each) {
    return each.account == line.newest.account && each.beyond_limit;
  };
  if (std::ranges::any_of(plans.old, old)) made.standing = Standing::stale;
  for (const auto& each : alarms) {
    if (!each.stands() || !is_of(each, line.newest)) continue;
    made.standing = std::max(made.standing, standing_by(each, terms));
    made.alarms.push_back(each);
  }
  made.traffic = std::move(line);
  return made;
}

base::Error unknown(std::int64_t id) {
  return base::Error(base::ErrorKind::not_found, "alarm.unknown",
                     fmt::format("there is no alarm {}", id))
      .hint("`esimctl alarm list --all` lists all that there were");
}

Alarms newest_first(store::History& history, WhichAlarms which) {
  auto found = history.alarms(which == WhichAlarms::standing ? UtcTime::max() : UtcTime());
  std::ranges::reverse(found);
  return found;
}

/// Changes the alarms that `wanted` says, and returns those that were changed.
Alarms change(const World& world, const std::function<bool(const KeptAlarm&)>& wanted,
              const std::function<void(KeptAlarm&)>& work) {
  Alarms changed;
  if (!store::History::there(world.state_directory)) return changed;
  store::History::open_existing(world.state_directory)
      .change_alarms(UtcTime(), [&](Alarms& alarms) {
        for (auto& each : alarms) {
          if (!wanted(each)) continue;
          const auto before = each;
          work(each);
          if (each != before) changed.push_back(each);
        }
      });
  return changed;
}

}  // namespace

Judgement judge(const World& world, const Observer& observer, const Plans& plans,
                const AlarmTerms& terms) {
  Judgement made;
  if (!store::History::there(world.state_directory) ||
      !store::Accounts::there(world.state_directory)) {
    return made;
  }
  const auto now = world.clock.utc();
  auto lines = line_traffic(world, plans, now);
  std::vector<usage::LineState> states;
  for (const auto& each : lines) states.push_back(state_of(each));
  auto history = store::History::open_existing(world.state_directory);
  auto accounts = store::Accounts::open_existing(world.state_directory);
  const auto known = kept_plans(history, accounts).lines;
  const std::array levels{terms.warn, terms.cap};
  std::vector<std::size_t> to_tell;
  const auto after = history.change_alarms(now - remembered, [&](Alarms& all) {
    for (auto& each : all) {
      if (each.stands() && !is_of(each, known)) each.over = std::max(each.seen, now);
    }
    auto judged = usage::judge_alarms(states, levels, std::move(all), now);
    all = std::move(judged.alarms);
    to_tell = std::move(judged.to_tell);
  });
  for (const auto at : to_tell) made.to_tell.push_back(after.at(at));
  for (auto& each : lines) made.lines.push_back(judged(std::move(each), after, plans, terms));
  if (!made.to_tell.empty())
    observer.note(fmt::format("alarms that are new: {}", made.to_tell.size()));
  return made;
}

Standing worst(const Judgement& judgement) {
  auto found = Standing::fine;
  for (const auto& each : judgement.lines) found = std::max(found, each.standing);
  return found;
}

Alarms alarms(const World& world, WhichAlarms which) {
  if (!store::History::there(world.state_directory)) return {};
  auto history = store::History::open_existing(world.state_directory);
  return newest_first(history, which);
}

Alarms open_alarms(store::History& history, std::span<const store::KeptSnapshot> lines,
                   UtcTime now) {
  auto found = newest_first(history, WhichAlarms::standing);
  std::erase_if(found, [&](const KeptAlarm& each) {
    return usage::silenced(each, now) || !is_of(each, lines);
  });
  return found;
}

KeptAlarm alarm_numbered(const World& world, std::int64_t id) {
  if (!store::History::there(world.state_directory)) throw unknown(id);
  const auto found = store::History::open_existing(world.state_directory).alarm(id);
  if (!found) throw unknown(id);
  return *found;
}

Alarms acknowledge(const World& world, std::optional<std::int64_t> id) {
  if (id) static_cast<void>(alarm_numbered(world, *id));
  return change(
      world, [&](const KeptAlarm& each) { return id ? each.id == *id : each.stands(); },
      [](KeptAlarm& each) { each.acknowledged = true; });
}

Alarms mute(const World& world, std::int64_t id, std::optional<UtcTime> until) {
  static_cast<void>(alarm_numbered(world, id));
  return change(
      world, [&](const KeptAlarm& each) { return each.id == id; },
      [&](KeptAlarm& each) { each.muted_until = until; });
}

}  // namespace app
