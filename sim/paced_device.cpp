#include "sim/paced_device.hpp"

namespace sim {

std::optional<base::Bytes> PacedDevice::transmit(base::ByteView command) {
  auto answer = device_->transmit(command);
  pace_.wait(command.size() + (answer ? answer->size() : 0));
  return answer;
}

}  // namespace sim
