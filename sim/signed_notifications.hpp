#pragma once

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/state.hpp"

namespace sim {

/// The answer to ES10b.RetrieveNotificationsList, BF2B (SGP.22 5.7.10).
base::Bytes retrieve_notifications(const State& state, const tlv::Element& request);

}  // namespace sim
