#pragma once

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/es10.hpp"
#include "sim/state.hpp"

namespace sim {

/// ES10b.LoadCRL, BF35 (SGP.22 5.7.12). A card that does not tell of crlSupport in its
/// RspCapability has no such function.
Es10Answer load_crl(const State& state, const tlv::Element& request);

}  // namespace sim
