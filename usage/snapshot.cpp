#include "usage/snapshot.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace usage {
namespace {

std::optional<DataSize> used_of(const Snapshot& snapshot) {
  if (snapshot.used) return snapshot.used;
  const auto* const limit = std::get_if<DataSize>(&snapshot.limit);
  if (limit == nullptr || !snapshot.remaining || *snapshot.remaining > *limit) return std::nullopt;
  return *limit - *snapshot.remaining;
}

std::optional<DataSize> remaining_of(const Snapshot& snapshot) {
  if (snapshot.remaining) return snapshot.remaining;
  const auto* const limit = std::get_if<DataSize>(&snapshot.limit);
  if (limit == nullptr || !snapshot.used) return std::nullopt;
  return *snapshot.used < *limit ? *limit - *snapshot.used : DataSize();
}

}  // namespace

Snapshot completed(Snapshot snapshot) {
  snapshot.used = used_of(snapshot);
  snapshot.remaining = remaining_of(snapshot);
  return snapshot;
}

std::optional<double> share_used(const Snapshot& snapshot) {
  const auto* const limit = std::get_if<DataSize>(&snapshot.limit);
  const auto used = used_of(snapshot);
  if (limit == nullptr || !used) return std::nullopt;
  if (*limit == DataSize()) return 1.0;
  return static_cast<double>(used->bytes()) / static_cast<double>(limit->bytes());
}

std::optional<int> percent_used(const Snapshot& snapshot) {
  constexpr double most = 1e6;
  constexpr double rounding = 1e-9;  // 29 of 100 are 28.999999999999996
  const auto share = share_used(snapshot);
  if (!share) return std::nullopt;
  return static_cast<int>(std::min(std::floor(*share * 100 + rounding), most));
}

std::optional<DataSize> pace(const Snapshot& snapshot, base::UtcTime now) {
  const auto* const limit = std::get_if<DataSize>(&snapshot.limit);
  const auto& cycle = snapshot.cycle;
  if (limit == nullptr || !cycle || !cycle->start || !cycle->end || *cycle->end <= *cycle->start)
    return std::nullopt;
  const auto whole = *cycle->end - *cycle->start;
  const auto past = std::clamp(now - *cycle->start, std::chrono::seconds(0), whole);
  const auto share = static_cast<double>(past.count()) / static_cast<double>(whole.count());
  return past == whole
             ? *limit
             : DataSize::of_bytes(std::llround(static_cast<double>(limit->bytes()) * share));
}

}  // namespace usage
