#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>

#include "base/clock.hpp"

namespace test {

/// A clock that moves only when somebody waits on it.
class ManualClock final : public base::Clock {
 public:
  /// The time of day at first; without one it is the machine's, which goes.
  explicit ManualClock(std::optional<base::UtcTime> start = {}) : start_(start) {}

  base::UtcTime utc() override {
    if (!start_) return base::Clock::utc();
    return *start_ + std::chrono::duration_cast<std::chrono::seconds>(passed());
  }
  TimePoint now() override { return TimePoint(passed()); }
  void wait(Duration length) override {
    passed_ += length.count();
    ++waits_;
  }

  [[nodiscard]] std::size_t waits() const { return waits_; }
  [[nodiscard]] Duration passed() const { return Duration(passed_); }

 private:
  std::optional<base::UtcTime> start_;
  std::atomic<Duration::rep> passed_ = 0;  // several cards may be used at once
  std::atomic<std::size_t> waits_ = 0;
};

}  // namespace test
