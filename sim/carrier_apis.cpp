#include "sim/carrier_apis.hpp"

#include "base/error.hpp"

namespace sim {

const std::vector<const CarrierApi*>& carrier_apis() {
  static const std::vector<const CarrierApi*> all{&soracom, &emnify,   &particle, &telnyx,
                                                  &twilio,  &hologram, &mint};
  return all;
}

const CarrierApi& carrier_api(std::string_view name) {
  for (const auto* const api : carrier_apis()) {
    if (api->name == name) return *api;
  }
  throw base::Error(base::ErrorKind::usage, "sim.provider",
                    "no carrier is called '" + std::string(name) + "'");
}

CarrierState fresh_carrier_of(std::string_view name, std::uint64_t now) {
  return carrier_api(name).fresh(now);
}

}  // namespace sim
