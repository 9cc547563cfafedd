#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "app/asker.hpp"
#include "app/known_plans.hpp"
#include "app/world.hpp"

namespace app {

/// Which accounts are read, and how fresh it has to be.
struct PlansOptions {
  std::vector<PlanPart> parts{PlanPart::usage};  ///< what is asked for; all that is known is given
  std::vector<std::string> names{};  ///< of accounts and, with usage, of lines; all when empty
  bool refresh = false;              ///< what is kept does not count
  std::optional<std::chrono::seconds> max_age{};
  std::optional<std::set<std::string>> only{};  ///< accounts that may be asked; empty: all
  std::stop_token stop{};                       ///< ends what providers are asked
};

/// Reads the counters of this machine that are counted, and asks the providers of those accounts
/// whose figures are older than fifteen minutes, or than `max_age`, or of all with `refresh`; none
/// more often than its provider allows, counted from the last attempt, nor while it wants no more
/// requests. At most 52 at a time, each over one connection, and one process at a time. What comes
/// is kept.
///
/// Of accounts that are named by a line, only the lines that are named are given. Accounts that
/// were never read are, to find a line.
///
/// Nobody is asked for a code. Throws Error `account.unknown`, `account.no-line`,
/// `account.several-lines` (not_found), and as open_secrets and store::History.
Plans read_plans(const World& world, const Observer& observer, Asker& asker,
                 const PlansOptions& options);

}  // namespace app
