#include "app/explain.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/server_status.hpp"
#include "lpa/status.hpp"

/// The tables of SGP.22, of TCA and of TS 102 221 as public sources have them (tests/data/codes),
/// row by row: each is explained, by its own name, and nothing else is.

using Json = nlohmann::ordered_json;

namespace {

Json data(const std::string& name) {
  std::ifstream stream(std::filesystem::path(ESIMCTL_TEST_DATA) / "codes" / name);
  REQUIRE_MESSAGE(stream, name);
  return Json::parse(stream);
}

std::vector<app::Explanation> explained(const std::string& query) {
  try {
    return app::explain(query);
  } catch (const base::Error&) {
    return {};
  }
}

/// Small letters without spaces: `Transaction ID` is TransactionId.
std::string plain(std::string_view text) {
  auto result = base::lower(text);
  std::erase(result, ' ');
  return result;
}

struct Row {
  std::string query;
  std::string kind;
  std::string code;
  std::vector<std::string> names;  ///< any of them; none: whatever its name
  bool fault = true;               ///< there is something to do about it
};

/// What is wrong with how a row is explained; nothing: it is known.
std::string fault_of(const Row& row) {
  const auto found = explained(row.query);
  const auto which = std::ranges::find_if(
      found, [&](const auto& each) { return each.kind == row.kind && each.code == row.code; });
  if (which == found.end()) return row.query + ": not known";
  // Where two subjects have one name, ours says whose it is: `… of the SM-DP+`.
  const auto name = plain(which->name);
  const bool named = row.names.empty() || std::ranges::any_of(row.names, [&](const auto& each) {
                       const auto wanted = plain(each);
                       return name == wanted || name.starts_with(wanted + plain("of the")) ||
                              name.starts_with(wanted + plain("for the"));
                     });
  if (!named) return fmt::format("{}: named {}", row.query, which->name);
  if (which->cause.empty()) return row.query + ": no meaning";
  if (row.fault && which->advice.empty()) return row.query + ": nothing to do";
  return {};
}

/// The rows of a table that are told apart by nothing but their names.
std::vector<std::string> alike(const std::vector<Row>& table) {
  std::map<std::string, std::string> rows;
  std::vector<std::string> found;
  for (const auto& row : table) {
    for (const auto& each : explained(row.query)) {
      if (each.kind != row.kind || each.code != row.code) continue;
      const auto [other, fresh] = rows.emplace(each.cause, row.query);
      if (!fresh) found.push_back(fmt::format("{} and {}", other->second, row.query));
    }
  }
  return found;
}

std::vector<Row> rows_of(const Json& table) {
  std::vector<Row> rows;
  for (const auto& [name, number] : table["values"].items()) {
    const auto code = std::to_string(number.get<int>());
    const auto ask = table["ask"].get<std::string>();
    for (const auto& wanted : {code, name}) {
      rows.push_back(
          {fmt::format("{} {}", ask, wanted), table["kind"], code, {name}, name != "ok"});
    }
  }
  return rows;
}

std::vector<Row> rows_of_function(const Json& function) {
  std::vector<Row> rows;
  for (const auto& [pair, name] : function["pairs"].items()) {
    rows.push_back({pair, "server status", pair, {}});
  }
  return rows;
}

void check(const std::vector<Row>& table) {
  for (const auto& row : table) CHECK(fault_of(row) == "");
}

/// Every other row: by its number alone.
void check_told_apart(std::vector<Row> table) {
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(table, [&](const Row& row) { return !seen.insert({row.kind, row.code}).second; });
  CHECK(alike(table) == std::vector<std::string>{});
}

/// Every number and name of the product's own tables, by kind.
std::map<std::string, std::map<std::string, std::uint32_t>> own_results() {
  std::map<std::string, std::map<std::string, std::uint32_t>> all;
  const auto add = [&](const std::string& kind, std::span<const lpa::Meaning> meanings) {
    for (const auto& each : meanings) all[kind].emplace(each.name, each.number);
  };
  for (const auto& table : lpa::result_tables()) {
    add(std::string(table.function) + " result", table.results);
  }
  add("CancelSession reason", lpa::cancel_reasons());
  add("installation command", lpa::installation_commands());
  add("installation reason", lpa::installation_reasons());
  add("profile element status", lpa::profile_element_statuses());
  return all;
}

/// `63Cx` fits 63C5.
bool fits(std::string_view pattern, std::string_view word) {
  return std::ranges::equal(pattern, word,
                            [](char wanted, char is) { return wanted == 'x' || wanted == is; });
}

}  // namespace

TEST_CASE("explain knows every result that a function of the card can have") {
  const auto file = data("results.json");
  for (const auto& table : file["tables"]) {
    check(rows_of(table));
    check_told_apart(rows_of(table));
  }
  CHECK(file["tables"].size() == 19);
}

TEST_CASE("results that only earlier versions have are known by their number") {
  const auto file = data("results.json");
  const auto all = own_results();
  for (const auto& each : file["earlier"]) {
    const auto& table = all.at(each["kind"]);
    CAPTURE(each["name"]);
    CHECK(std::ranges::any_of(
        table, [&](const auto& own) { return own.second == each["number"].get<unsigned>(); }));
    CHECK_FALSE(each["why"].get<std::string>().empty());
  }
}

TEST_CASE("explain has no result that the specifications do not have") {
  const auto file = data("results.json");
  std::map<std::string, std::map<std::string, std::uint32_t>> listed;
  for (const auto& table : file["tables"]) {
    for (const auto& [name, number] : table["values"].items()) {
      listed[table["kind"]][name] = number.get<std::uint32_t>();
    }
  }
  for (const auto& each : file["earlier"]) {
    listed[each["kind"]][each["name"]] = each["number"].get<std::uint32_t>();
  }
  for (const auto& [kind, results] : own_results()) {
    for (const auto& [name, number] : results) {
      CAPTURE(kind);
      CAPTURE(name);
      CHECK(listed[kind].contains(name));
      CHECK(listed[kind][name] == number);
    }
  }
}

TEST_CASE("explain knows every status that a function of a server can have") {
  const auto file = data("server-status.json");
  for (const auto& function : file["functions"]) {
    CAPTURE(function["function"]);
    check(rows_of_function(function));
    check_told_apart(rows_of_function(function));
  }
  CHECK(file["functions"].size() == 8);
}

TEST_CASE("explain names each subject and each reason as the specification does") {
  const auto file = data("server-status.json");
  for (const auto& [code, names] : file["subjects"].items()) {
    check({{"subject " + code, "subject code", code, names}});
  }
  for (const auto& [code, names] : file["reasons"].items()) {
    check({{"reason " + code, "reason code", code, names}});
  }
}

TEST_CASE("explain has no status of a server that the specification does not have") {
  const auto file = data("server-status.json");
  std::set<std::string> pairs;
  for (const auto& function : file["functions"]) {
    for (const auto& [pair, name] : function["pairs"].items()) pairs.insert(pair);
  }
  const auto& beyond = file["beyond"];
  for (const auto& each : lpa::server_meanings()) {
    const auto pair = fmt::format("{}/{}", each.subject, each.reason);
    CAPTURE(pair);
    CHECK(pairs.contains(pair) != beyond["pairs"].contains(pair));
  }
  std::size_t known = 0;
  const auto look = [&](const std::string& code) {
    CAPTURE(code);
    for (const auto& [is, kind] : {std::pair(lpa::server_subject(code).has_value(), "subjects"),
                                   std::pair(lpa::server_reason(code).has_value(), "reasons")}) {
      if (is) CHECK(file[kind].contains(code) != beyond[kind].contains(code));
      known += is ? 1 : 0;
    }
  };
  for (int one = 0; one < 20; ++one) {
    look(std::to_string(one));
    for (int two = 0; two < 20; ++two) {
      look(fmt::format("{}.{}", one, two));
      for (int three = 0; three < 20; ++three) look(fmt::format("{}.{}.{}", one, two, three));
    }
  }
  CHECK(known == file["subjects"].size() + file["reasons"].size() + beyond["subjects"].size() +
                     beyond["reasons"].size());
}

TEST_CASE("explain knows every status word of TS 102 221, and others only by their origin") {
  const auto file = data("status-words.json");
  std::vector<Row> table;
  std::vector<std::string> patterns;
  for (const auto& each : file["words"]) {
    patterns.push_back(each["word"]);
    auto word = patterns.back();
    std::ranges::replace(word, 'x', '7');
    table.push_back({word, "status word", word, {}, each["fault"]});
  }
  check(table);
  check_told_apart(table);
  for (const auto& [pattern, why] : file["beyond"].items()) patterns.push_back(pattern);
  std::set<std::string> used;
  for (std::uint32_t sw = 0; sw <= 0xFFFF; ++sw) {
    const auto word = fmt::format("{:04X}", sw);
    if (!lpa::status_word_meaning(static_cast<std::uint16_t>(sw))) continue;
    const auto pattern =
        std::ranges::find_if(patterns, [&](const auto& each) { return fits(each, word); });
    const bool listed = pattern != patterns.end();
    if (!listed) FAIL_CHECK(word << " is in no specification");
    if (listed) used.insert(*pattern);
  }
  CHECK(used.size() == patterns.size());
}

TEST_CASE("a row that no table has is not taken for known") {
  const auto problem = [](const Row& row) { return fault_of(row); };
  CHECK(problem({"EnableProfile 6", "EnableProfile result", "6", {"catBusy"}}).ends_with("known"));
  CHECK(
      problem({"EnableProfile 5", "EnableProfile result", "5", {"catIdle"}}).ends_with("catBusy"));
  CHECK(problem({"EnableProfile 5", "DisableProfile result", "5", {"catBusy"}}).ends_with("known"));
  CHECK(problem({"EnableProfile 0", "EnableProfile result", "0", {"ok"}}).ends_with("to do"));
  CHECK(problem({"8.2.6/4.8", "server status", "8.2.6/4.8", {}}).ends_with("known"));
  CHECK(problem({"6AFF", "status word", "6AFF", {}}).ends_with("known"));
  const Row two{"GetProfilesInfo 127", "GetProfilesInfo result", "127", {}};
  CHECK(alike({two, two}).size() == 1);
}

TEST_CASE("of a code that nobody knows it is said what it looks like and whom to ask") {
  const auto said = [](const std::string& query) -> std::string {
    try {
      app::explain(query);
    } catch (const base::Error& error) {
      std::string text = error.what();
      for (const auto& hint : error.hints()) text += "\n" + hint;
      return text;
    }
    return "known";
  };
  const auto has = [](const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  };
  for (const std::string query : {"99.9/99.9", "8.99", "server 8.99 3.8.1"}) {
    CAPTURE(query);
    CHECK(has(said(query), "a server's status"));
    CHECK(has(said(query), "give the operator"));
  }
  for (const std::string query : {"enable 77", "install 99", "AuthenticateServer 99"}) {
    CAPTURE(query);
    CHECK(has(said(query), "a result of the card"));
    CHECK(has(said(query), "ask whoever sold the card"));
  }
  const auto install = explained("install 5 99");
  REQUIRE(install.size() == 2);
  CHECK(install[1].name == "unknown");
  CHECK(has(install[1].advice, "ask whoever sold the card"));
  CHECK(has(said("6AFF"), "a status word"));
  CHECK(has(said("1234567"), "nothing is known"));
  CHECK(has(said("nonsense"), "codes look like"));
}
