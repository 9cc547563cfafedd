#include "sim/stoppable_clock.hpp"

#include <algorithm>
#include <limits>

#include <poll.h>

namespace sim {

void StoppableClock::wait(Duration length) {
  const auto end = now() + length;
  pollfd file{stop_, POLLIN, 0};
  for (auto left = length; left.count() > 0; left = end - now()) {
    const auto most = std::min<Duration::rep>(left.count(), std::numeric_limits<int>::max());
    if (::poll(&file, 1, static_cast<int>(most)) > 0) return;
  }
}

}  // namespace sim
