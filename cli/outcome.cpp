#include "cli/outcome.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/documents.hpp"
#include "cli/output.hpp"

namespace cli {
namespace {

/// The document that was printed; of a stream of events the last one.
Json result_of(const std::string& out) {
  auto whole = Json::parse(out, nullptr, false);
  if (!whole.is_discarded() || out.empty()) return whole;
  const auto before = out.rfind('\n', out.size() - 2);
  return Json::parse(out.substr(before == std::string::npos ? 0 : before + 1), nullptr, false);
}

/// `object` with `exit`, `result` (the document that was printed) and `error`.
Json with_outcome(Json object, const Outcome& outcome) {
  const auto result = result_of(outcome.out);
  const bool has_result = !outcome.error && !result.is_discarded();
  object["exit"] = outcome.exit;
  object["result"] = has_result ? result : Json();
  object["error"] = outcome.error ? error_json(*outcome.error) : Json();
  return object;
}

}  // namespace

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
  const auto& terminal = context.terminal;
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

void print_json_line(const Context& context, std::size_t number,
                     const std::vector<std::string>& words, const Outcome& outcome) {
  auto command = Json::array();
  for (const auto& word : words) command.push_back(text_value(word));
  print_json(context,
             with_outcome({{"version", 1}, {"line", number}, {"command", command}}, outcome));
}

void print_json_card(const Context& context, const CardOutcome& card) {
  print_json(context,
             with_outcome({{"version", 1}, {"card", text_value(card.card)}}, card.outcome));
}

void print_json_cards(const Context& context, const std::vector<CardOutcome>& cards) {
  auto list = Json::array();
  for (const auto& card : cards)
    list.push_back(with_outcome({{"card", text_value(card.card)}}, card.outcome));
  print_json(context, {{"version", 1}, {"cards", std::move(list)}});
}

int worse_exit(int first, int second) {
  constexpr std::array<int, 4> mild{0, 12, 11, 8};
  const auto rank = [&](int code) { return std::ranges::find(mild, code) - mild.begin(); };
  return rank(second) > rank(first) ? second : first;
}

}  // namespace cli
