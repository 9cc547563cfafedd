#pragma once

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/state.hpp"

namespace sim {

/// The answer to ES10c.GetProfilesInfo, BF2D (SGP.22 5.7.15).
base::Bytes profiles_info(const State& state, const tlv::Element& request);

}  // namespace sim
