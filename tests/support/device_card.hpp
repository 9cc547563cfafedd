#pragma once

#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "lpa/card.hpp"
#include "sim/device.hpp"

namespace test {

/// A simulated device, as a reader shows it to lpa. Borrows the device.
class DeviceCard final : public lpa::Card {
 public:
  DeviceCard(sim::Device& device, lpa::Protocol protocol) : device_(&device), protocol_(protocol) {}

  base::Bytes transmit(base::ByteView command) override {
    must_be_there();
    auto answer = device_->transmit(command);
    must_be_there();
    if (!answer) throw base::Error(base::ErrorKind::card, "card.mute", "no answer");
    return *std::move(answer);
  }
  void reset() override {
    must_be_there();
    device_->reset();
  }
  [[nodiscard]] base::Bytes atr() const override { return device_->atr(); }
  [[nodiscard]] lpa::Protocol protocol() const override { return protocol_; }

 private:
  void must_be_there() const {
    if (!device_->present()) throw base::Error(base::ErrorKind::card, "card.removed", "taken out");
  }

  sim::Device* device_;
  lpa::Protocol protocol_;
};

}  // namespace test
