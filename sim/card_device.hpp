#pragma once

#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "sim/card.hpp"
#include "sim/device.hpp"

namespace sim {

/// A card that behaves.
class CardDevice final : public Device {
 public:
  explicit CardDevice(Card card) : card_(std::move(card)) {}

  void power_on() override { card_.power_on(); }
  void power_off() override { card_.power_off(); }
  void reset() override { card_.reset(); }
  [[nodiscard]] base::Bytes atr() const override { return card_.atr(); }
  std::optional<base::Bytes> transmit(base::ByteView command) override {
    auto answer = card_.transmit(command);
    if (answer.empty()) return std::nullopt;
    return answer;
  }

 private:
  Card card_;
};

}  // namespace sim
