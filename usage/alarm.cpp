#include "usage/alarm.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>
#include <variant>

namespace usage {
namespace {

using base::UtcTime;
using std::chrono::days;
using std::chrono::hours;

/// A use that goes up and down about a level is one alarm.
constexpr int hysteresis = 5;

/// A finding that is gone for less goes on.
constexpr hours pause(4);

/// Between two tellings of what the same detector found on a line.
constexpr hours between_tellings(24);

/// An account that was not read for so long is out of reach, whatever is usual.
constexpr hours unread(24);

/// A provider that reckons the cycle anew each time is off by a little.
constexpr hours same_time(12);

const DataSize* limit_of(const Snapshot& snapshot) {
  return std::get_if<DataSize>(&snapshot.limit);
}

std::optional<bool> same(const std::optional<UtcTime>& left, const std::optional<UtcTime>& right) {
  if (!left || !right) return std::nullopt;
  return std::chrono::abs(*left - *right) < same_time;
}

/// Stale because nobody could read them, which their detector does not know.
std::optional<Finding> not_read(const LineState& line, UtcTime now) {
  const auto age = now - line.newest.fetched_at;
  if (age <= unread) return std::nullopt;
  const auto usual = std::chrono::seconds(unread).count();
  return Finding{.detector = Detector::stale,
                 .observed = age.count(),
                 .usual = usual,
                 .score = static_cast<double>(age.count()) / static_cast<double>(usual),
                 .since = line.newest.fetched_at,
                 .sureness = Sureness::high,
                 .advice = Advice::sign_in_again};
}

/// The alarms of one line.
class OfLine {
 public:
  OfLine(const LineState& line, std::vector<Alarm>& alarms, UtcTime now)
      : line_(line), alarms_(alarms), now_(now), percent_(percent_used(line.newest)) {}

  void judge(std::span<const int> levels) {
    end_with_cycle();
    judge_levels(levels);
    judge_forecast();
    judge_findings();
  }

 private:
  [[nodiscard]] bool of_line(const Alarm& alarm) const {
    return alarm.account == line_.account && alarm.line == line_.line;
  }

  [[nodiscard]] bool unlimited() const {
    return std::holds_alternative<Unlimited>(line_.newest.limit);
  }

  /// Empty: nobody knows.
  [[nodiscard]] std::optional<bool> in_its_cycle(const Alarm& alarm) const {
    const auto starts = same(alarm.cycle_start, line_.cycle_start);
    return starts ? starts : same(alarm.cycle_end, line_.cycle_end);
  }

  /// A level or a forecast that was over is one and the same when it is back: the same cycle, and
  /// no more data was bought.
  [[nodiscard]] bool goes_on(const Alarm& alarm) const {
    if (alarm.finding) return now_ - alarm.over.value_or(now_) < pause;
    const auto* const limit = limit_of(line_.newest);
    if (alarm.limit && limit != nullptr && *alarm.limit != *limit) return false;
    return in_its_cycle(alarm).value_or(now_ - alarm.over.value_or(now_) < between_tellings);
  }

  void renew(Alarm& alarm) const {
    alarm.seen = std::max(alarm.seen, now_);
    alarm.over.reset();
    alarm.name = line_.name;
    alarm.used = completed(line_.newest).used;
    if (const auto* const limit = limit_of(line_.newest)) alarm.limit = *limit;
    if (alarm.kind == forecast_alarm && line_.forecast) alarm.hit = line_.forecast->hit;
    if (!alarm.cycle_start) alarm.cycle_start = line_.cycle_start;
    if (!alarm.cycle_end) alarm.cycle_end = line_.cycle_end;
  }

  void end(Alarm& alarm) const { alarm.over = std::max(alarm.seen, now_); }

  /// The newest that there was of it, and of those that `fit`; null: there was none.
  template <class Fits>
  [[nodiscard]] Alarm* newest(std::string_view kind, int percent, const Fits& fits) const {
    Alarm* found = nullptr;
    for (auto& each : alarms_) {
      const bool same = of_line(each) && each.kind == kind && each.percent == percent;
      if (same && fits(each) && (found == nullptr || found->raised <= each.raised)) found = &each;
    }
    return found;
  }

  void stand(std::string_view kind, int percent, const std::optional<Finding>& finding) {
    auto* same = newest(kind, percent, std::mem_fn(&Alarm::stands));
    if (same == nullptr)
      same = newest(kind, percent, [&](const Alarm& each) { return goes_on(each); });
    if (same != nullptr) {
      if (finding) same->finding = finding;
      return renew(*same);
    }
    const auto* const last = newest(kind, percent, [](const Alarm&) { return true; });
    Alarm made{.account = line_.account,
               .line = line_.line,
               .name = line_.name,
               .kind = std::string(kind),
               .percent = percent,
               .finding = finding,
               .raised = now_,
               .seen = now_,
               .muted_until = last == nullptr ? std::nullopt : last->muted_until};
    renew(made);
    alarms_.push_back(std::move(made));
  }

  template <class Work>
  void each_standing(const Work& work) {
    for (auto& each : alarms_) {
      if (of_line(each) && each.stands()) work(each);
    }
  }

  void end_with_cycle() {
    each_standing([&](Alarm& each) {
      if (!each.finding && (unlimited() || !in_its_cycle(each).value_or(true))) end(each);
    });
  }

  void judge_levels(std::span<const int> levels) {
    if (!percent_) return;
    // Those of other levels, too: who asked for them then is still served.
    each_standing([&](Alarm& each) {
      if (each.kind != level_alarm) return;
      *percent_ <= each.percent - hysteresis ? end(each) : renew(each);
    });
    for (const auto level : levels) {
      if (*percent_ >= level) stand(level_alarm, level, {});
    }
  }

  void judge_forecast() {
    if (!line_.forecast) return;
    each_standing([&](Alarm& each) {
      if (each.kind != forecast_alarm) return;
      line_.forecast->hit.earliest ? renew(each) : end(each);
    });
    if (line_.forecast->hit.likely) stand(forecast_alarm, 0, {});
  }

  /// Whether what was found before is over, now that it is not found.
  [[nodiscard]] bool is_over(const Finding& before) const {
    if (before.detector == Detector::stale)
      return line_.interval || (line_.changed && *line_.changed > before.since);
    return std::ranges::find(line_.findings.not_yet, before.detector, &NotYet::detector) ==
           line_.findings.not_yet.end();
  }

  void judge_findings() {
    auto found = line_.findings.found;
    const auto there = [&](Detector detector) {
      return std::ranges::find(found, detector, &Finding::detector) != found.end();
    };
    if (!there(Detector::stale)) {
      if (const auto old = not_read(line_, now_)) found.push_back(*old);
    }
    each_standing([&](Alarm& each) {
      if (each.finding && !there(each.finding->detector) && is_over(*each.finding)) end(each);
    });
    for (const auto& each : found) stand(name_of(each.detector), 0, each);
  }

  const LineState& line_;
  std::vector<Alarm>& alarms_;
  UtcTime now_;
  std::optional<int> percent_;
};

bool same_line(const Alarm& left, const Alarm& right) {
  return left.account == right.account && left.line == right.line;
}

/// A higher level stands, or for a forecast the highest.
bool something_worse(const Alarm& alarm, std::span<const Alarm> alarms, int highest) {
  if (alarm.finding) return false;
  const auto least = alarm.kind == level_alarm ? alarm.percent + 1 : highest;
  return std::ranges::any_of(alarms, [&](const Alarm& each) {
    return each.kind == level_alarm && each.stands() && each.percent >= least &&
           same_line(each, alarm);
  });
}

bool is_of(const Alarm& alarm, std::span<const LineState> lines) {
  return std::ranges::any_of(lines, [&](const LineState& each) {
    return each.account == alarm.account && each.line == alarm.line;
  });
}

bool told_lately(const Alarm& alarm, std::span<const Alarm> alarms, UtcTime now) {
  return alarm.finding && std::ranges::any_of(alarms, [&](const Alarm& each) {
           return each.kind == alarm.kind && same_line(each, alarm) && each.told &&
                  now - *each.told < between_tellings;
         });
}

}  // namespace

bool silenced(const Alarm& alarm, UtcTime now) {
  return alarm.acknowledged || (alarm.muted_until && *alarm.muted_until > now);
}

Sureness sureness_of(const Alarm& alarm) {
  if (alarm.finding) return alarm.finding->sureness;
  if (alarm.kind == level_alarm) return Sureness::high;  // it was counted
  if (alarm.hit.latest) return Sureness::high;
  return alarm.hit.likely ? Sureness::medium : Sureness::low;
}

Advice advice_of(const Alarm& alarm) {
  return alarm.finding ? alarm.finding->advice : Advice::slow_down;
}

JudgedAlarms judge_alarms(std::span<const LineState> lines, std::span<const int> levels,
                          std::vector<Alarm> before, UtcTime now) {
  const auto there = static_cast<std::ptrdiff_t>(before.size());
  JudgedAlarms made{.alarms = std::move(before), .to_tell = {}};
  auto& alarms = made.alarms;
  for (const auto& line : lines) OfLine(line, alarms, now).judge(levels);
  std::ranges::sort(alarms.begin() + there, alarms.end(), {}, [](const Alarm& each) {
    return std::tie(each.account, each.line, each.kind, each.percent);
  });
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    auto& each = alarms.at(i);
    if (!each.stands() || each.told || silenced(each, now) || !is_of(each, lines) ||
        told_lately(each, alarms, now)) {
      continue;
    }
    if (!something_worse(each, alarms, levels.empty() ? 0 : levels.back()))
      made.to_tell.push_back(i);
    each.told = now;
  }
  return made;
}

}  // namespace usage
