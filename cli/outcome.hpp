#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/grammar.hpp"

namespace cli {

using Json = nlohmann::ordered_json;

/// What a command came to that is one of several.
struct Outcome {
  int exit = 0;
  std::optional<base::Error> error{};
  std::string out{};  ///< what it printed, when that was kept
  std::string err{};
};

/// Runs it with the terminal of `context`.
Outcome run_one(const Invocation& invocation, const Context& context);

/// Runs it and keeps what it prints.
Outcome run_kept(const Invocation& invocation, const Context& context);

/// Adds `exit`, `result` (the document that it printed) and `error` to an object.
void add_outcome(Json& object, const Outcome& outcome);

/// Of two exit codes the one that a run of several ends with: an error, then 8, 11, 12, 0; of two
/// errors the first.
int worse_exit(int first, int second);

}  // namespace cli
