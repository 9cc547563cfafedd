#include "cli/prompt.hpp"

#include <istream>
#include <ostream>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace cli {
namespace {

constexpr std::size_t longest_secret = 4096;

}  // namespace

void require_answers(const Context& context) {
  if (context.options.yes) return;
  if (context.terminal.in_is_tty && !context.options.no_input) return;
  throw base::Error(base::ErrorKind::declined, "prompt.impossible",
                    "this needs an answer, and there is nobody to ask; nothing was changed")
      .hint("say --yes to do it without being asked");
}

void confirm_by_typing(const Context& context, std::string_view question,
                       std::string_view expected) {
  require_answers(context);
  if (context.options.yes) return;
  context.terminal.err << question << ' ' << std::flush;
  std::string line;
  if (!std::getline(context.terminal.in, line)) context.terminal.err << '\n';
  std::string answer;
  std::istringstream(line) >> answer;
  if (answer == expected) return;
  throw base::Error(
      base::ErrorKind::declined, "prompt.declined",
      fmt::format("not confirmed (“{}” was asked for); nothing was changed", expected));
}

std::size_t choose_answer(const Context& context, std::string_view question,
                          std::span<const std::string_view> answers) {
  require_answers(context);
  for (;;) {
    context.terminal.err << fmt::format("{} [{}] ", question, fmt::join(answers, "/"))
                         << std::flush;
    std::string line;
    if (!std::getline(context.terminal.in, line)) {
      context.terminal.err << '\n';
      throw base::Error(base::ErrorKind::declined, "prompt.declined",
                        "no answer was given; nothing was changed");
    }
    std::string answer;
    std::istringstream(line) >> answer;
    answer = base::lower(answer);
    if (answer.empty()) return answers.size() - 1;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i].starts_with(answer)) return i;
    }
  }
}

void require_secret(const Context& context, std::string_view what) {
  if (context.terminal.in_is_tty && !context.options.no_input) return;
  throw base::Error(
      base::ErrorKind::declined, "prompt.impossible",
      fmt::format("{} is needed, and there is nobody to ask; nothing was changed", what));
}

base::Secret ask_secret(const Context& context, std::string_view question) {
  auto secret = ask_secret_or_nothing(context, question);
  if (!secret.empty()) return secret;
  throw base::Error(base::ErrorKind::declined, "prompt.declined",
                    "nothing was typed; nothing was changed");
}

std::string ask_text(const Context& context, std::string_view question) {
  require_secret(context, "an answer");
  context.terminal.err << question << ' ' << std::flush;
  std::string line;
  if (!std::getline(context.terminal.in, line)) context.terminal.err << '\n';
  constexpr std::string_view blanks = " \t\r";
  const auto first = line.find_first_not_of(blanks);
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

base::Secret ask_secret_or_nothing(const Context& context, std::string_view question) {
  // From here on Ctrl-C ends the reading and not the process, which would leave the terminal mute.
  static_cast<void>(context.world.interrupts());
  context.terminal.echo(false);  // before somebody who sees the question types
  context.terminal.err << question << ' ' << std::flush;
  std::string line;
  line.reserve(longest_secret);  // so that none of it stays behind where it grew
  for (char each = 0; context.terminal.in.get(each) && each != '\n';) {
    if (line.size() < longest_secret) line += each;
  }
  context.terminal.echo(true);
  context.terminal.err << '\n';
  if (context.world.interrupts().stop_requested()) {
    throw base::Error(base::ErrorKind::interrupted, "prompt.interrupted",
                      "interrupted before an answer was given; nothing was changed");
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
  return base::Secret(std::move(line));
}

}  // namespace cli
