#include "app/watch.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "app/accounts.hpp"
#include "app/plans.hpp"
#include "base/file_lock.hpp"
#include "usage/polling.hpp"

namespace app {
namespace {

using base::Error;
using base::ErrorKind;
using base::UtcTime;

/// What somebody else has read meanwhile, and a clock that was set, are seen this soon.
constexpr std::chrono::minutes longest_wait(10);
constexpr std::chrono::minutes after_fault(1);

base::FileLock only_one(const World& world) {
  auto lock = base::FileLock::acquire(world.state_directory / "watching.lock", world.clock, {});
  if (auto* const taken = std::get_if<base::FileLock>(&lock)) return std::move(*taken);
  const auto& by = std::get<base::FileLock::Held>(lock).by;
  const auto process = by.substr(0, by.find(' '));
  Error error(ErrorKind::failure, "watch.running",
              fmt::format("another watch runs already{}", by.empty() ? "" : ", as process " + by));
  if (!process.empty()) error.hint(fmt::format("`kill {}` ends that one", process));
  throw Error(error.hint("`esimctl check` looks once, and does so beside it"));
}

Error nothing_to_watch() {
  return Error(ErrorKind::not_found, "watch.nothing", "there is no account that can be watched")
      .hint("`esimctl account add CARRIER` adds one; `esimctl carrier list` shows who tells usage");
}

/// What waiting does not mend.
bool of_the_command(const Error& error) {
  return error.kind() == ErrorKind::usage || error.kind() == ErrorKind::not_found;
}

class Watch {
 public:
  Watch(const World& world, const Observer& observer, Asker& asker, const WatchTerms& terms,
        const WatchEvents& events, const std::stop_token& stop)
      : world_(world),
        observer_(observer),
        asker_(asker),
        terms_(terms),
        events_(events),
        stop_(stop),
        schedule_(terms.names, terms.alarms.value_or(AlarmTerms{}), terms.interval) {}

  void run() {
    bool first = true;
    while (!stop_.stop_requested()) {
      const auto began = now();
      UtcTime next = began + after_fault;
      try {
        next = look();
        first = false;
      } catch (const Error& error) {
        if (stop_.stop_requested()) return;
        if (first && of_the_command(error)) throw;
        events_.fault({}, error);
      }
      pause(began, next);
    }
  }

 private:
  [[nodiscard]] UtcTime now() const { return world_.clock.utc(); }

  /// One round; when the next one is due.
  UtcTime look() {
    const auto due = due_accounts();
    WatchRound round;
    round.at = now();
    const auto plans =
        read_plans(world_, observer_, asker_,
                   {.names = terms_.names, .refresh = true, .only = due, .stop = stop_});
    if (stop_.stop_requested()) return round.at;
    for (const auto& name : due) {
      const auto fault = std::ranges::find(plans.faults, name, &PlanFault::account);
      if (fault != plans.faults.end()) {
        schedule_.failed(name, now());
        events_.fault(name, fault->error);
      } else {
        schedule_.succeeded(name);
        round.read.push_back(name);
      }
    }
    round.lines = judged(plans);
    round.accounts = schedule_.accounts(world_, observer_);
    round.next = next_of(round.accounts);
    events_.round(round);
    return round.next;
  }

  std::vector<JudgedLine> judged(const Plans& plans) {
    if (terms_.alarms) {
      auto judgement = judge(world_, observer_, plans, *terms_.alarms);
      for (const auto& alarm : judgement.to_tell) events_.alarm(alarm);
      return std::move(judgement.lines);
    }
    std::vector<JudgedLine> lines;
    for (auto& each : line_traffic(world_, plans, now()))
      lines.push_back({.traffic = std::move(each)});
    return lines;
  }

  std::set<std::string> due_accounts() {
    const auto all = schedule_.accounts(world_, observer_);
    if (all.empty() && terms_.names.empty()) throw nothing_to_watch();
    std::set<std::string> due;
    for (const auto& each : all) {
      if (each.next <= now()) due.insert(each.name);
    }
    return due;
  }

  /// One that is due again at once was not asked, whatever the reason: it waits as after a failure.
  UtcTime next_of(std::vector<WatchedAccount> accounts) {
    const auto time = now();
    UtcTime next = time + usage::longest_pause;
    for (auto& each : accounts) {
      if (each.next <= time) each.next = time + after_fault;
      next = std::min(next, each.next);
    }
    return next;
  }

  /// Until then; the clock may go back meanwhile.
  void pause(UtcTime began, UtcTime next) {
    events_.alive();
    while (!stop_.stop_requested() && now() < next && now() >= began) {
      const auto pulse =
          std::min<std::chrono::seconds>(terms_.pulse.value_or(longest_wait), longest_wait);
      world_.clock.wait_until(std::min(next, now() + pulse), stop_);
      events_.alive();
    }
  }

  const World& world_;
  const Observer& observer_;
  Asker& asker_;
  const WatchTerms& terms_;
  const WatchEvents& events_;
  const std::stop_token& stop_;
  WatchSchedule schedule_;
};

}  // namespace

void watch(const World& world, const Observer& observer, Asker& asker, const WatchTerms& terms,
           const WatchEvents& events, const std::stop_token& stop) {
  if (accounts(world).empty()) throw nothing_to_watch();
  std::optional<base::FileLock> lock;
  if (terms.alarms) lock = only_one(world);
  events.begun();
  Watch(world, observer, asker, terms, events, stop).run();
}

}  // namespace app
