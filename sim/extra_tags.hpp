#pragma once

#include "base/bytes.hpp"

namespace sim {

/// An ES10 answer with elements that no specification has at the end of each SEQUENCE in it, which
/// a receiver skips: SGP.22 annex H is EXTENSIBILITY IMPLIED. What is a CHOICE stays as it is.
base::Bytes with_extra_tags(const base::Bytes& answer);

}  // namespace sim
