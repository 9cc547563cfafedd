#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "usage/data_size.hpp"
#include "usage/snapshot.hpp"

/// From a counter that is read now and then to what went through the line in between.
namespace usage {

/// What went through a line from `from` until before `to`, which is later by a second at least.
struct Delta {
  base::UtcTime from;
  base::UtcTime to;
  DataSize size;
  bool guessed = false;    ///< nobody looked for long: the size is right, when in it is not known
  bool new_cycle = false;  ///< a cycle begins at `from`

  bool operator==(const Delta&) const = default;
};

/// What is unusual about a reading.
enum class Remark : std::uint8_t {
  new_cycle,      ///< the counter began anew
  correction,     ///< it fell by at most 1 %: counted as nothing until it is made up for
  jumped_back,    ///< it fell by more, and no new cycle explains it
  limit_changed,  ///< a top-up, or another plan
  gap,            ///< nobody looked for more than three times as long as usual
  wrapped,        ///< a counter of 32 bits began anew at 2^32
  from_future     ///< read later than now; it is left out
};

struct Remarked {
  Remark remark = Remark::new_cycle;
  base::UtcTime at;
  std::int64_t bytes = 0;  ///< by which something fell, or by which the limit rose

  bool operator==(const Remarked&) const = default;
};

/// Where counting goes on from, when what was read before is dropped.
struct Counted {
  std::int64_t bytes = 0;  ///< by the newest reading that counted
  /// The cycle that is being counted. A provider may say the next one with figures of the last.
  std::optional<base::UtcTime> cycle_start, cycle_end;

  bool operator==(const Counted&) const = default;
};

struct Series {
  std::vector<Delta> deltas;  ///< by time
  std::vector<Remarked> remarks;
  /// How old figures are that do not say it: half the usual time between two changes, 12 hours
  /// at most. 0: unknown.
  std::chrono::seconds lag{};
  /// The time between two changes that nine of ten keep; empty when there were less than three.
  std::optional<std::chrono::seconds> interval;
  std::optional<base::UtcTime> changed;  ///< since when the figures are what they are
  bool jumped_back = false;              ///< at the end, and no later reading explained it

  std::size_t last = 0;  ///< the newest reading that counted, of those given in their order
  Counted counted;
};

/// The order in which series_of takes them: any order that they are given in makes the same series.
std::vector<Snapshot> in_order(std::vector<Snapshot> snapshots);

/// Of what one source said of one line.
///
/// A figure is of `as_of` or, where that is missing, of `fetched_at` less the lag; an unchanged one
/// without `as_of` counts when it is first seen, and one that rose is of the cycle before until no
/// provider is that late (12 hours). Over a cycle whose start is known, all deltas
/// together are the highest that the counter came to, byte for byte, unless it jumped back.
/// `counted` is given when the first snapshot is one that another series ended with.
Series series_of(std::vector<Snapshot> snapshots, base::UtcTime now,
                 const std::optional<Counted>& counted = {});

/// A byte counter of this machine, such as that of a network interface.
struct Reading {
  base::UtcTime at;
  std::int64_t bytes = 0;
  std::string epoch;  ///< other text after each start of the counter: boot and interface

  bool operator==(const Reading&) const = default;
};

/// The same of such a counter, in any order. It begins anew with another epoch; within one it only
/// falls when it wraps at 2^32, which a counter that was ever above never does. The first reading
/// is where it starts, and makes no delta.
Series series_of(std::vector<Reading> readings, base::UtcTime now);

}  // namespace usage
