#include <algorithm>
#include <chrono>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/completion.hpp"
#include "cli/grammar_parts.hpp"

namespace cli {
namespace {

using base::Error;
using base::ErrorKind;

std::vector<std::string> command_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const auto* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// "notification list"
std::string full_name(const CLI::App& command) {
  const auto* parent = command.get_parent();
  const bool is_inner = parent != nullptr && parent->get_parent() != nullptr;
  return is_inner ? full_name(*parent) + " " + command.get_name() : command.get_name();
}

/// "esimctl notification", what stands before the name of `notification list`.
std::string words_before(const CLI::App& command) {
  const auto* parent = command.get_parent();
  const bool is_inner = parent != nullptr && parent->get_parent() != nullptr;
  return is_inner ? "esimctl " + full_name(*parent) : "esimctl";
}

Error with_help_hint(Error error, const CLI::App* command) {
  error.hint(command == nullptr
                 ? "`esimctl --help` lists the commands and options"
                 : "`esimctl " + full_name(*command) + " --help` shows how it is written");
  return error;
}

/// What nothing in the grammar took: the first such word decides what is told.
void refuse_leftovers(const CLI::App& root) {
  const auto* command = chosen_command(root);
  auto left = root.remaining(true);
  std::erase(left, "--");
  if (left.empty()) return;
  const auto word = base::clean(left.front(), 80);
  if (const auto start = base::lower(word); start.starts_with("lpa:") || start.starts_with("1$")) {
    throw Error(ErrorKind::usage, "usage.command", "an activation code stands where none is taken")
        .hint("`esimctl code CODE` tells what it says");  // and here it is not shown
  }
  const bool is_option = word.size() > 1 && word.front() == '-';
  std::vector<std::string> candidates;
  if (is_option) {
    candidates = option_names(root);
    if (command != nullptr)
      std::ranges::copy(option_names(*command), std::back_inserter(candidates));
  } else {
    candidates = command_names(command == nullptr ? root : *command);
  }
  Error error =
      is_option
          ? Error(ErrorKind::usage, "usage.option", fmt::format("there is no option {}", word))
      : !candidates.empty()
          ? Error(ErrorKind::usage, "usage.command", fmt::format("there is no command “{}”", word))
          : Error(ErrorKind::usage, "usage.argument",
                  fmt::format("“{}” takes no further argument “{}”", full_name(*command), word));
  const auto bare = word.substr(0, word.find('='));
  if (std::ranges::find(candidates, bare) != candidates.end()) {
    error.hint(fmt::format("{} is in the wrong place: first the command, then its options", bare));
  } else if (const auto near = base::nearest(bare, candidates); !near.empty()) {
    error.hint(
        fmt::format("did you mean {}?", is_option || command == nullptr
                                            ? std::string(near)
                                            : fmt::format("{} {}", full_name(*command), near)));
  }
  throw with_help_hint(error, command);
}

}  // namespace

/// CLI11 takes the words from the back.
void read_words(CLI::App& root, const std::vector<std::string>& words) {
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  root.parse(reversed);
}

/// The innermost command that was named.
const CLI::App* chosen_command(const CLI::App& root) {
  const CLI::App* command = nullptr;
  for (auto chosen = root.get_subcommands(); !chosen.empty(); chosen = command->get_subcommands()) {
    command = chosen.front();
  }
  return command;
}

app::CardChoice card_choice(const CLI::App& root, const Words& read) {
  auto choice = read.invocation.options.choice;
  if (root.count("--se") > 0) choice.secure_element = read.secure_element;
  choice.wait = std::chrono::seconds(read.wait);
  if (root.count("--aid") > 0) {
    choice.aid = lpa::Aid::from_hex(read.aid);
    if (!choice.aid) {
      throw Error(
          ErrorKind::usage, "usage.argument",
          fmt::format("--aid takes 5 to 16 octets in hex, not “{}”", base::clean(read.aid, 80)))
          .hint("the ISD-R of SGP.22 is A0000005591010FFFFFFFF8900000100");
    }
  }
  return choice;
}

bool wants_json(const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [](const std::string& word) {
    const bool letters = word.size() > 1 && word[0] == '-' && word[1] != '-';
    return word == "--json" || word.starts_with("--json=") ||
           (letters && word.find('j') != std::string::npos);
  });
}

Invocation parse(const std::vector<std::string>& words) {
  Words read;
  if (!words.empty() && words.front() == completion_question) {
    read.invocation.command = [question = std::vector(words.begin() + 1, words.end())](
                                  const Context& c) { return answer_completion(c, question); };
    return read.invocation;
  }
  CLI::App root;
  build_grammar(root, read);
  try {
    read_words(root, words);
  } catch (const CLI::CallForHelp&) {
    const auto* command = chosen_command(root);
    read.invocation.text = command == nullptr ? root.help() : command->help(words_before(*command));
    return read.invocation;
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string message = error.what();
    throw with_help_hint(Error(ErrorKind::usage, "usage.argument",
                               message.substr(0, message.find(':')) + " needs one value"),
                         chosen_command(root));
  } catch (const CLI::ParseError& error) {
    refuse_leftovers(root);
    throw with_help_hint(Error(ErrorKind::usage, "usage.argument", error.what()),
                         chosen_command(root));
  }
  if (read.version) {
    read.invocation.text = "esimctl " ESIMCTL_VERSION "\n";
    return read.invocation;
  }
  refuse_leftovers(root);
  if (words.empty()) {
    read.invocation.text = root.help();
    return read.invocation;
  }
  if (!read.invocation.command) {
    throw with_help_hint(Error(ErrorKind::usage, "usage.command", "the command is missing"),
                         nullptr);
  }
  auto& options = read.invocation.options;
  if (read.json != "none")
    options.json = read.json == "pretty" ? JsonStyle::pretty : JsonStyle::compact;
  options.choice = card_choice(root, read);
  options.choice.as_unknown = !options.record.empty();  // a replay knows nothing of other runs
  if (options.log_secrets && options.record.empty()) {
    throw with_help_hint(Error(ErrorKind::usage, "usage.argument",
                               "--log-secrets says what a recording shows, and there is none")
                             .hint("--record FILE makes one"),
                         chosen_command(root));
  }
  return read.invocation;
}

}  // namespace cli
