#include <algorithm>
#include <sstream>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "cli/grammar_parts.hpp"

namespace cli {
namespace {

/// A command line that may break off anywhere, read as far as it goes.
class Unfinished {
 public:
  explicit Unfinished(const std::vector<std::string>& words) {
    build_grammar(root_, read_);
    try {
      read_words(root_, words);
    } catch (const CLI::Error&) {  // NOLINT(bugprone-empty-catch): what is missing may still come
    }
    // By then CLI11 has put every word where it belongs.
  }

  [[nodiscard]] const CLI::App& command() const {
    const auto* chosen = chosen_command(root_);
    return chosen == nullptr ? root_ : *chosen;
  }

  /// The argument or option that has `word` as its value.
  [[nodiscard]] const CLI::Option* holder(const std::string& word) const {
    for (const auto* app = &command(); app != nullptr; app = app->get_parent()) {
      for (const auto* option : app->get_options()) {
        const auto& values = option->results();
        if (std::ranges::find(values, word) != values.end()) return option;
      }
    }
    return nullptr;
  }

  [[nodiscard]] std::optional<app::CardChoice> card() const try {
    return card_choice(root_, read_);
  } catch (const base::Error&) {
    return std::nullopt;
  }

 private:
  Words read_;
  CLI::App root_;
};

std::string value_name(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  const auto type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

/// What a value may be, where a check of it says so (see `listed`).
std::vector<std::string> known_values(const CLI::Option& option) {
  const auto type = option.get_type_name();
  std::vector<std::string> values;
  if (type.find(':') == std::string::npos) return values;
  std::istringstream stream(type.substr(type.find(':') + 1));
  for (std::string each; std::getline(stream, each, '|');) values.push_back(std::move(each));
  return values;
}

/// The options of `command` and of those above it, those that are there already left out.
std::vector<Candidate> option_candidates(const CLI::App& command) {
  std::vector<Candidate> found;
  for (const auto* app = &command; app != nullptr; app = app->get_parent()) {
    for (const auto* option : app->get_options()) {
      if (option->count() > 0 || option->get_lnames().empty()) continue;
      Candidate candidate{"--" + option->get_lnames().front(), option->get_description()};
      if (std::ranges::find(found, candidate.word, &Candidate::word) == found.end())
        found.push_back(std::move(candidate));
    }
  }
  return found;
}

std::vector<Candidate> command_candidates(const CLI::App& command) {
  std::vector<Candidate> found;
  for (const auto* inner : command.get_subcommands([](const CLI::App*) { return true; }))
    found.push_back({inner->get_name(), inner->get_description()});
  return found;
}

/// The argument that is a command line of its own, as `each` has it.
constexpr std::string_view inner_command = "COMMAND";

std::vector<std::string> inner_words(const CLI::Option& argument,
                                     const std::vector<std::string>& words) {
  const auto count = std::min(argument.results().size(), words.size() - 1);
  return {words.end() - static_cast<std::ptrdiff_t>(count), words.end()};
}

/// What the last of `words`, which is a value of `option`, may be: those that are always the same
/// (of a list those that are not in it yet), and the name of the others.
void add_values(Expected& expected, const CLI::Option& option,
                const std::vector<std::string>& words) {
  expected.value = value_name(option);
  if (expected.value == inner_command) {
    auto card = std::move(expected.card);
    expected = cli::expected(inner_words(option, words));
    expected.card = std::move(card);
    return;
  }
  auto values = known_values(option);
  if (expected.value.find(',') != std::string::npos) {
    const auto typed = words.back().substr(expected.before.size());
    const auto list = typed.substr(0, typed.rfind(',') + 1);
    for (const auto& part : split_at_commas(list)) std::erase(values, part);
    expected.before += list;
  }
  for (const auto& value : values) expected.words.push_back({expected.before + value, ""});
}

}  // namespace

Expected expected(const std::vector<std::string>& words) {
  // A mark takes the place of what is being typed, and is looked for where the grammar put it.
  const auto typed = words.empty() ? std::string() : words.back();
  const auto equals = typed.starts_with("--") ? typed.find('=') : std::string::npos;
  const auto name = equals == std::string::npos ? std::string() : typed.substr(0, equals + 1);
  const std::string mark = typed.starts_with('-') && name.empty() ? "--\x01" : "\x01";
  auto marked = words;
  if (!marked.empty()) marked.pop_back();
  marked.push_back(name + mark);

  const Unfinished line(marked);
  Expected found{.words = {}, .value = {}, .before = {}, .card = line.card()};
  if (const auto* option = line.holder(mark)) {
    found.before = name;
    add_values(found, *option, words);
  } else if (const auto* argument = line.holder(name + mark)) {
    add_values(found, *argument, words);
  } else {
    if (!typed.starts_with('-')) found.words = command_candidates(line.command());
    if (found.words.empty()) found.words = option_candidates(line.command());
  }
  return found;
}

bool is_read_as(const std::string& value, const std::vector<std::string>& words) {
  const auto& word = words.back();
  const Unfinished line(words);
  for (const auto start : {std::size_t{0}, word.find('=') + 1}) {
    const auto* option = line.holder(word.substr(start));
    if (option == nullptr) continue;
    if (value_name(*option) == inner_command) return is_read_as(value, inner_words(*option, words));
    if (value_name(*option) == value) return true;
  }
  return false;
}

}  // namespace cli
