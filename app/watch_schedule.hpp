#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/alarms.hpp"
#include "app/world.hpp"
#include "base/utc.hpp"

namespace app {

/// An account that is looked at over and over.
struct WatchedAccount {
  std::string name;
  std::optional<base::UtcTime> told{};  ///< when it last told everything
  base::UtcTime next;                   ///< when it is worth asking again, and may be
  bool failed = false;                  ///< the last time
};

/// When accounts are due. What failed waits a minute, then twice as long each time, up to an hour.
class WatchSchedule {
 public:
  /// `interval`: in place of what usage/polling.hpp says.
  WatchSchedule(std::vector<std::string> names, const AlarmTerms& terms,
                std::optional<std::chrono::seconds> interval)
      : names_(std::move(names)), terms_(terms), interval_(interval) {}

  void failed(const std::string& account, base::UtcTime now);
  void succeeded(const std::string& account) { failures_.erase(account); }

  /// The accounts that `names` call, and by name, as they are known now. Throws as read_plans.
  std::vector<WatchedAccount> accounts(const World& world, const Observer& observer);

 private:
  struct Failures {
    base::UtcTime last;
    unsigned count = 0;
  };
  [[nodiscard]] std::optional<base::UtcTime> after_failure(const std::string& account) const;
  std::optional<std::chrono::seconds> floor_of(const World& world, const std::string& provider);

  std::vector<std::string> names_;
  AlarmTerms terms_;
  std::optional<std::chrono::seconds> interval_;
  std::map<std::string, Failures> failures_;
  std::map<std::string, std::optional<std::chrono::seconds>> floors_;
};

}  // namespace app
