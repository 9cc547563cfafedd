#pragma once

#include <string>
#include <string_view>

#include "cli/context.hpp"

namespace cli {

/// Throws Error `prompt.impossible` (declined) when a question could not be answered: no terminal,
/// or
/// --no-input, and no --yes. Called before anything is sent.
void require_answers(const Context& context);

/// Asks the user to type `expected` as a sign that they know what they do; --yes answers for them.
/// Throws as require_answers, and `prompt.declined` (declined) for any other answer.
void confirm_by_typing(const Context& context, std::string_view question,
                       std::string_view expected);

}  // namespace cli
