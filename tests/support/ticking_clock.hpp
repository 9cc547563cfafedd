#pragma once

#include <atomic>

#include "base/clock.hpp"

namespace test {

/// A clock that is a second later each time somebody looks at it.
class TickingClock final : public base::Clock {
 public:
  TimePoint now() override { return TimePoint(std::chrono::seconds(++seconds_)); }
  void wait(Duration length) override {
    seconds_ += std::chrono::duration_cast<std::chrono::seconds>(length).count();
  }

 private:
  std::atomic<std::chrono::seconds::rep> seconds_ = 0;
};

}  // namespace test
