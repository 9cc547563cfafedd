#pragma once

#include <cstdint>

#include "sim/request.hpp"
#include "sim/state.hpp"

/// What changes the profiles of a card. Each takes the state before and gives the state after.
namespace sim {

struct Change {
  std::uint8_t result = 0;  ///< as the ASN.1 of SGP.22 annex H numbers it; 0 is ok
  State state;
  bool refresh = false;  ///< the terminal is asked to REFRESH
};

Change enable(State state, const ProfileId& id, bool refresh);                  ///< SGP.22 5.7.16
Change disable(State state, const ProfileId& id, bool refresh);                 ///< SGP.22 5.7.17
Change remove(State state, const ProfileId& id);                                ///< SGP.22 5.7.18
Change rename(State state, const base::Bytes& iccid, base::ByteView nickname);  ///< SGP.22 5.7.21

/// What an eUICCMemoryReset is to delete.
struct ResetOptions {
  bool operational_profiles = false;
  bool test_profiles = false;  ///< those that were loaded in the field
  bool default_smdp = false;
};

Change memory_reset(State state, const ResetOptions& options);    ///< SGP.22 5.7.19
Change remove_notification(State state, std::uint64_t sequence);  ///< SGP.22 5.7.11

}  // namespace sim
