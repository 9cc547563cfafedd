#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "sim/session.hpp"
#include "sim/state.hpp"

namespace sim {

/// What an ISD-R makes of one ES10 command.
struct Es10Answer {
  std::uint16_t status = 0x9000;  ///< without 91xx, which the card adds
  base::Bytes data{};
  std::optional<State> changed{};    ///< the state after, when it is another
  bool refresh = false;              ///< the terminal is asked to REFRESH
  std::optional<Session> session{};  ///< the RSP session after, when it is another
  bool mute = false;                 ///< nothing is answered any more until a reset
};

/// Runs one ES10 command: the data of a whole chain of STORE DATA blocks (SGP.22 5.7.2).
///
/// 6A80 for what is not the one element that SGP.22 annex H describes, 6A88 for a function that is
/// not here.
Es10Answer run_es10(const State& state, const Session& session, base::ByteView command);

}  // namespace sim
