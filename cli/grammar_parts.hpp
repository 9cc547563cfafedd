#pragma once

#include <string>
#include <vector>

#include "cli/grammar.hpp"

namespace CLI {
class App;
}

/// What the files of the grammar share: grammar.cpp says what can be written, parse.cpp reads what
/// was, expected.cpp what may follow.
namespace cli {

/// The words as CLI11 leaves them, before they are an Invocation.
struct Words {
  Invocation invocation;
  std::string json = "none";
  std::string aid;
  unsigned secure_element = 0;
  unsigned wait = 10;
  bool version = false;
};

/// Gives `root` all options and commands; they write into `words`, which must outlive it.
void build_grammar(CLI::App& root, Words& words);

/// Throws CLI::Error.
void read_words(CLI::App& root, const std::vector<std::string>& words);

/// The innermost command that was named; null when there is none.
const CLI::App* chosen_command(const CLI::App& root);

/// What was read about the card. Throws Error `usage.argument` (usage).
app::CardChoice card_choice(const CLI::App& root, const Words& read);

std::vector<std::string> split_at_commas(const std::string& text);

}  // namespace cli
