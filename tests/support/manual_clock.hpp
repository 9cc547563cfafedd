#pragma once

#include <cstddef>

#include "base/clock.hpp"

namespace test {

/// A clock that moves only when somebody waits on it.
class ManualClock final : public base::Clock {
 public:
  TimePoint now() override { return now_; }
  void wait(Duration length) override {
    now_ += length;
    ++waits_;
  }

  [[nodiscard]] std::size_t waits() const { return waits_; }
  [[nodiscard]] Duration passed() const { return now_.time_since_epoch(); }

 private:
  TimePoint now_{};
  std::size_t waits_ = 0;
};

}  // namespace test
