#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "sim/state.hpp"

namespace sim {

/// The answer to reset of an eUICC that speaks `protocol` and has `channels` logical channels.
base::Bytes make_atr(Protocol protocol, std::size_t channels);

}  // namespace sim
