#pragma once

#include "app/session.hpp"

namespace app {

/// Throws Error `card.iot` (refused) on an SGP.32 (IoT) eUICC, whose profiles its eIM manages: a
/// device only reads it. Called before anything on a card is changed; a card that does not tell
/// what it is passes.
void require_manageable(Session& session);

/// The same for a card that has told already what it is.
void require_manageable(const Session& session, const lpa::EuiccInfo2& info);

}  // namespace app
