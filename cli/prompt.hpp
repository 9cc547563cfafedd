#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "cli/context.hpp"

namespace cli {

/// Throws Error `prompt.impossible` (declined) when a question could not be answered: no terminal,
/// or --no-input, and no --yes. Called before anything is sent.
void require_answers(const Context& context);

/// Asks the user to type `expected` as a sign that they know what they do; --yes answers for them.
/// Throws as require_answers, and `prompt.declined` (declined) for any other answer.
void confirm_by_typing(const Context& context, std::string_view question,
                       std::string_view expected);

/// Asks for one of `answers` by its first letters, in either case; an empty line is the last of
/// them. Gives its index. Throws as require_answers, and `prompt.declined` when the input has
/// ended.
std::size_t choose_answer(const Context& context, std::string_view question,
                          std::span<const std::string_view> answers);

/// Asks for something that the terminal does not show while it is typed. Throws `prompt.declined`
/// (declined) for nothing.
base::Secret ask_secret(const Context& context, std::string_view question);

/// The same, empty for nothing.
base::Secret ask_secret_or_nothing(const Context& context, std::string_view question);

/// A line, without blanks around it; empty for nothing. Throws as require_secret.
std::string ask_text(const Context& context, std::string_view question);

/// Throws Error `prompt.impossible` (declined) when nobody could type `what`, whatever --yes says.
void require_secret(const Context& context, std::string_view what);

}  // namespace cli
