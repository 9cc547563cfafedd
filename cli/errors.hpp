#pragma once

#include <string>

#include "base/error.hpp"
#include "cli/terminal.hpp"

namespace cli {

/// The same error in other words, with its hints and steps.
base::Error reworded(const base::Error& error, const std::string& message);

/// Tells people of an error on standard error: what and why, with `steps` how it came to it, then
/// what to do next. Text from outside is clean.
void print_error(const base::Error& error, const Terminal& terminal, bool steps);

/// Tells programs of it: one line of JSON on standard error (docs/schema/error.json).
void print_error_json(const base::Error& error, const Terminal& terminal);

}  // namespace cli
