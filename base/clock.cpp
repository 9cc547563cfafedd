#include "base/clock.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace base {

UtcTime Clock::utc() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void Clock::wait_until(UtcTime time, const std::stop_token& stop) {
  const auto now = utc();
  if (!stop.stop_requested() && time > now) wait(time - now);
}

Clock::TimePoint SystemClock::now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

void SystemClock::wait(Duration length) { std::this_thread::sleep_for(length); }

void SystemClock::wait_until(UtcTime time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::unique_lock lock(mutex);
  ended.wait_until(lock, stop, std::chrono::system_clock::time_point(time), [] { return false; });
}

}  // namespace base
