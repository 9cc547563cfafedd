#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/utc.hpp"
#include "usage/cycle.hpp"
#include "usage/data_size.hpp"
#include "usage/money.hpp"

namespace usage {

struct Unknown {
  bool operator==(const Unknown&) const = default;
};
struct Unlimited {
  bool operator==(const Unlimited&) const = default;
};

/// How much data a plan has for a cycle.
using Limit = std::variant<Unknown, DataSize, Unlimited>;

/// What happens once the limit is used up.
enum class LimitBehaviour : std::uint8_t { unknown, throttled, billed, disabled };

/// By what a line is known; each may be empty. Digits alone, but the provider's own.
struct Line {
  std::optional<std::string> iccid;   ///< ITU-T E.118
  std::optional<std::string> eid;     ///< SGP.29
  std::optional<std::string> msisdn;  ///< ITU-T E.164, without the plus
  std::optional<std::string> imsi;    ///< ITU-T E.212
  std::optional<std::string> provider_id;

  bool operator==(const Line&) const = default;
};

/// What a provider said of a line at one moment. What is empty it did not say.
struct Snapshot {
  Line line;
  std::optional<std::string> plan;
  std::optional<base::UtcTime> expires_at;  ///< of the plan, not of the cycle
  std::optional<Cycle> cycle;
  Limit limit;
  LimitBehaviour limit_behaviour = LimitBehaviour::unknown;
  std::optional<DataSize> used;
  std::optional<DataSize> remaining;
  std::optional<Money> balance;
  std::optional<base::UtcTime> as_of;  ///< when the figures were true
  base::UtcTime fetched_at;            ///< when they were asked for
  std::string source;                  ///< which provider and account
  std::string confidence;  ///< why a figure may be off; empty: nothing is known against it

  bool operator==(const Snapshot&) const = default;
};

/// With the one of `used` and `remaining` that is missing, where the limit and the other tell it:
/// more used than the limit leaves nothing; more left than the limit (a top-up) tells nothing. What
/// is there stays as it is.
Snapshot completed(Snapshot snapshot);

/// Used by the limit: 0.5 is half of it, and it may be more than 1. A limit of nothing is used up.
/// Empty when either is unknown, or nothing limits.
std::optional<double> share_used(const Snapshot& snapshot);

/// The same in whole per cent, rounded down, so that a limit that is almost used up is not; a
/// million at most.
std::optional<int> percent_used(const Snapshot& snapshot);

/// What would have been used by `now` if every hour of the cycle used the same share of the limit.
/// Empty without a limit, or a cycle whose start and end are known.
std::optional<DataSize> pace(const Snapshot& snapshot, base::UtcTime now);

}  // namespace usage
