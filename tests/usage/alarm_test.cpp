#include "usage/alarm.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace std::chrono_literals;
using base::UtcTime;
using std::chrono::days;
using std::chrono::hours;
using usage::Alarm;
using usage::DataSize;
using usage::Detector;
using usage::LineState;

namespace {

constexpr std::array levels{80, 95};
constexpr std::int64_t limit = 1000;
const UtcTime start = std::chrono::sys_days(std::chrono::year(2027) / 3 / 1);

LineState line(int percent, UtcTime now, const std::string& name = "one") {
  LineState made{.account = "work",
                 .line = "id:" + name,
                 .name = name,
                 .newest = {},
                 .cycle_start = start,
                 .cycle_end = start + days(30),
                 .forecast = {},
                 .findings = {},
                 .changed = now,
                 .interval = 1h};
  made.newest.limit = DataSize::of_bytes(limit);
  made.newest.used = DataSize::of_bytes(limit * percent / 100);
  made.newest.fetched_at = now;
  return made;
}

usage::Finding finding(Detector detector, UtcTime since) {
  return {.detector = detector,
          .observed = 5000,
          .usual = 10,
          .score = 7.25,
          .since = since,
          .sureness = usage::Sureness::medium,
          .advice = usage::Advice::find_large_transfer};
}

usage::Forecast reaching(std::optional<UtcTime> earliest, std::optional<UtcTime> likely) {
  return {.expected = {},
          .low = {},
          .middle = {},
          .high = {},
          .per_day = {},
          .hit = {earliest, likely, {}},
          .safe_per_day = {}};
}

/// One run after another: what is kept, and what each tells.
struct Kept {
  std::vector<Alarm> alarms;
  std::vector<std::pair<UtcTime, Alarm>> told;

  /// "level 80", "day": what this run tells.
  std::vector<std::string> judge(const std::vector<LineState>& lines, UtcTime now) {
    auto judged = usage::judge_alarms(lines, levels, std::move(alarms), now);
    alarms = std::move(judged.alarms);
    std::int64_t id = 0;
    for (auto& each : alarms) each.id = ++id;
    std::vector<std::string> made;
    for (const auto at : judged.to_tell) {
      told.emplace_back(now, alarms.at(at));
      made.push_back(called(alarms.at(at)));
    }
    return made;
  }
  [[nodiscard]] std::vector<std::string> standing() const {
    std::vector<std::string> made;
    for (const auto& each : alarms)
      if (each.stands()) made.push_back(called(each));
    return made;
  }
  static std::string called(const Alarm& alarm) {
    return alarm.kind + (alarm.percent > 0 ? " " + std::to_string(alarm.percent) : "");
  }
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("a level is told once, and is over only five points below it") {
  Kept kept;
  CHECK(kept.judge({line(79, start)}, start).empty());
  CHECK(kept.judge({line(80, start + 1h)}, start + 1h) == Told{"level 80"});
  CHECK(kept.judge({line(80, start + 1h)}, start + 1h).empty());
  CHECK(kept.judge({line(76, start + 2h)}, start + 2h).empty());
  CHECK(kept.standing() == Told{"level 80"});
  CHECK(kept.judge({line(75, start + 3h)}, start + 3h).empty());
  CHECK(kept.standing().empty());
  CHECK(kept.alarms.front().over == start + 3h);
  // Back in the same cycle it is the same alarm, and nothing new.
  CHECK(kept.judge({line(85, start + days(9))}, start + days(9)).empty());
  CHECK(kept.standing() == Told{"level 80"});
  CHECK(kept.alarms.size() == 1);
}

TEST_CASE("a new cycle ends the levels of the old one and tells its own") {
  Kept kept;
  CHECK(kept.judge({line(96, start)}, start) == Told{"level 95"});  // the worst alone
  CHECK(kept.standing() == Told{"level 80", "level 95"});
  auto next = line(85, start + days(31));
  next.cycle_start = start + days(30);
  next.cycle_end = start + days(60);
  CHECK(kept.judge({next}, start + days(31)) == Told{"level 80"});
  CHECK(kept.standing() == Told{"level 80"});
  CHECK(kept.alarms.size() == 3);
}

TEST_CASE("a cycle that is reckoned anew each time by seconds is the same one") {
  Kept kept;
  CHECK(kept.judge({line(81, start)}, start) == Told{"level 80"});
  auto again = line(82, start + 1h);
  again.cycle_start = start + 7s;
  again.cycle_end = start + days(30) + 7s;
  CHECK(kept.judge({again}, start + 1h).empty());
  CHECK(kept.alarms.size() == 1);
}

TEST_CASE("without a known cycle a level that was over for a day is told again") {
  Kept kept;
  const auto at = [](int percent, UtcTime now) {
    auto made = line(percent, now);
    made.cycle_start.reset();
    made.cycle_end.reset();
    return made;
  };
  CHECK(kept.judge({at(81, start)}, start) == Told{"level 80"});
  CHECK(kept.judge({at(10, start + 1h)}, start + 1h).empty());
  CHECK(kept.judge({at(81, start + 2h)}, start + 2h).empty());
  CHECK(kept.judge({at(10, start + 3h)}, start + 3h).empty());
  CHECK(kept.judge({at(81, start + days(20))}, start + days(20)) == Told{"level 80"});
}

TEST_CASE("after more data was bought a level is told anew") {
  Kept kept;
  CHECK(kept.judge({line(81, start)}, start) == Told{"level 80"});
  auto bought = line(40, start + 1h);
  bought.newest.limit = DataSize::of_bytes(2 * limit);
  CHECK(kept.judge({bought}, start + 1h).empty());
  CHECK(kept.standing().empty());
  bought = line(90, start + 2h);
  bought.newest.limit = DataSize::of_bytes(2 * limit);
  bought.newest.used = DataSize::of_bytes(limit * 9 / 5);
  CHECK(kept.judge({bought}, start + 2h) == Told{"level 80"});
}

TEST_CASE("what is not known ends nothing, and a plan without a limit ends its levels") {
  Kept kept;
  auto now = line(96, start);
  now.forecast = reaching(start + 1h, start + 2h);
  CHECK(kept.judge({now}, start) == Told{"level 95"});
  CHECK(kept.standing() == Told{"forecast", "level 80", "level 95"});
  auto unknown = line(0, start + 1h);
  unknown.newest.used.reset();
  CHECK(kept.judge({unknown}, start + 1h).empty());
  CHECK(kept.standing().size() == 3);
  auto free = line(0, start + 2h);
  free.newest.limit = usage::Unlimited{};
  CHECK(kept.judge({free}, start + 2h).empty());
  CHECK(kept.standing().empty());
}

TEST_CASE("the forecast stands until even the earliest date is after the cycle") {
  Kept kept;
  auto now = line(30, start);
  now.forecast = reaching(start + days(9), std::nullopt);
  CHECK(kept.judge({now}, start).empty());
  CHECK(kept.standing().empty());
  now.forecast = reaching(start + days(9), start + days(20));
  CHECK(kept.judge({now}, start) == Told{"forecast"});
  now.forecast = reaching(start + days(9), std::nullopt);
  CHECK(kept.judge({now}, start + 1h).empty());
  CHECK(kept.standing() == Told{"forecast"});
  CHECK(kept.alarms.front().hit.earliest == start + days(9));
  now.forecast.reset();
  CHECK(kept.judge({now}, start + 2h).empty());
  CHECK(kept.standing() == Told{"forecast"});
  now.forecast = reaching(std::nullopt, std::nullopt);
  CHECK(kept.judge({now}, start + 3h).empty());
  CHECK(kept.standing().empty());
  now.forecast = reaching(start + days(9), start + days(20));
  CHECK(kept.judge({now}, start + 4h).empty());  // once a cycle
  CHECK(kept.standing() == Told{"forecast"});
}

TEST_CASE("a finding that is back within four hours goes on, and later is a new one") {
  Kept kept;
  auto bad = [](UtcTime now) {
    auto made = line(10, now);
    made.findings.found = {finding(Detector::day, now - 1h)};
    return made;
  };
  CHECK(kept.judge({bad(start)}, start) == Told{"day"});
  CHECK(kept.judge({bad(start + 30h)}, start + 30h).empty());
  CHECK(kept.judge({line(10, start + 31h)}, start + 31h).empty());
  CHECK(kept.standing().empty());
  CHECK(kept.judge({bad(start + 34h)}, start + 34h).empty());
  CHECK(kept.alarms.size() == 1);
  CHECK(kept.judge({line(10, start + 35h)}, start + 35h).empty());
  CHECK(kept.judge({bad(start + 39h)}, start + 39h) == Told{"day"});
  CHECK(kept.alarms.size() == 2);
}

TEST_CASE("of one detector and line nothing is told twice in 24 hours; of another one it is") {
  Kept kept;
  auto bad = [](UtcTime now, Detector detector, const std::string& name = "one") {
    auto made = line(10, now, name);
    made.findings.found = {finding(detector, now - 1h)};
    return made;
  };
  CHECK(kept.judge({bad(start, Detector::day)}, start) == Told{"day"});
  CHECK(kept.judge({line(10, start + 1h)}, start + 1h).empty());
  CHECK(kept.judge({bad(start + 6h, Detector::day)}, start + 6h).empty());
  CHECK(kept.alarms.size() == 2);
  CHECK(kept.judge({bad(start + 7h, Detector::drift)}, start + 7h) == Told{"drift"});
  CHECK(kept.judge({bad(start + 8h, Detector::day, "two")}, start + 8h) == Told{"day"});
  CHECK(kept.judge({bad(start + 23h, Detector::day)}, start + 23h).empty());
  CHECK(kept.judge({bad(start + 24h, Detector::day)}, start + 24h) == Told{"day"});
}

TEST_CASE("a detector that cannot judge ends nothing") {
  Kept kept;
  auto now = line(10, start);
  now.findings.found = {finding(Detector::quiet_hours, start)};
  CHECK(kept.judge({now}, start) == Told{"quiet-hours"});
  now.findings = {.found = {}, .not_yet = {{Detector::quiet_hours, days(3)}}};
  CHECK(kept.judge({now}, start + 1h).empty());
  CHECK(kept.standing() == Told{"quiet-hours"});
  now.findings.not_yet.clear();
  CHECK(kept.judge({now}, start + 2h).empty());
  CHECK(kept.standing().empty());
}

TEST_CASE("figures that nobody could read for a day are stale until they change") {
  Kept kept;
  auto old = line(10, start);
  CHECK(kept.judge({old}, start + 24h).empty());
  CHECK(kept.judge({old}, start + 25h) == Told{"stale"});
  CHECK(kept.alarms.front().finding->observed == 25 * 3600);
  old.newest.fetched_at = start + 26h;  // read again, and nothing is known of changes
  old.interval.reset();
  CHECK(kept.judge({old}, start + 26h).empty());
  CHECK(kept.standing() == Told{"stale"});
  old.changed = start + 26h;
  CHECK(kept.judge({old}, start + 27h).empty());
  CHECK(kept.standing().empty());
}

TEST_CASE("what is muted or acknowledged is not told, nor what is like a muted one") {
  Kept kept;
  auto bad = [](UtcTime now) {
    auto made = line(10, now);
    made.findings.found = {finding(Detector::day, now - 1h)};
    return made;
  };
  CHECK(kept.judge({bad(start)}, start) == Told{"day"});
  kept.alarms.front().muted_until = start + days(7);
  CHECK(kept.judge({line(10, start + 1h)}, start + 1h).empty());
  CHECK(kept.judge({bad(start + days(3))}, start + days(3)).empty());
  REQUIRE(kept.alarms.size() == 2);
  CHECK(kept.alarms.back().muted_until == start + days(7));
  CHECK(kept.judge({bad(start + days(7))}, start + days(7)) == Told{"day"});
  // Counter-run: without the mute the second one is told.
  Kept loud;
  CHECK(loud.judge({bad(start)}, start) == Told{"day"});
  CHECK(loud.judge({line(10, start + 1h)}, start + 1h).empty());
  CHECK(loud.judge({bad(start + days(3))}, start + days(3)) == Told{"day"});
}

TEST_CASE("alarms of lines that are not looked at stay as they are") {
  Kept kept;
  CHECK(kept.judge({line(81, start), line(96, start, "two")}, start).size() == 2);
  const auto before = kept.alarms;
  CHECK(kept.judge({line(0, start + 1h, "three")}, start + 1h).empty());
  CHECK(kept.alarms == before);
}

namespace {

LineState any_line(const std::string& name, UtcTime now) {
  auto made = line(*rc::gen::inRange(0, 120), now, name);
  if (*rc::gen::inRange(0, 10) == 0) made.newest.used.reset();
  if (*rc::gen::inRange(0, 3) != 0) {
    const auto cycle = (now - start) / days(30);
    made.cycle_start = start + days(30) * cycle;
    made.cycle_end = start + days(30) * (cycle + 1);
  }
  for (const auto detector : {Detector::quiet_hours, Detector::day, Detector::stale})
    if (*rc::gen::inRange(0, 2) == 0) made.findings.found.push_back(finding(detector, now));
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      made.forecast = reaching(now, now + days(1));
      break;
    case 1:
      made.forecast = reaching(std::nullopt, std::nullopt);
      break;
    case 2:
      made.forecast = reaching(now, std::nullopt);
      break;
    default:
      break;
  }
  return made;
}

struct Run {
  UtcTime now;
  std::vector<LineState> lines;
};

std::vector<Run> any_runs() {
  std::vector<Run> made;
  auto now = start;
  const auto count = *rc::gen::inRange(1, 30);
  for (int i = 0; i < count; ++i) {
    now += std::chrono::minutes(*rc::gen::inRange(1, 60 * 24));
    Run run{now, {}};
    for (const auto* name : {"one", "two", "three"})
      if (*rc::gen::inRange(0, 4) != 0) run.lines.push_back(any_line(name, now));
    made.push_back(std::move(run));
  }
  return made;
}

}  // namespace

TEST_CASE("in any order of the lines the same is raised, ended and told, every time") {
  CHECK(rc::check([] {
    Kept kept;
    Kept again;
    for (const auto& run : any_runs()) {
      auto lines = run.lines;
      std::ranges::reverse(lines);
      const auto turn = *rc::gen::inRange<std::size_t>(0, lines.size() + 1);
      std::ranges::rotate(lines, lines.begin() + static_cast<std::ptrdiff_t>(turn));
      RC_ASSERT(kept.judge(run.lines, run.now) == again.judge(lines, run.now));
      RC_ASSERT(kept.alarms == again.alarms);
    }
  }));
}

TEST_CASE("judged twice at the same time nothing is told twice, and nothing changes") {
  CHECK(rc::check([] {
    Kept kept;
    for (const auto& run : any_runs()) {
      kept.judge(run.lines, run.now);
      const auto before = kept.alarms;
      RC_ASSERT(kept.judge(run.lines, run.now).empty());
      RC_ASSERT(kept.alarms == before);
    }
  }));
}

TEST_CASE("no level is told twice in a cycle, and no finding of a detector twice in 24 hours") {
  bool ever_twice = false;  // counter-run: over several cycles or days the same is told again
  CHECK(rc::check([&] {
    Kept kept;
    for (const auto& run : any_runs()) kept.judge(run.lines, run.now);
    std::map<std::string, UtcTime> last;
    for (const auto& [now, alarm] : kept.told) {
      auto what = alarm.line + " " + Kept::called(alarm);
      if (last.contains(what)) ever_twice = true;
      if (alarm.finding && last.contains(what)) RC_ASSERT(now - last.at(what) >= 24h);
      if (!alarm.finding) {
        what += base::to_rfc3339(alarm.cycle_start.value());
        RC_ASSERT(!last.contains(what));
      }
      last[alarm.line + " " + Kept::called(alarm)] = now;
      last[what] = now;
    }
  }));
  CHECK(ever_twice);
}

TEST_CASE("of one thing on a line at most one alarm stands") {
  CHECK(rc::check([] {
    Kept kept;
    for (const auto& run : any_runs()) {
      kept.judge(run.lines, run.now);
      std::vector<std::string> standing;
      for (const auto& each : kept.alarms)
        if (each.stands()) standing.push_back(each.line + " " + Kept::called(each));
      std::ranges::sort(standing);
      RC_ASSERT(std::ranges::adjacent_find(standing) == standing.end());
    }
  }));
}
