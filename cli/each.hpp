#pragma once

#include "cli/context.hpp"
#include "cli/grammar.hpp"

namespace cli {

/// `--card all`: a command that only reads, on every eUICC at once; one document, or the text of
/// each. Returns the worst exit code. Throws Error `card.all` (usage) for a command that changes
/// something, and as app::cards_that_are_there.
int on_all_cards(const Context& context, const Invocation& invocation);

}  // namespace cli
