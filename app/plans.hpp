#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/asker.hpp"
#include "app/world.hpp"
#include "base/error.hpp"
#include "store/history.hpp"

namespace app {

enum class PlanPart : std::uint8_t { usage, balance };

/// Which accounts are read, and how fresh it has to be.
struct PlansOptions {
  PlanPart part = PlanPart::usage;      ///< what is asked for; all that is known is given
  std::vector<std::string> accounts{};  ///< all of them when empty
  bool refresh = false;                 ///< what is kept does not count
  std::optional<std::chrono::seconds> max_age{};
};

/// What could not be read of an account.
struct PlanFault {
  std::string account;
  base::Error error;
};

/// What is known of the lines of accounts, and what they have left; of the accounts with a fault,
/// what was known before.
struct Plans {
  std::vector<store::KeptSnapshot> lines;
  std::vector<store::KeptBalance> balances;
  std::vector<PlanFault> faults;
};

/// What is known of all accounts, without asking anybody; nothing where nothing is kept, or it
/// cannot be read, which is noted.
Plans known_plans(const World& world, const Observer& observer);

/// Asks the providers of those accounts whose figures are older than fifteen minutes, or than
/// `max_age`, or of all with `refresh`; none more often than its provider allows. At most 64 at a
/// time, each over one connection. What comes is kept.
///
/// Nobody is asked for a code. Throws Error `account.unknown` (not_found), and as open_secrets and
/// store::History.
Plans read_plans(const World& world, const Observer& observer, Asker& asker,
                 const PlansOptions& options);

}  // namespace app
