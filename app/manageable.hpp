#pragma once

#include "app/session.hpp"

namespace app {

/// Throws Error `card.iot` (refused) on an SGP.32 (IoT) eUICC, whose profiles its eIM manages: a
/// device only reads it. Called before anything on a card is changed; a card that does not tell
/// what it is passes.
void require_manageable(Session& session);

}  // namespace app
