#pragma once

#include <string_view>
#include <vector>

#include "sim/carrier.hpp"

namespace sim {

extern const CarrierApi soracom;
extern const CarrierApi emnify;
extern const CarrierApi particle;
extern const CarrierApi telnyx;
extern const CarrierApi twilio;
extern const CarrierApi hologram;
extern const CarrierApi mint;

/// The carriers that can be simulated, in the order of this file.
const std::vector<const CarrierApi*>& carrier_apis();

/// The one of that name; throws base::Error (usage, "sim.provider").
const CarrierApi& carrier_api(std::string_view name);

/// A carrier of that name for practice, at a moment in seconds since 1970; throws likewise.
CarrierState fresh_carrier_of(std::string_view name, std::uint64_t now);

}  // namespace sim
