#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "lpa/es11.hpp"
#include "lpa/euicc.hpp"
#include "lpa/trust.hpp"

namespace lpa {

/// What a card is asked with for its events; everything is borrowed.
struct DiscoveryParties {
  Euicc& euicc;
  Smds& smds;
  const tlv::Signed<EuiccInfo1>& info1;
  const DeviceInfo& device;
  const Trust& trust;  ///< of the server's certificate for signing, as of its connection
  base::UtcTime now;
  std::function<void(const std::string& sentence)> note = [](const std::string&) {};
};

/// Asks an SM-DS for all events of the card (SGP.22 v2.5 3.6.2). ES11 has no CancelSession: the
/// session on the card ends when the next one begins.
///
/// Throws as Smds, check_server and authenticate_server.
std::vector<EventEntry> discover(const DiscoveryParties& with);

}  // namespace lpa
