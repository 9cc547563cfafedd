#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"

namespace cli {

/// What a command line asks for: a command with its options, or a text to print (help, version).
struct Invocation {
  GlobalOptions options;
  std::function<int(const Context&)> command;
  std::string text;
};

/// Reads the words after the program's name. Global options may stand before or after the command.
/// Throws Error of kind usage: `usage.command`, `usage.option`, `usage.argument`, with the nearest
/// word that exists as a hint.
Invocation parse(const std::vector<std::string>& words);

/// True when `words` ask for JSON: to know how to report that the rest cannot be read.
bool wants_json(const std::vector<std::string>& words);

}  // namespace cli
