#include "cli/completion.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <ostream>
#include <string_view>

#include <fmt/format.h>

#include "app/alarms.hpp"
#include "app/profiles.hpp"
#include "app/session.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/adaptors.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/findings.hpp"
#include "cli/grammar.hpp"
#include "cli/words.hpp"

namespace cli {
namespace {

using Candidates = std::vector<Candidate>;

/// What is asked for: the words, the last being typed, and what may stand there.
struct Question {
  const app::World& world;
  const app::Observer& observer;
  const std::vector<std::string>& words;
  const Expected& expected;

  /// What there is of the value.
  [[nodiscard]] std::string typed() const { return words.back().substr(expected.before.size()); }
};

/// The scheme of `sim:FILE`; empty for what is none.
std::string scheme_of_file(const app::World& world, const std::string& card) {
  const auto colon = card.find(':');
  const bool known = colon != std::string::npos && world.schemes.contains(card.substr(0, colon));
  return known ? card.substr(0, colon + 1) : std::string();
}

/// The card that the line names; nothing when to open it would make a file.
std::unique_ptr<app::Session> session(const Question& question) {
  if (!question.expected.card) return nullptr;
  auto choice = *question.expected.card;
  const auto scheme = scheme_of_file(question.world, choice.card);
  if (!scheme.empty() && !std::filesystem::exists(choice.card.substr(scheme.size())))
    return nullptr;
  choice.wait = {};
  return app::open_session(question.world, question.observer, choice);
}

std::string joined(std::initializer_list<std::string> parts) {
  std::string text;
  for (const auto& part : parts)
    if (!part.empty()) text += (text.empty() ? "" : " · ") + part;
  return text;
}

std::string text_of(const std::optional<std::string>& text) {
  return text ? base::clean(*text) : std::string();
}

/// Each by its number; by its name as well when that is being typed and fits it alone.
Candidates profiles(const Question& question) {
  Candidates found;
  const auto card = session(question);
  if (!card) return found;
  const auto typed = question.typed();
  const auto list = card->euicc().profiles(lpa::ProfileFields::list);
  for (const auto& profile : list) {
    auto name = text_of(profile.nickname);
    if (name.empty()) name = text_of(profile.name);
    const auto about =
        joined({name, text_of(profile.provider), profile.enabled() ? "enabled" : "disabled"});
    const auto number = profile.iccid      ? profile.iccid->digits()
                        : profile.isdp_aid ? profile.isdp_aid->hex()
                                           : std::string();
    found.push_back({number, about});
    if (typed.empty() || !base::lower(name).starts_with(base::lower(typed))) continue;
    const auto as_typed = typed + name.substr(typed.size());
    try {
      if (&app::find_profile(list, as_typed) == &profile) found.push_back({as_typed, about});
    } catch (const base::Error&) {
      continue;  // two of one name: only the number tells them apart
    }
  }
  return found;
}

std::string operation_name(const lpa::NotificationMetadata& notification) {
  const auto names = event_names_by_bit();
  for (std::size_t bit = 0; bit < names.size(); ++bit)
    if (notification.operation.has(bit)) return std::string(names[bit]);
  return {};
}

Candidates notifications(const Question& question) {
  Candidates found;
  const auto card = session(question);
  if (!card) return found;
  for (const auto& each : card->euicc().notifications()) {
    found.push_back({std::to_string(each.sequence_number),
                     joined({operation_name(each), each.iccid ? each.iccid->digits() : "",
                             base::clean(each.address)})});
  }
  return found;
}

Candidates alarms(const Question& question) {
  Candidates found;
  for (const auto& each : app::alarms(question.world, app::WhichAlarms::standing))
    found.push_back({std::to_string(each.id), joined({line_of(each), each.kind})});
  return found;
}

Candidates cards(const Question& question) {
  Candidates found;
  for (const auto& [scheme, opener] : question.world.schemes) {
    found.push_back({scheme + ":", "and a file: needs no reader"});
  }
  try {
    for (const auto& reader : question.world.readers()) {
      if (base::clean(reader.name) != reader.name) continue;
      found.push_back({reader.name, reader.card_present ? "a card is in it" : "empty"});
    }
  } catch (const base::Error&) {
    return found;
  }
  return found;
}

/// Who knows the values, by what the grammar calls them.
const std::map<std::string, std::function<Candidates(const Question&)>>& finders() {
  static const std::map<std::string, std::function<Candidates(const Question&)>> all{
      {"PROFILE", profiles}, {"NUMBER", notifications}, {"NAME", cards}, {"ID", alarms}};
  return all;
}

/// The values that fit, each as the whole word, and only if the grammar would not take it for
/// something else, such as a nickname that looks like an option.
Candidates values(const Question& question) try {
  const auto finder = finders().find(question.expected.value);
  if (finder == finders().end()) return {};
  Candidates fitting;
  auto words = question.words;
  for (auto& candidate : finder->second(question)) {
    candidate.word = question.expected.before + candidate.word;
    words.back() = candidate.word;
    if (is_read_as(question.expected.value, words)) fitting.push_back(std::move(candidate));
  }
  return fitting;
} catch (const std::exception&) {
  return {};  // what needs no card is offered all the same
}

/// What stands before the name of a file, if one is expected.
std::optional<std::string> before_file(const Question& question) {
  const auto& expected = question.expected;
  if (expected.value == "FILE") return expected.before;
  const auto scheme =
      expected.value == "NAME" ? scheme_of_file(question.world, question.typed()) : std::string();
  return scheme.empty() ? std::nullopt : std::optional(expected.before + scheme);
}

/// Prints what may be the last of `words`, each candidate as `write` has it.
void answer(const Context& context, const std::vector<std::string>& words,
            const std::function<std::string(const std::string&)>& write) {
  const auto expected = cli::expected(words);
  const Question question{context.world, context.observer, words, expected};
  if (const auto before = before_file(question)) {
    context.terminal.out << "\tfiles\t" << *before << '\n';
    return;
  }
  auto candidates = expected.words;
  std::ranges::move(values(question), std::back_inserter(candidates));
  for (const auto& [word, description] : candidates) {
    if (word.empty() || !word.starts_with(words.back())) continue;
    context.terminal.out << write(word) << (description.empty() ? "" : "\t") << description << '\n';
  }
}

/// For a shell that gives the line as it was typed, and puts into it what it gets for its `end`.
void answer_line(const Context& context, const std::string& start, const std::string& end) {
  auto words = split_unfinished(start + end).words;
  words.erase(words.begin());  // the program itself
  if (words.empty()) return;
  const auto kept = split_unfinished(start);
  answer(context, words, [&](const std::string& word) {
    return shell_quoted(word.substr(kept.words.back().size()), kept.quote);
  });
}

}  // namespace

int answer_completion(const Context& context, const std::vector<std::string>& question) try {
  if (question.size() > 1 && question[0] == "words") {
    answer(context, {question.begin() + 1, question.end()},
           [](const std::string& word) { return word; });
  } else if (question.size() == 3 && question[0] == "line") {
    answer_line(context, question[1], question[2]);
  }
  return 0;
} catch (const std::exception&) {
  return 0;  // nobody asked, so nobody is told
}

int completion(const Context& context, const std::string& shell) {
  const auto all = adaptors();
  context.terminal.out << std::ranges::find(all, shell, &Adaptor::shell)->script;
  return 0;
}

}  // namespace cli
