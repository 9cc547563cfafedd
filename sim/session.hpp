#pragma once

#include "base/bytes.hpp"

namespace sim {

/// What a card knows of an RSP session (SGP.22 3.1.3); a reset takes it away.
struct Session {
  base::Bytes challenge;  ///< 16 octets; empty while there is no session
};

}  // namespace sim
