#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/session.hpp"
#include "app/world.hpp"
#include "cli/terminal.hpp"

namespace cli {

enum class JsonStyle { none, compact, pretty };

/// The options that every command takes.
struct GlobalOptions {
  app::CardChoice choice;
  JsonStyle json = JsonStyle::none;
  bool quiet = false;
  int verbosity = 0;
  bool no_input = false;
  bool yes = false;
  bool no_colour = false;
};

/// What a command works with: the world, the terminal, and what the user asked of every command.
struct Context {
  const app::World& world;
  const app::Observer& observer;
  const Terminal& terminal;
  const GlobalOptions& options;

  [[nodiscard]] bool colour() const { return terminal.colour && !options.no_colour; }
};

}  // namespace cli
