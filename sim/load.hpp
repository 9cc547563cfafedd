#pragma once

#include "base/bytes.hpp"
#include "sim/es10.hpp"
#include "sim/session.hpp"
#include "sim/state.hpp"

/// ES10b.LoadBoundProfilePackage (SGP.22 5.7.6), one segment after the other as SGP.22 2.5.5 cuts
/// them.
namespace sim {

/// Whether `command` is for load_segment: it begins a package, or it goes on with one.
bool is_segment(const Session& session, base::ByteView command);

/// Takes a segment. The answer has data only once the package is there or refused: BF37. Without
/// a prepared download: 6985.
Es10Answer load_segment(const State& state, const Session& session, base::ByteView segment);

/// The state after another command came in between (installFailedDueToInterruption); empty when
/// nothing was being loaded.
std::optional<State> interrupted(const State& state, const Session& session);

}  // namespace sim
