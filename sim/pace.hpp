#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.hpp"
#include "sim/state.hpp"

namespace sim {

/// Makes commands take as long as Line::ms_per_apdu and Line::us_per_byte say. Borrows the clock.
class Pace {
 public:
  Pace(const Line& line, base::Clock& clock)
      : per_apdu_(line.ms_per_apdu), per_octet_(line.us_per_byte), clock_(&clock) {}

  /// Waits as long as a command and its answer take that are so many octets together. What is less
  /// than a millisecond is kept for the next.
  void wait(std::size_t octets);

 private:
  std::chrono::milliseconds per_apdu_;
  std::chrono::microseconds per_octet_;
  std::chrono::microseconds due_{0};
  base::Clock* clock_;
};

}  // namespace sim
