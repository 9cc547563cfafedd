#pragma once

#include <utility>

#include "base/bytes.hpp"
#include "lpa/card.hpp"
#include "sim/card.hpp"
#include "sim/state.hpp"

namespace test {

/// The simulated eUICC as a card of lpa.
class SimulatedCard final : public lpa::Card {
 public:
  explicit SimulatedCard(sim::State state = sim::fresh()) : card_(std::move(state)) {}

  base::Bytes transmit(base::ByteView command) override { return card_.transmit(command); }
  void reset() override { card_.reset(); }
  [[nodiscard]] base::Bytes atr() const override { return card_.atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override {
    return card_.state().protocol == sim::Protocol::t0 ? lpa::Protocol::t0 : lpa::Protocol::t1;
  }

  [[nodiscard]] const sim::State& state() const { return card_.state(); }

 private:
  sim::Card card_;
};

}  // namespace test
