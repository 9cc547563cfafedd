#include "cli/each.hpp"

#include <algorithm>
#include <mutex>
#include <ostream>
#include <sstream>

#include "app/every_card.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/outcome.hpp"

namespace cli {
namespace {

/// The command on all cards at once, with `options` but for the card.
std::vector<CardOutcome> take_turns(const Context& context, const Invocation& invocation,
                                    const GlobalOptions& options) {
  std::vector<CardOutcome> turns;
  for (auto& name : app::cards_that_are_there(context.world, options.choice))
    turns.push_back({std::move(name)});
  std::mutex mutex;
  app::at_once(turns.size(), [&](std::size_t i) {
    auto& turn = turns[i];
    const auto observer = app::shared_observer(context.observer, mutex, turn.card);
    auto own = options;
    own.choice.card = turn.card;
    CardInUse card(context.world, observer, own.choice);
    turn.outcome = run_kept(invocation, {context.world, observer, context.terminal, own, card});
  });
  return turns;
}

int worst(const std::vector<CardOutcome>& turns) {
  int code = 0;
  for (const auto& turn : turns) code = worse_exit(code, turn.outcome.exit);
  return code;
}

/// Certain not to be an eUICC, so that a question to all of them is not for it.
bool no_euicc(const CardOutcome& turn) {
  return turn.outcome.error && turn.outcome.error->code() == "card.not-euicc";
}

/// Each line with the card's name before it, where no terminal shows headings.
void print_lines(const Context& context, const std::string& card, const std::string& text) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    context.terminal.out << base::clean(card) << '\t' << line << '\n';
}

void print_turn(const Context& context, const CardOutcome& turn, bool first) {
  if (context.terminal.out_is_tty) {
    context.terminal.out << (first ? "" : "\n") << base::clean(turn.card) << ":\n"
                         << turn.outcome.out;
  } else {
    print_lines(context, turn.card, turn.outcome.out);
  }
  context.terminal.out.flush();
  context.terminal.err << turn.outcome.err;
  if (!turn.outcome.error) return;
  base::Error told(turn.outcome.error->kind(), turn.outcome.error->code(),
                   turn.card + ": " + turn.outcome.error->what());
  for (const auto& hint : turn.outcome.error->hints()) told.hint(hint);
  for (const auto& step : turn.outcome.error->steps()) told.during(step);
  print_error(told, context.terminal, context.options.verbosity > 0);
}

}  // namespace

int each(const Context& context, const EachOptions& options) {
  const auto invocation = parse(options.words);
  const auto& inner = invocation.options;
  if (!inner.choice.card.empty() || !inner.record.empty()) {
    throw base::Error(base::ErrorKind::usage, "each.card", "each card has its turn")
        .hint("give --card to `each` itself, before the --: a part of the readers' names");
  }
  if (invocation.use == CardUse::several) {
    throw base::Error(base::ErrorKind::usage, "each.nested",
                      "this command uses several cards by itself, or reads commands");
  }
  auto own = context.options.around(inner);
  own.choice.aid = inner.choice.aid ? inner.choice.aid : own.choice.aid;
  own.choice.secure_element =
      inner.choice.secure_element ? inner.choice.secure_element : own.choice.secure_element;
  own.json = JsonStyle::compact;
  const auto turns = take_turns(context, invocation, own);
  for (const auto& turn : turns) print_json_card(context, turn);
  return worst(turns);
}

int on_all_cards(const Context& context, const Invocation& invocation) {
  if (invocation.use == CardUse::changes) {
    throw base::Error(base::ErrorKind::usage, "card.all",
                      "--card all is for commands that only read")
        .hint("`esimctl each -- COMMAND` runs any command on every card");
  }
  auto options = context.options;
  const bool json = options.json != JsonStyle::none;
  if (json) options.json = JsonStyle::compact;
  auto turns = take_turns(context, invocation, options);
  if (!std::ranges::all_of(turns, no_euicc)) std::erase_if(turns, no_euicc);
  if (json) {
    print_json_cards(context, turns);
  } else {
    for (const auto& turn : turns) print_turn(context, turn, &turn == &turns.front());
  }
  return worst(turns);
}

}  // namespace cli
