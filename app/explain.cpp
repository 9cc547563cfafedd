#include "app/explain.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/http_codes.hpp"
#include "base/text.hpp"
#include "lpa/server_status.hpp"
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

/// The meaning of a number or a name in one table.
void add_from(std::span<const lpa::Meaning> meanings, std::string_view kind,
              const std::string& code, std::vector<Explanation>& found) {
  const auto wanted = number(code, 10);
  for (const auto& meaning : meanings) {
    if (meaning.number == wanted || base::lower(meaning.name) == code) {
      found.push_back(told(std::string(kind), std::to_string(meaning.number), meaning));
    }
  }
}

void add_results(const Query& query, std::vector<Explanation>& found) {
  for (const auto& table : lpa::result_tables()) {
    if (fits(query, table.function)) {
      add_from(table.results, fmt::format("{} result", table.function), query.code, found);
    }
  }
  if (fits(query, "CancelSession")) {
    add_from(lpa::cancel_reasons(), "CancelSession reason", query.code, found);
  }
}

/// What a card says of a package that failed: a command and a reason, or one of them.
void add_installation(const Query& query, std::vector<Explanation>& found) {
  if (!fits(query, "installation")) return;
  const bool both = !query.before.empty() && query.before != "command" && query.before != "reason";
  if (query.before != "reason") {
    add_from(lpa::installation_commands(), "installation command", both ? query.before : query.code,
             found);
  }
  if (query.before != "command") {
    const auto before = found.size();
    add_from(lpa::installation_reasons(), "installation reason", query.code, found);
    if (before > 0 && found.size() == before && number(query.code, 10) && both) {
      found.push_back({"installation reason", query.code, "unknown",
                       "the card's reason is none of SGP.22's",
                       std::string(lpa::advice_on_unknown)});
    }
  }
}

/// What came of a part of a profile. Few meet these numbers, so that they need a word before them.
void add_profile_element(const Query& query, std::vector<Explanation>& found) {
  constexpr std::string_view kind = "profile element status";
  const bool named = query.context == "pe" || fits(query, kind);
  if (!named || (query.context.empty() && number(query.code, 10))) return;
  add_from(lpa::profile_element_statuses(), kind, query.code, found);
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

constexpr std::string_view both_codes = "look at both together: `esimctl explain SUBJECT/REASON`";

bool dotted(std::string_view code) { return code.find('.') != std::string_view::npos; }

void add_server_subject(const std::string& code, std::string_view advice,
                        std::vector<Explanation>& found) {
  if (const auto name = lpa::server_subject(code)) {
    found.push_back({"subject code", code, std::string(*name),
                     "what the server found something wrong with; a reason code comes with it",
                     std::string(advice)});
  }
}

void add_server_reason(const std::string& code, std::string_view advice,
                       std::vector<Explanation>& found) {
  if (const auto name = lpa::server_reason(code)) {
    found.push_back({"reason code", code, std::string(*name),
                     "what the server found wrong; a subject code comes with it",
                     std::string(advice)});
  }
}

Explanation told(const lpa::ServerMeaning& meaning) {
  return {"server status", fmt::format("{}/{}", meaning.subject, meaning.reason),
          fmt::format("{} - {}", meaning.subject_name, meaning.reason_name),
          std::string(meaning.cause), std::string(meaning.advice)};
}

/// A pair that is not known as one is told in its parts.
void add_server_pair(const std::string& subject, const std::string& reason,
                     std::vector<Explanation>& found) {
  if (const auto meaning = lpa::server_meaning(subject, reason)) {
    found.push_back(told(*meaning));
    return;
  }
  add_server_subject(subject, lpa::advice_on_unknown_server_status, found);
  add_server_reason(reason, lpa::advice_on_unknown_server_status, found);
}

/// What a server says of a function that failed: a subject and a reason, or one of them with every
/// pair that has it. Without a word before it a code has to have a dot: plain numbers are results.
void add_server_status(const Query& query, std::vector<Explanation>& found) {
  const auto& code = query.code;
  const bool wordless = query.context.find_first_of("0123456789") == 0;
  if (wordless || !query.before.empty()) {
    const auto& subject = wordless ? query.context : query.before;
    const bool meant = wordless ? query.before.empty() : fits(query, "server status");
    if (meant && (dotted(subject) || dotted(code))) add_server_pair(subject, code, found);
    return;
  }
  if (dotted(code) ? fits(query, "subject code") : query.context == "subject") {
    add_server_subject(code, both_codes, found);
  }
  if (dotted(code) ? fits(query, "reason code") : query.context == "reason") {
    add_server_reason(code, both_codes, found);
  }
  if (!dotted(code) || !fits(query, "server status")) return;
  for (const auto& meaning : lpa::server_meanings()) {
    if (meaning.subject == code || meaning.reason == code) found.push_back(told(meaning));
  }
}

void add_http_failures(const std::function<bool(const base::HttpMeaning&)>& wanted,
                       std::vector<Explanation>& found) {
  for (const auto& each : base::http_meanings()) {
    if (!wanted(each)) continue;
    found.push_back({"HTTP failure", std::string(each.code), std::string(each.name),
                     std::string(each.cause), std::string(each.advice)});
  }
}

/// A number of a library after `word`, or its name, and the codes of ours that come of it.
void add_library_code(const Query& query, std::string_view word, std::string_view kind,
                      std::span<const base::LibraryCode> codes,
                      bool (base::HttpMeaning::*leads)(int) const,
                      std::vector<Explanation>& found) {
  const auto wanted = query.context == word ? number(query.code, 10) : std::nullopt;
  for (const auto& each : codes) {
    const bool named = fits(query, kind) && base::lower(each.name) == query.code;
    if (!named && wanted != static_cast<std::uint32_t>(each.number)) continue;
    found.push_back({std::string(kind), std::to_string(each.number), std::string(each.name),
                     std::string(each.cause), ""});
    add_http_failures([&](const auto& ours) { return (ours.*leads)(each.number); }, found);
  }
}

/// Why a request failed: a code of ours, one of libcurl or OpenSSL, or what the server answered.
void add_http(const Query& query, std::vector<Explanation>& found) {
  if (fits(query, "HTTP failure")) {
    add_http_failures([&](const auto& ours) { return ours.code == query.code; }, found);
  }
  add_library_code(query, "curl", "curl code", base::curl_codes(),
                   &base::HttpMeaning::comes_of_curl, found);
  add_library_code(query, "tls", "TLS verification", base::tls_results(),
                   &base::HttpMeaning::comes_of_tls, found);
  const auto status = query.context == "http" ? number(query.code, 10) : std::nullopt;
  if (!status || *status > 999) return;
  if (const auto meaning = base::http_status_meaning(static_cast<int>(*status))) {
    found.push_back({"HTTP status", std::to_string(meaning->number), std::string(meaning->name),
                     std::string(meaning->cause), std::string(meaning->advice)});
  }
}

bool is_number(const std::string& text) { return number(text, 10).has_value(); }

/// A subject or a reason code: numbers with dots between them.
bool is_status_code(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos &&
         text.front() != '.' && text.back() != '.';
}

/// What can be said of a code that is in none of the tables: what kind of thing it is by its looks,
/// and whom to ask.
base::Error unknown(const Query& query, const std::string& code) {
  constexpr std::string_view looks =
      "codes look like 6A82 (status word), 8010001D (PC/SC), catBusy, 8.2.6/3.8 (server), "
      "http.timeout, `enable 5`, `curl 28`, `http 404` or `exit 5`";
  const auto error = [](const std::string& what, std::string_view hint) {
    base::Error made(base::ErrorKind::not_found, "code.unknown", what);
    made.hint(std::string(hint));
    return made;
  };
  const auto& subject = query.before.empty() ? query.context : query.before;
  const bool server =
      is_status_code(query.code) &&
      (query.context.empty() || is_status_code(subject) || fits(query, "server status"));
  if (server && (dotted(query.code) || dotted(subject))) {
    return error(fmt::format("“{}” looks like a server's status, and is none of SGP.22's", code),
                 lpa::advice_on_unknown_server_status)
        .hint(std::string(looks));
  }
  const auto& tables = lpa::result_tables();
  const auto table =
      std::ranges::find_if(tables, [&](const auto& each) { return fits(query, each.function); });
  const bool of_card = !query.context.empty() && is_number(query.code) &&
                       (table != tables.end() || fits(query, "installation"));
  if (of_card) {
    return error(fmt::format("“{}” looks like a result of the card, and is none of SGP.22's", code),
                 lpa::advice_on_unknown)
        .hint(std::string(looks));
  }
  const auto sw = query.code.size() == 4 ? number(query.code, 16) : std::nullopt;
  if (sw && (*sw >> 12U == 0x6U || *sw >> 12U == 0x9U)) {
    return error(fmt::format("“{}” looks like a status word, and no specification has it", code),
                 "the card's maker may have it: ask whoever sold the card")
        .hint(std::string(looks));
  }
  return error(fmt::format("nothing is known about “{}”", code), looks);
}

}  // namespace

std::vector<Explanation> explain(std::string_view code) {
  const auto query = parse(code);
  std::vector<Explanation> found;
  add_exit_code(query, found);
  add_status_word(query, found);
  add_results(query, found);
  add_installation(query, found);
  add_profile_element(query, found);
  add_pcsc_code(query, found);
  add_server_status(query, found);
  add_http(query, found);
  if (found.empty()) throw unknown(query, base::clean(code, 80));
  return found;
}

}  // namespace app
