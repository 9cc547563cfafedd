#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace sim {

/// What became of a notification (SGP.22 5.6.4), which is acknowledged whatever it is.
struct Received {
  bool valid = false;  ///< its signature holds, and a known eUICC made it
  std::string kind;    ///< installation, enable, disable, delete, install; empty: unreadable
  std::string eid;
  base::Bytes iccid;
  std::uint64_t sequence = 0;
  bool success = false;  ///< of an installation
  base::Bytes digest;    ///< SHA-256 of all of it
};

}  // namespace sim
