#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "sim/device.hpp"
#include "sim/pace.hpp"

namespace sim {

/// A device whose answers come no sooner than its pace allows.
class PacedDevice final : public Device {
 public:
  PacedDevice(std::unique_ptr<Device> device, Pace pace)
      : device_(std::move(device)), pace_(pace) {}

  void power_on() override { device_->power_on(); }
  void power_off() override { device_->power_off(); }
  void reset() override { device_->reset(); }
  [[nodiscard]] base::Bytes atr() const override { return device_->atr(); }
  [[nodiscard]] bool present() const override { return device_->present(); }
  std::optional<base::Bytes> transmit(base::ByteView command) override;

 private:
  std::unique_ptr<Device> device_;
  Pace pace_;
};

}  // namespace sim
