#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/grammar.hpp"

namespace cli {

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

/// What it came to on one card of several.
struct CardOutcome {
  std::string card;
  Outcome outcome{};
};

/// Line `number` of a batch, as JSON.
void print_json_line(const Context& context, std::size_t number,
                     const std::vector<std::string>& words, const Outcome& outcome);

/// One card of `each`, as JSON.
void print_json_card(const Context& context, const CardOutcome& card);

/// All cards of `--card all`, as one JSON document.
void print_json_cards(const Context& context, const std::vector<CardOutcome>& cards);

/// Of two exit codes the one that a run of several ends with: an error, then 8, 11, 12, 0; of two
/// errors the first.
int worse_exit(int first, int second);

}  // namespace cli
