#include "app/known_plans.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/line_names.hpp"
#include "store/line_key.hpp"

namespace app {

Plans known_plans(const World& world, const Observer& observer) {
  if (!store::History::there(world.state_directory) ||
      !store::Accounts::there(world.state_directory)) {
    return {};
  }
  try {
    auto history = store::History::open_existing(world.state_directory);
    auto accounts = store::Accounts::open_existing(world.state_directory);
    return kept_plans(history, accounts);
  } catch (const base::Error& error) {
    observer.note(fmt::format("what is known of plans cannot be read: {}", error.what()));
    return {};
  }
}

namespace {

/// The link of that line; null when there is none.
template <class Link>
const Link* link_of(const std::vector<Link>& links, const store::KeptSnapshot& line) {
  const auto found = std::ranges::find_if(links, [&](const Link& each) {
    return each.account == line.account && each.line == store::line_key(line.snapshot.line);
  });
  return found == links.end() ? nullptr : &*found;
}

}  // namespace

std::string linked_iccid(const Plans& plans, const store::KeptSnapshot& line) {
  const auto* const found = link_of(plans.links, line);
  return found == nullptr ? std::string() : found->iccid;
}

std::string linked_counter(const Plans& plans, const store::KeptSnapshot& line) {
  const auto* const found = link_of(plans.counters, line);
  return found == nullptr ? std::string() : found->counter;
}

std::optional<base::UtcTime> time_of(const Plans& plans, const std::string& account,
                                     PlanPart part) {
  std::optional<base::UtcTime> oldest;
  const auto note = [&](const std::string& of, base::UtcTime at) {
    if (of == account) oldest = std::min(oldest.value_or(at), at);
  };
  if (part == PlanPart::balance) {
    for (const auto& each : plans.balances) note(each.account, each.fetched_at);
  } else {
    for (const auto& each : plans.lines) note(each.account, each.snapshot.fetched_at);
  }
  return oldest;
}

Plans kept_plans(store::History& history, store::Accounts& accounts) {
  Plans plans{.lines = history.newest(),
              .balances = history.newest_balances(),
              .links = accounts.links(),
              .counters = accounts.counters()};
  std::map<std::string, std::optional<base::UtcTime>> whole;
  for (const auto& each : accounts.all())
    whole[each.name] = accounts.asked(each.name, PlanPart::usage).whole;
  std::erase_if(plans.lines, [&](const store::KeptSnapshot& each) {
    const auto found = whole.find(each.account);
    // What the last whole reading did not tell of is no line of the account any more.
    return found == whole.end() || each.snapshot.fetched_at < found->second;
  });
  std::erase_if(plans.balances, [&](const auto& each) { return !whole.contains(each.account); });
  return plans;
}

OldFigures old_figures(const Plans& plans, const std::string& account, PlanPart part,
                       const AgeLimit& limit) {
  OldFigures made{.account = account,
                  .what = "the balance",
                  .fetched_at = time_of(plans, account, part).value_or(limit.now),
                  .beyond_limit = limit.most.has_value()};
  if (part == PlanPart::balance) return made;
  std::size_t count = 0;
  for (const auto& each : plans.lines) {
    const auto& snapshot = each.snapshot;
    if (each.account != account || !limit.old(snapshot.fetched_at)) continue;
    ++count;
    if (snapshot.fetched_at == made.fetched_at) made.what = spoken_line(snapshot.line);
  }
  made.more = count - std::min<std::size_t>(count, 1);
  return made;
}

}  // namespace app
