#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "usage/series.hpp"

/// Series rolled up to hours, days and cycles by the line's own zone. No total changes by it.
namespace usage {

/// The traffic from `start` until the next hour, day or cycle begins, or the next bucket if that
/// is earlier. Of what nobody saw there is no bucket.
struct Bucket {
  base::UtcTime start;
  DataSize size;
  bool guessed = false;    ///< some of it may belong to a neighbour
  bool new_cycle = false;  ///< a cycle begins at `start`
  bool whole_day = false;  ///< among hours: it is of a day, of which the hours are not known

  bool operator==(const Bucket&) const = default;
};

/// `hours` with the deltas added, each spread evenly over its time. Hours are counted from the
/// start of their day, so that a day has whole ones in each zone; a cycle begins one of its own.
/// Both are by time. Throws what usage/zone.hpp has.
std::vector<Bucket> with_deltas(std::vector<Bucket> hours, std::span<const Delta> deltas,
                                const std::string& zone);

/// Hours, or parts of days, put together to days of the zone: a day in which a cycle begins has two
/// buckets. A day is guessed when what was guessed reaches over its start or end. Throws what
/// usage/zone.hpp has.
std::vector<Bucket> days_of(std::span<const Bucket> buckets, const std::string& zone);

/// Put together to cycles; the first may be one whose beginning nobody saw.
std::vector<Bucket> cycles_of(std::span<const Bucket> buckets);

/// All together. Throws as DataSize does.
DataSize total(std::span<const Bucket> buckets);

}  // namespace usage
