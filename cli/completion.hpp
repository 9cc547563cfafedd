#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"

/// What a shell completes: the adaptor of the shell (cli/completion/) asks the program itself, with
/// a first word that is no command.
namespace cli {

constexpr const char* completion_question = "__complete";

/// Answers an adaptor: prints a line for each candidate, WORD[TAB DESCRIPTION]; or one line, TAB
/// `files` TAB BEFORE, when the name of a file follows BEFORE, since the shell knows best about
/// files. `question` is
/// - `words` and the words after the program's name, the last up to the cursor, perhaps empty; or
/// - `line`, the line up to the cursor without what the shell will replace, and that: both as they
///   were typed. A candidate is then what to put there, with the quotes that it needs.
/// Asks the card only for what only the card knows, and does not wait for it. Never asks or
/// complains: without an answer there are fewer candidates.
int answer_completion(const Context& context, const std::vector<std::string>& question);

}  // namespace cli
