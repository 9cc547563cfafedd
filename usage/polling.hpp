#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "base/utc.hpp"
#include "usage/data_size.hpp"
#include "usage/rollup.hpp"

/// When figures are worth asking for again.
namespace usage {

/// Nothing is left unasked for longer, unless its provider wants it so.
constexpr std::chrono::hours longest_pause(6);
constexpr std::chrono::minutes shortest_pause(1);

/// How much goes through a line in an hour that is busier than nine of ten, of the hours and days
/// of the last two weeks before `until`, where the last bucket ends. Empty for less than a day.
std::optional<DataSize> busy_hour(std::span<const Bucket> buckets, base::UtcTime until);

/// What is known of a line.
struct Polled {
  base::UtcTime asked;                        ///< the last time
  std::optional<DataSize> to_threshold{};     ///< until somebody wants to hear of it; empty: never
  std::optional<DataSize> an_hour{};          ///< of a busy one; empty: unknown
  std::string zone = "UTC";                   ///< of the line's days
  std::chrono::seconds floor{};               ///< between two requests, at least
  std::optional<base::UtcTime> not_before{};  ///< the provider wants no request until then
};

/// When to ask next: after half the time that a busy hour needs to the threshold, at least `floor`
/// and at most six hours after `asked`; at 02:00 and 06:00 of the zone in any case, between which
/// detectors look. After an hour while it is unknown how busy a line is. `floor` and `not_before`
/// win. Throws what usage/zone.hpp has.
base::UtcTime next_poll(const Polled& polled);

}  // namespace usage
