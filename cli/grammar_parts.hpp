#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/grammar.hpp"

namespace CLI {
class App;
class Validator;
}  // namespace CLI

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

/// A command of `root` or of a noun, with what runs it.
CLI::App* add_command(CLI::App& root, Invocation& invocation, CardUse use, const std::string& name,
                      const std::string& description, const std::string& example_text,
                      std::function<int(const Context&)> run);

/// A noun that does the first of its commands when none is named.
CLI::App* add_noun(CLI::App& root, Invocation& invocation, const std::string& name,
                   const std::string& description, const std::string& example_text,
                   int (*first)(const Context&));

/// Carriers, accounts, and what comes of them.
void add_plan_commands(CLI::App& root, Invocation& invocation);

/// What lines use, now and over time.
void add_usage_commands(CLI::App& root, Invocation& invocation);
void add_alarm(CLI::App& root, Invocation& invocation);

/// `watch`, and how often is looked.
void add_watch(CLI::App& root, Invocation& invocation);
CLI::Validator an_interval(std::optional<std::chrono::seconds>& interval);

/// A program and its arguments, as a line.
CLI::Validator a_program();

/// "80%" or "80", as a number.
CLI::Validator a_percentage();

/// What stands below the help of a command.
std::string examples(std::initializer_list<std::string_view> lines);
CLI::Validator number_up_to(unsigned most);
/// Of 18 digits at most.
CLI::Validator whole_number();
/// Refuses nothing; completion offers these.
CLI::Validator known(const std::vector<std::string>& values);

/// Throws CLI::Error.
void read_words(CLI::App& root, const std::vector<std::string>& words);

/// The innermost command that was named; null when there is none.
const CLI::App* chosen_command(const CLI::App& root);

/// What was read about the card. Throws Error `usage.argument` (usage).
app::CardChoice card_choice(const CLI::App& root, const Words& read);

std::vector<std::string> split_at_commas(const std::string& text);

}  // namespace cli
