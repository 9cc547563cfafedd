#pragma once

#include <stop_token>

#include "app/world.hpp"

namespace app {

/// The same world, in which requests to servers end at once when `stop` is asked for.
World stoppable(const World& world, const std::stop_token& stop);

}  // namespace app
