#include "app/line_links.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/accounts.hpp"
#include "app/counters.hpp"
#include "app/line_names.hpp"
#include "app/plans.hpp"
#include "app/profiles.hpp"
#include "base/error.hpp"
#include "store/line_key.hpp"
#include "usage/iccid.hpp"

namespace app {
namespace {

using store::KeptSnapshot;

/// What `name` calls, which may be an account with one line.
std::vector<KeptSnapshot> found_lines(const World& world, const Plans& plans,
                                      const std::string& name) {
  std::vector<std::string> names;
  for (const auto& each : accounts(world)) names.push_back(each.name);
  const bool account = std::ranges::find(names, name) != names.end();
  std::vector<KeptSnapshot> found;
  if (account) {
    for (const auto& each : plans.lines) {
      if (each.account == name) found.push_back(each);
    }
    if (found.size() > 1) {
      base::Error error(base::ErrorKind::not_found, "account.several-lines",
                        fmt::format("the account “{}” has {} lines", name, found.size()));
      for (const auto& each : found) error.hint(spoken_line(each.snapshot.line));
      throw error;
    }
    if (found.empty()) {
      throw base::Error(base::ErrorKind::not_found, "account.no-line",
                        fmt::format("nothing is known of the lines of “{}” yet", name))
          .hint(fmt::format("`esimctl usage {}` asks for them", name));
    }
  } else {
    for (const auto at : lines_called(plans.lines, name)) found.push_back(plans.lines[at]);
    if (found.empty()) throw unknown_line(name, names, plans.lines);
  }
  return found;
}

std::string iccid_of(const std::string& profile,
                     const std::function<std::vector<lpa::ProfileInfo>()>& profiles) {
  if (usage::whole_iccid(profile)) return profile;
  const auto list = profiles();
  const auto& found = find_profile(list, profile);
  if (found.iccid) return found.iccid->digits();
  throw base::Error(base::ErrorKind::not_found, "profile.not-found",
                    fmt::format("{} cannot be linked: it has no ICCID", spoken_name(found)));
}

}  // namespace

LineLinked link_line(const World& world, const Observer& observer, const std::string& line,
                     const std::string& profile,
                     const std::function<std::vector<lpa::ProfileInfo>()>& profiles) {
  const auto plans = known_plans(world, observer);
  const auto found = found_lines(world, plans, line);
  LineLinked linked{.account = found.front().account,
                    .line = spoken_line(found.front().snapshot.line),
                    .iccid = iccid_of(profile, profiles)};
  if (const auto on = linked_counter(plans, found.front()); !on.empty()) linked.interface = on;
  auto accounts = store::Accounts::open_existing(world.state_directory);
  const auto before = accounts.links();
  auto gone = before;
  std::erase_if(gone, [&](const store::LineLink& each) {
    return !usage::same_iccid(each.iccid, *linked.iccid);
  });
  std::vector<store::LineLink> made;
  for (const auto& each : found) {
    made.push_back({.account = each.account,
                    .line = store::line_key(each.snapshot.line),
                    .iccid = *linked.iccid});
  }
  accounts.link(made, gone);
  linked.changed = accounts.links() != before;
  return linked;
}

LineLinked link_interface(const World& world, const Observer& observer, const std::string& line,
                          const std::string& interface) {
  const auto plans = known_plans(world, observer);
  const auto found = found_lines(world, plans, line);
  start_counting(world, observer, interface);
  LineLinked linked{.account = found.front().account,
                    .line = spoken_line(found.front().snapshot.line),
                    .interface = interface};
  if (const auto iccid = linked_iccid(plans, found.front()); !iccid.empty()) linked.iccid = iccid;
  auto accounts = store::Accounts::open_existing(world.state_directory);
  for (const auto& each : found) {
    if (linked_counter(plans, each) == interface) continue;
    accounts.link_counter({.account = each.account,
                           .line = store::line_key(each.snapshot.line),
                           .counter = interface});
    linked.changed = true;
  }
  return linked;
}

LineLinked unlink_line(const World& world, const Observer& observer, const std::string& line) {
  const auto plans = known_plans(world, observer);
  const auto found = found_lines(world, plans, line);
  LineLinked linked{.account = found.front().account,
                    .line = spoken_line(found.front().snapshot.line)};
  auto accounts = store::Accounts::open_existing(world.state_directory);
  for (const auto& each : found) {
    const auto key = store::line_key(each.snapshot.line);
    const bool profile = accounts.unlink(each.account, key);
    const bool counter = accounts.unlink_counter(each.account, key);
    linked.changed = linked.changed || profile || counter;
  }
  return linked;
}

}  // namespace app
