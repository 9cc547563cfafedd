#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/state.hpp"

/// StoreMetadataRequest, BF25 (SGP.22 5.5.3, annex H).
namespace sim {

/// What an SM-DP+ writes of a profile.
base::Bytes pack_metadata(const Profile& profile);

/// What a card reads of it; it has no ISD-P AID and no size yet. Throws tlv::Malformed.
Profile unpack_metadata(const tlv::Element& request);

/// Whether a card may take a profile with those policy rules (SGP.22 5.5.3 and 2.9.1.1).
bool rules_allowed(const State& state, const Profile& profile);

}  // namespace sim
