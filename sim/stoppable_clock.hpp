#pragma once

#include "base/clock.hpp"

namespace sim {

/// The machine's clock, on which nobody waits longer than until a file descriptor is readable.
class StoppableClock final : public base::Clock {
 public:
  explicit StoppableClock(int stop) : stop_(stop) {}
  TimePoint now() override { return clock_.now(); }
  void wait(Duration length) override;

 private:
  base::SystemClock clock_;
  int stop_;
};

}  // namespace sim
