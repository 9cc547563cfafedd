#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/utc.hpp"
#include "usage/rollup.hpp"

namespace usage {

/// Sums over hours, asked for often.
class Ledger {
 public:
  /// Of hours by time, of which each is whole that ends at `until` or before. They have to outlive
  /// it.
  Ledger(std::span<const Bucket> hours, base::UtcTime until);

  /// Bytes from `from` until before `to`; empty when an hour of it is missing or not over, or when
  /// what was guessed reaches over one of both ends.
  [[nodiscard]] std::optional<std::int64_t> sum(base::UtcTime from, base::UtcTime to) const;

  /// The hour with the most of those that begin in that time; empty when there is none.
  [[nodiscard]] std::optional<base::UtcTime> largest(base::UtcTime from, base::UtcTime to) const;

  /// Where the newest whole hour ends; empty when there is none.
  [[nodiscard]] std::optional<base::UtcTime> end() const;

  [[nodiscard]] std::span<const Bucket> hours() const { return hours_; }

 private:
  [[nodiscard]] std::span<const Bucket> between(base::UtcTime from, base::UtcTime to) const;

  std::span<const Bucket> hours_;
  base::UtcTime until_;
  std::vector<std::int64_t> before_;  ///< of each hour, all that was before it
};

}  // namespace usage
