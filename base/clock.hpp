#pragma once

#include <chrono>
#include <stop_token>

#include "base/utc.hpp"

namespace base {

/// Time as the program sees it; tests hand in one that they move themselves.
class Clock {
 public:
  using Duration = std::chrono::milliseconds;
  using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

  virtual ~Clock() = default;
  virtual TimePoint now() = 0;             ///< monotonic
  virtual void wait(Duration length) = 0;  ///< between two looks at something that is polled
  virtual UtcTime utc();                   ///< the time of day; the machine's unless told otherwise

  /// Until that time of day, or until `stop` is asked for, which ends it at once.
  virtual void wait_until(UtcTime time, const std::stop_token& stop);
};

/// The machine's own clock.
class SystemClock final : public Clock {
 public:
  TimePoint now() override;
  void wait(Duration length) override;
  /// A machine that slept, or whose clock was set, is noticed when it is awake.
  void wait_until(UtcTime time, const std::stop_token& stop) override;
};

}  // namespace base
