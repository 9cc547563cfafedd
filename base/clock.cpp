#include "base/clock.hpp"

#include <thread>

namespace base {

UtcTime Clock::utc() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Clock::TimePoint SystemClock::now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

void SystemClock::wait(Duration length) { std::this_thread::sleep_for(length); }

}  // namespace base
