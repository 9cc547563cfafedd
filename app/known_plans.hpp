#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/world.hpp"
#include "base/error.hpp"
#include "store/accounts.hpp"
#include "store/alarms.hpp"
#include "store/history.hpp"

namespace app {

using store::PlanPart;

/// What could not be read of an account.
struct PlanFault {
  std::string account;
  base::Error error;
};

/// Figures that are given although newer ones were wanted.
struct OldFigures {
  std::string account;
  std::string what;            ///< the line that is oldest, or the balance, in a few words
  std::size_t more = 0;        ///< so many lines of the account are old as well
  base::UtcTime fetched_at{};  ///< of that line
  bool beyond_limit = false;   ///< older than `max_age`; else `refresh` alone wanted newer ones
  std::string why{};           ///< one clause
  std::optional<base::UtcTime> next{};  ///< the account can be asked again from then on
};

/// What is known of the lines of accounts, and what they have left; of the accounts with a fault,
/// what was known before.
struct Plans {
  std::vector<store::KeptSnapshot> lines{};
  std::vector<store::KeptBalance> balances{};
  std::vector<store::LineLink> links{};
  std::vector<PlanFault> faults{};
  std::vector<OldFigures> old{};
  std::vector<store::LineCounter> counters{};  ///< which lines are linked to
  std::vector<store::KeptAlarm> alarms{};      ///< as open_alarms, of a reading alone
};

/// What is known of all accounts, without asking anybody; nothing where nothing is kept, or it
/// cannot be read, which is noted. Lines that an account does not have any more are left out.
Plans known_plans(const World& world, const Observer& observer);

/// The ICCID of the profile that the user says is behind the line, or nothing.
std::string linked_iccid(const Plans& plans, const store::KeptSnapshot& line);

/// The counter of this machine that the user says counts what goes through the line, or nothing.
std::string linked_counter(const Plans& plans, const store::KeptSnapshot& line);

/// The same of databases that are open; they throw.
Plans kept_plans(store::History& history, store::Accounts& accounts);

/// When the figures of a part of an account were asked for: the oldest of its lines.
std::optional<base::UtcTime> time_of(const Plans& plans, const std::string& account, PlanPart part);

/// Which figures a run takes for old: those of before it, beyond the limit if there is one.
struct AgeLimit {
  base::UtcTime start;
  base::UtcTime now;
  std::optional<std::chrono::seconds> most{};

  [[nodiscard]] bool old(base::UtcTime fetched) const {
    return fetched < start && (!most || now - fetched > *most);
  }
};

/// The figures of a part of an account, of which some are old; why, and what then, is left empty.
OldFigures old_figures(const Plans& plans, const std::string& account, PlanPart part,
                       const AgeLimit& limit);

}  // namespace app
