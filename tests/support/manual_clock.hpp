#pragma once

#include <atomic>
#include <cstddef>

#include "base/clock.hpp"

namespace test {

/// A clock that moves only when somebody waits on it.
class ManualClock final : public base::Clock {
 public:
  TimePoint now() override { return TimePoint(passed()); }
  void wait(Duration length) override {
    passed_ += length.count();
    ++waits_;
  }

  [[nodiscard]] std::size_t waits() const { return waits_; }
  [[nodiscard]] Duration passed() const { return Duration(passed_); }

 private:
  std::atomic<Duration::rep> passed_ = 0;  // several cards may be used at once
  std::atomic<std::size_t> waits_ = 0;
};

}  // namespace test
