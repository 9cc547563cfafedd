#include "app/watch_schedule.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>

#include "app/accounts.hpp"
#include "app/line_names.hpp"
#include "app/provider_files.hpp"
#include "app/throttle.hpp"
#include "store/accounts.hpp"
#include "usage/polling.hpp"

namespace app {
namespace {

using base::UtcTime;
using std::chrono::seconds;

constexpr seconds first_pause = std::chrono::minutes(1);
constexpr seconds longest_pause = std::chrono::hours(1);
constexpr seconds unknown_floor = std::chrono::minutes(15);

std::vector<std::string> names_of(const std::vector<store::Account>& accounts) {
  std::vector<std::string> names;
  for (const auto& each : accounts) names.push_back(each.name);
  return names;
}

/// What is left until somebody wants to hear of it; empty when that is past, or nothing limits.
std::optional<usage::DataSize> to_threshold(const usage::Snapshot& snapshot,
                                            const AlarmTerms& terms) {
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  if (limit == nullptr || !snapshot.used) return std::nullopt;
  constexpr int whole = 100;
  std::optional<std::int64_t> least;
  for (const auto share : {terms.warn, terms.cap, whole}) {
    const auto bytes = limit->bytes() / whole * share + limit->bytes() % whole * share / whole;
    const auto left = bytes - snapshot.used->bytes();
    if (left > 0 && (!least || left < *least)) least = left;
  }
  return least ? std::optional(usage::DataSize::of_bytes(*least)) : std::nullopt;
}

usage::Polled polled(const LineTraffic& line, const AlarmTerms& terms, UtcTime asked) {
  const auto& traffic = line.traffic;
  return {.asked = asked,
          .to_threshold = to_threshold(line.newest.snapshot, terms),
          .an_hour = usage::busy_hour(traffic.buckets, traffic.until.value_or(asked)),
          .zone = traffic.zone};
}

}  // namespace

void WatchSchedule::failed(const std::string& account, UtcTime now) {
  auto& failures = failures_[account];
  failures.last = now;
  ++failures.count;
}

std::optional<UtcTime> WatchSchedule::after_failure(const std::string& account) const {
  const auto found = failures_.find(account);
  if (found == failures_.end()) return std::nullopt;
  auto pause = first_pause;
  for (unsigned i = 1; i < found->second.count && pause < longest_pause; ++i) pause *= 2;
  return found->second.last + std::min(pause, longest_pause);
}

/// Empty for one that tells no usage.
std::optional<seconds> WatchSchedule::floor_of(const World& world, const std::string& provider) {
  const auto found = floors_.find(provider);
  if (found != floors_.end()) return found->second;
  try {
    const auto known = provider_of(world, provider);
    return floors_[provider] = known.usage ? std::optional(known.poll_floor) : std::nullopt;
  } catch (const base::Error&) {
    return unknown_floor;  // who reads the account tells of it
  }
}

std::vector<WatchedAccount> WatchSchedule::accounts(const World& world, const Observer& observer) {
  const auto now = world.clock.utc();
  const auto all = app::accounts(world);
  const auto plans = known_plans(world, observer);
  const auto choice = choose_lines(names_, names_of(all), plans.lines);
  const auto lines = line_traffic(world, plans, now);
  auto kept = store::Accounts::open_existing(world.state_directory);
  std::vector<WatchedAccount> made;
  for (const auto& account : all) {
    const AskingState state{.asked = kept.asked(account.name, PlanPart::usage),
                            .closed_until = kept.closed_until(account.name),
                            .figures = time_of(plans, account.name, PlanPart::usage)};
    // A name that nobody has may be that of a line of an account that was never read.
    if (!choice.has(account.name) && (choice.unknown.empty() || state.asked.whole)) continue;
    const auto floor = floor_of(world, account.provider);
    if (!floor) continue;
    const auto asked = std::max(state.asked.at, state.figures);
    WatchedAccount watched{.name = account.name, .told = state.asked.whole, .next = now};
    if (const auto later = after_failure(account.name)) {
      watched.failed = true;
      watched.next = *later;
    } else if (!asked || *asked > now || state.asked.at != state.asked.whole) {
      watched.next = now;
    } else if (interval_) {
      watched.next = *asked + std::max(*interval_, *floor);
    } else {
      watched.next = usage::next_poll({.asked = *asked, .floor = *floor});
      for (const auto& line : lines) {
        if (line.newest.account != account.name || !choice.has(line.newest)) continue;
        auto each = polled(line, terms_, *asked);
        each.floor = *floor;
        watched.next = std::min(watched.next, usage::next_poll(each));
      }
    }
    watched.next = std::max(watched.next, next_asking(state, *floor, now).value_or(watched.next));
    made.push_back(std::move(watched));
  }
  return made;
}

}  // namespace app
