#include "cli/asker.hpp"

#include <ostream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/prompt.hpp"
#include "cli/words.hpp"

namespace cli {

bool TerminalAsker::can_ask() const {
  return context_.terminal.in_is_tty && !context_.options.no_input;
}

std::string TerminalAsker::text(const std::string& question) {
  return ask_text(context_, question);
}

base::Secret TerminalAsker::secret(const std::string& question) {
  return ask_secret_or_nothing(context_, question);
}

std::size_t TerminalAsker::choice(const std::string& question,
                                  std::span<const std::string_view> answers) {
  return choose_answer(context_, question, answers);
}

std::vector<std::string> TerminalAsker::program(const std::string& question) {
  return split_words(ask_text(context_, question));
}

void TerminalAsker::tell(const std::string& sentence) {
  constexpr std::size_t longest = 1000;
  context_.terminal.err << base::clean(sentence, longest) << '\n' << std::flush;
}

base::Secret TerminalAsker::code(const std::string& account, const carriers::Challenge& challenge) {
  const auto sent = challenge.target.empty() ? std::string() : ", sent to " + challenge.target;
  return ask_secret(context_, fmt::format("Code for “{}”{}:", account, sent));
}

base::Secret TerminalAsker::passphrase(store::PassphraseFor purpose) {
  auto first = ask_secret(context_, purpose == store::PassphraseFor::new_file
                                        ? "New passphrase for the file of secrets:"
                                        : "Passphrase of the file of secrets:");
  if (purpose == store::PassphraseFor::file_there) return first;
  const auto second = ask_secret(context_, "The same again:");
  if (first.reveal() == second.reveal()) return first;
  throw base::Error(base::ErrorKind::declined, "prompt.declined",
                    "the two are not the same; nothing was changed");
}

}  // namespace cli
