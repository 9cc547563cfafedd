#include "cli/outcome.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/documents.hpp"

namespace cli {

Outcome run_one(const Invocation& invocation, const Context& context) {
  try {
    if (!invocation.command) {  // help or version
      context.terminal.out << invocation.text;
      return {};
    }
    return {.exit = invocation.command(context)};
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::card) context.card.let_go();
    return {.exit = base::exit_code(error.kind()).number, .error = error};
  }
}

Outcome run_kept(const Invocation& invocation, const Context& context) {
  std::ostringstream out;
  std::ostringstream err;
  auto terminal = context.terminal;
  const Terminal kept{.in = terminal.in,
                      .out = out,
                      .err = err,
                      .out_is_tty = terminal.out_is_tty,
                      .err_is_tty = terminal.err_is_tty,
                      .in_is_tty = terminal.in_is_tty,
                      .width = terminal.width,
                      .colour = terminal.colour};
  auto outcome =
      run_one(invocation, {context.world, context.observer, kept, context.options, context.card});
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

void add_outcome(Json& object, const Outcome& outcome) {
  const auto result = Json::parse(outcome.out, nullptr, false);
  const bool has_result = !outcome.error && !result.is_discarded();
  object["exit"] = outcome.exit;
  object["result"] = has_result ? result : Json();
  object["error"] = outcome.error ? error_json(*outcome.error) : Json();
}

int worse_exit(int first, int second) {
  constexpr std::array<int, 4> mild{0, 12, 11, 8};
  const auto rank = [&](int code) { return std::ranges::find(mild, code) - mild.begin(); };
  return rank(second) > rank(first) ? second : first;
}

}  // namespace cli
