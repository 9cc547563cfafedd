#pragma once

#include <memory>
#include <string>

#include "app/world.hpp"

namespace cli {

/// The simulated eUICC as a card of --card: a fresh one that is forgotten afterwards, or the one
/// that is kept in `file`, which is made when it is not there. Throws Error `sim.state` (usage) for
/// a damaged file.
std::unique_ptr<lpa::Card> simulated_card(const std::string& file, const app::Observer& observer);

}  // namespace cli
