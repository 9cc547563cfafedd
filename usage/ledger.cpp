#include "usage/ledger.hpp"

#include <algorithm>
#include <chrono>

namespace usage {

using base::UtcTime;

Ledger::Ledger(std::span<const Bucket> hours, UtcTime until) : hours_(hours), until_(until) {
  while (!hours_.empty() && hours_.back().start + std::chrono::hours(1) > until_)
    hours_ = hours_.first(hours_.size() - 1);
  before_.reserve(hours_.size() + 1);
  before_.push_back(0);
  for (const auto& hour : hours_) before_.push_back(before_.back() + hour.size.bytes());
}

std::span<const Bucket> Ledger::between(UtcTime from, UtcTime to) const {
  const auto first = std::ranges::lower_bound(hours_, from, {}, &Bucket::start);
  const auto last = std::ranges::lower_bound(hours_, to, {}, &Bucket::start);
  return first < last ? std::span(first, last) : std::span<const Bucket>();
}

std::optional<std::int64_t> Ledger::sum(UtcTime from, UtcTime to) const {
  const auto found = between(from, to);
  if (to > until_ || found.size() < std::size_t((to - from) / std::chrono::hours(1)) ||
      found.empty())
    return std::nullopt;
  if (found.front().guessed || found.back().guessed) return std::nullopt;
  if (std::ranges::any_of(found, &Bucket::whole_day)) return std::nullopt;
  const auto first = std::size_t(found.data() - hours_.data());
  return before_.at(first + found.size()) - before_.at(first);
}

std::optional<UtcTime> Ledger::largest(UtcTime from, UtcTime to) const {
  const auto found = between(from, to);
  if (found.empty()) return std::nullopt;
  return std::ranges::max_element(found, {}, &Bucket::size)->start;
}

std::optional<UtcTime> Ledger::end() const {
  if (hours_.empty()) return std::nullopt;
  return hours_.back().start + std::chrono::hours(1);
}

}  // namespace usage
