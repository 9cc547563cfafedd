#include "app/explain.hpp"

#include <charconv>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/status.hpp"

namespace app {
namespace {

/// `code` taken apart: a word that narrows, and what is left.
struct Query {
  std::string context;  ///< lower case, may be empty
  std::string before;   ///< a code before the last one: the 5 in `install 5 10`
  std::string code;     ///< lower case, without 0x
};

Query parse(std::string_view text) {
  auto whole = base::lower(base::clean(text));
  Query query;
  const auto split = whole.find_last_of(" :/");
  if (split != std::string::npos) {
    const auto first = whole.find_first_of(" :/");
    query.context = whole.substr(0, first);
    const auto begin = whole.find_first_not_of(" :/", first);
    if (begin < split) {
      query.before = whole.substr(begin, whole.find_first_of(" :/", begin) - begin);
    }
    whole = whole.substr(split + 1);
  }
  if (whole.starts_with("0x")) whole = whole.substr(2);
  query.code = whole;
  return query;
}

std::optional<std::uint32_t> number(std::string_view text, int base_of_digits) {
  std::uint32_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value, base_of_digits);
  if (failed != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// True when the word before the code allows this kind of meaning.
bool fits(const Query& query, std::string_view kind) {
  return query.context.empty() || base::lower(kind).starts_with(query.context);
}

Explanation told(std::string kind, std::string code, const lpa::Meaning& meaning) {
  return {std::move(kind), std::move(code), std::string(meaning.name), std::string(meaning.cause),
          std::string(meaning.advice)};
}

void add_status_word(const Query& query, std::vector<Explanation>& found) {
  if (query.code.size() != 4 || !(fits(query, "status word") || fits(query, "sw"))) return;
  const auto sw = number(query.code, 16);
  if (!sw) return;
  if (const auto meaning = lpa::status_word_meaning(static_cast<std::uint16_t>(*sw))) {
    found.push_back(told("status word", fmt::format("{:04X}", *sw), *meaning));
  }
}

void add_pcsc_code(const Query& query, std::vector<Explanation>& found) {
  if (!(fits(query, "PC/SC code") || fits(query, "pcsc"))) return;
  const auto code = query.code.size() == 8 ? number(query.code, 16) : std::nullopt;
  for (const auto& meaning : lpa::pcsc_codes()) {
    if (meaning.number == code || base::lower(meaning.name) == query.code) {
      found.push_back(told("PC/SC code", fmt::format("{:08X}", meaning.number), meaning));
    }
  }
}

void add_results(const Query& query, std::vector<Explanation>& found) {
  const auto result = number(query.code, 10);
  for (const auto& table : lpa::result_tables()) {
    if (!fits(query, table.function)) continue;
    for (const auto& meaning : table.results) {
      if (meaning.number == result || base::lower(meaning.name) == query.code) {
        found.push_back(told(fmt::format("{} result", table.function),
                             std::to_string(meaning.number), meaning));
      }
    }
  }
}

/// What a card says of a package that failed: a command and a reason, or one of them.
void add_installation(const Query& query, std::vector<Explanation>& found) {
  if (!fits(query, "installation")) return;
  const auto add = [&](std::string_view kind, std::span<const lpa::Meaning> meanings,
                       const std::string& code) {
    const auto wanted = number(code, 10);
    for (const auto& meaning : meanings) {
      if (meaning.number == wanted || base::lower(meaning.name) == code) {
        found.push_back(told(std::string(kind), std::to_string(meaning.number), meaning));
      }
    }
  };
  add("installation command", lpa::installation_commands(),
      query.before.empty() ? query.code : query.before);
  add("installation reason", lpa::installation_reasons(), query.code);
}

void add_exit_code(const Query& query, std::vector<Explanation>& found) {
  if (!fits(query, "exit code")) return;
  const auto code = number(query.code, 10);
  for (const auto& exit : base::exit_codes()) {
    if (code && static_cast<std::uint32_t>(exit.number) == *code) {
      found.push_back({"exit code", std::to_string(exit.number), std::string(exit.name),
                       std::string(exit.meaning), std::string(exit.advice)});
    }
  }
}

}  // namespace

std::vector<Explanation> explain(std::string_view code) {
  const auto query = parse(code);
  std::vector<Explanation> found;
  add_exit_code(query, found);
  add_status_word(query, found);
  add_results(query, found);
  add_installation(query, found);
  add_pcsc_code(query, found);
  if (found.empty()) {
    throw base::Error(base::ErrorKind::not_found, "code.unknown",
                      fmt::format("nothing is known about “{}”", base::clean(code, 80)))
        .hint(
            "codes look like 6A82 (status word), 8010001D (PC/SC), catBusy, `enable 5` or `exit "
            "5`");
  }
  return found;
}

}  // namespace app
