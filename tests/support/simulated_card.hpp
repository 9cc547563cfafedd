#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "lpa/card.hpp"
#include "sim/card.hpp"
#include "sim/state.hpp"

namespace test {

/// The simulated eUICC as a card of lpa. `around` may answer a command in the card's place, or
/// throw what a reader would.
class SimulatedCard final : public lpa::Card {
 public:
  using Around = std::function<base::Bytes(sim::Card& card, base::ByteView command)>;

  explicit SimulatedCard(sim::State state = sim::fresh(), Around around = {})
      : card_(std::move(state)), around_(std::move(around)) {}

  base::Bytes transmit(base::ByteView command) override {
    return around_ ? around_(card_, command) : card_.transmit(command);
  }
  void reset() override {
    ++resets_;
    card_.reset();
  }
  void set_patience(std::optional<std::chrono::milliseconds> at_most) override {
    patience_ = at_most;
  }
  [[nodiscard]] base::Bytes atr() const override { return card_.atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override {
    return card_.state().protocol == sim::Protocol::t0 ? lpa::Protocol::t0 : lpa::Protocol::t1;
  }

  [[nodiscard]] const sim::State& state() const { return card_.state(); }
  [[nodiscard]] int resets() const { return resets_; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const { return patience_; }

 private:
  sim::Card card_;
  Around around_;
  int resets_ = 0;
  std::optional<std::chrono::milliseconds> patience_;
};

/// True for STORE DATA of an ES10 request with this tag of two octets.
inline bool is_request(base::ByteView command, std::uint8_t first, std::uint8_t second) {
  return command.size() > 6 && command[1] == 0xE2 && command[5] == first && command[6] == second;
}

}  // namespace test
