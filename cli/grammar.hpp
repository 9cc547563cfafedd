#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"

namespace cli {

/// How a command uses the card of --card, the more the later.
enum class CardUse {
  none,     ///< not at all
  reads,    ///< changes nothing on it
  changes,  ///< may change something
  several,  ///< it uses cards by itself, or runs other commands
};

/// What a command line asks for: a command with its options, or a text to print (help, version).
struct Invocation {
  GlobalOptions options;
  std::function<int(const Context&)> command;
  CardUse use = CardUse::none;
  std::string text;
};

/// Reads the words after the program's name. Global options may stand before or after the command.
/// Throws Error of kind usage: `usage.command`, `usage.option`, `usage.argument`, with the nearest
/// word that exists as a hint.
Invocation parse(const std::vector<std::string>& words);

/// One way in which the word that is being typed may go on.
struct Candidate {
  std::string word;
  std::string description;
};

/// What may stand where a command line breaks off.
struct Expected {
  std::vector<Candidate> words;  ///< commands, options, and values that are always the same
  std::string value;   ///< what the grammar calls the argument or the value here: PROFILE, FILE
  std::string before;  ///< what stays of the word when `value` is completed, such as `--card=`
  std::optional<app::CardChoice> card;  ///< by the options so far; nothing when they are wrong
};

/// Reads words of which the last is being typed, perhaps still empty. Throws nothing.
Expected expected(const std::vector<std::string>& words);

/// True when the last of `words` is read as that `value` of Expected, and as nothing else.
bool is_read_as(const std::string& value, const std::vector<std::string>& words);

/// True when `words` ask for JSON: to know how to report that the rest cannot be read.
bool wants_json(const std::vector<std::string>& words);

}  // namespace cli
