#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/alarms.hpp"
#include "app/asker.hpp"
#include "app/watch_schedule.hpp"
#include "app/world.hpp"
#include "base/error.hpp"
#include "base/utc.hpp"

namespace app {

/// What is looked at over and over, and how often.
struct WatchTerms {
  std::vector<std::string> names{};                ///< of accounts and lines; all when empty
  std::optional<AlarmTerms> alarms{AlarmTerms{}};  ///< empty: nobody judges, or hears of alarms
  std::optional<std::chrono::seconds> interval{};  ///< empty: as usage/polling.hpp has it
  std::optional<std::chrono::seconds> pulse{};     ///< `alive` is called as often, at least
};

/// What came of one look at those that were due.
struct WatchRound {
  base::UtcTime at;
  std::vector<std::string> read{};  ///< the accounts that were asked and have told everything
  std::vector<WatchedAccount> accounts{};
  std::vector<JudgedLine> lines{};
  base::UtcTime next;  ///< when somebody is due again
};

/// Hears what happens; what it throws ends the watch.
struct WatchEvents {
  std::function<void()> begun = [] {};  ///< no other one runs
  std::function<void(const WatchRound&)> round = [](const WatchRound&) {};
  std::function<void(const store::KeptAlarm&)> alarm = [](const store::KeptAlarm&) {};
  /// Of an account, or of all when that is empty. It is tried again.
  std::function<void(const std::string& account, const base::Error&)> fault =
      [](const std::string&, const base::Error&) {};
  std::function<void()> alive = [] {};
};

/// Asks accounts when they are due, as read_plans does, judges their lines, and waits, until `stop`
/// is asked for, which ends it at once. What fails is told and tried again, later and later.
///
/// One process at a time that judges: throws Error `watch.running` (failure), which names the other
/// one; `watch.nothing` (not_found) where there is no account that tells usage; and what is wrong
/// about `names` as read_plans does, all before the first look.
void watch(const World& world, const Observer& observer, Asker& asker, const WatchTerms& terms,
           const WatchEvents& events, const std::stop_token& stop);

}  // namespace app
