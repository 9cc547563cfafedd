#include "base/clock.hpp"

#include <thread>

namespace base {

Clock::TimePoint SystemClock::now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

void SystemClock::wait(Duration length) { std::this_thread::sleep_for(length); }

}  // namespace base
