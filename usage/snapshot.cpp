#include "usage/snapshot.hpp"

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

}  // namespace usage
