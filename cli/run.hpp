#pragma once

#include <string>
#include <vector>

#include "app/world.hpp"
#include "cli/terminal.hpp"

namespace cli {

/// The whole program: reads the words after its name, does what they say in `world`, prints to
/// `terminal`, gives the exit code (docs/json.md). Throws nothing.
int run(const std::vector<std::string>& words, const app::World& world, const Terminal& terminal);

}  // namespace cli
