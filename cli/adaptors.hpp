#pragma once

#include <span>
#include <string_view>

namespace cli {

/// What makes a shell ask the program for completions.
struct Adaptor {
  std::string_view shell;
  std::string_view script;
};

/// One for each file in cli/completion/, which the build makes this of.
std::span<const Adaptor> adaptors();

}  // namespace cli
