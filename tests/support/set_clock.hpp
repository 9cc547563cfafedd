#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace test {

/// A clock that is set by hand, and moves only when somebody waits on it.
class SetClock final : public base::Clock {
 public:
  explicit SetClock(base::UtcTime start) : start_(start) {}

  TimePoint now() override { return TimePoint(passed_); }
  void wait(Duration length) override { passed_ += length; }
  base::UtcTime utc() override {
    return start_ + std::chrono::duration_cast<std::chrono::seconds>(passed_);
  }

 private:
  base::UtcTime start_;
  Duration passed_{0};
};

}  // namespace test
