#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "sim/device.hpp"

namespace sim {

/// Where vpcd, the reader driver of vsmartcard, waits for a card.
struct VpcdEndpoint {
  std::string host = "127.0.0.1";          ///< an IPv4 address
  std::uint16_t port = 0x8C7B;             ///< vpcd's own default
  std::chrono::milliseconds wait{10'000};  ///< how long to try while nobody listens
};

enum class VpcdEnd : std::uint8_t { closed, removed, stopped };

/// Puts `device` into a reader of vpcd until the reader closes, the device is removed, or the file
/// descriptor `stop` (-1 for none) becomes readable. `on_connected` is called once.
///
/// The protocol is virtualsmartcard's doc/api.txt: a length of two octets, then a control octet or
/// an APDU. A mute device sends nothing, so the reader waits as long as this runs. Throws
/// base::Error (failure, "sim.vpcd") when nobody listens in time or the connection breaks.
VpcdEnd serve_vpcd(Device& device, const VpcdEndpoint& endpoint, int stop = -1,
                   const std::function<void()>& on_connected = {});

}  // namespace sim
