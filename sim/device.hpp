#pragma once

#include <optional>

#include "base/bytes.hpp"

namespace sim {

/// What sits in a reader: a card, or something that behaves like none.
class Device {
 public:
  virtual ~Device() = default;
  virtual void power_on() = 0;
  virtual void power_off() = 0;
  virtual void reset() = 0;
  [[nodiscard]] virtual base::Bytes atr() const = 0;

  /// The answer to a command; empty when the card stays mute.
  virtual std::optional<base::Bytes> transmit(base::ByteView command) = 0;

  /// False once it was taken out of the reader; the last transmit() then has no answer.
  [[nodiscard]] virtual bool present() const { return true; }
};

}  // namespace sim
