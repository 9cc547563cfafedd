#include "sim/pace.hpp"

namespace sim {

void Pace::wait(std::size_t octets) {
  due_ += per_apdu_ + per_octet_ * static_cast<std::chrono::microseconds::rep>(octets);
  const auto now = std::chrono::floor<base::Clock::Duration>(due_);
  if (now.count() == 0) return;
  due_ -= now;
  clock_->wait(now);
}

}  // namespace sim
