#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "cli/words.hpp"
#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using cli_test::Setting;
using cli_test::Words;

/// What is offered for the last of `words`, each with its description after a tab.
Words offered(Words words, const Setting& setting = {}) {
  words.insert(words.begin(), {"__complete", "words"});
  const auto result = cli_test::run(words, setting);
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  Words lines;
  std::istringstream stream(result.out);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The same without the descriptions.
Words candidates(const Words& words, const Setting& setting = {}) {
  auto lines = offered(words, setting);
  for (auto& line : lines) line = line.substr(0, line.find('\t'));
  return lines;
}

/// What a shell is told to put in place of `end`.
std::string put(const std::string& start, const std::string& end, const Setting& setting = {}) {
  const auto result = cli_test::run({"__complete", "line", start, end}, setting);
  CHECK(result.code == 0);
  return result.out.substr(0, result.out.find_first_of("\t\n"));
}

bool contains(const Words& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

/// A reader with this card; `opened` counts how often it is opened.
Setting with_card(const sim::State& state, int& opened) {
  return {.readers = {{"Reader", [state, &opened] {
                         ++opened;
                         return std::make_unique<test::SimulatedCard>(state);
                       }}}};
}

/// A card whose profiles have these nicknames.
sim::State named(const Words& nicknames) {
  auto state = sim::fresh();
  for (std::size_t i = 0; i < nicknames.size(); ++i) state.profiles.at(i).nickname = nicknames[i];
  return state;
}

const Words iccids{"8944100000000042176", "89012600000000314156", "898600B5010023456789",
                   "890010123456789017"};

}  // namespace

TEST_CASE("the commands that the help lists are the ones that are completed") {
  const auto help = cli_test::run("--help").out;
  std::istringstream stream(help.substr(help.find("Commands:\n")));
  Words listed;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) listed.push_back(line.substr(2, line.find(' ', 2) - 2));
  CHECK(listed.size() > 10);
  CHECK(candidates({""}) == listed);
  CHECK(candidates({"en"}) == Words{"enable"});
  CHECK(candidates({"--card", "sim", "--json", "expl"}) == Words{"explain"});
  CHECK(candidates({"notification", ""}) ==
        Words{"list", "show", "send", "export", "import", "remove"});
  CHECK(candidates({"no-such-command", "x"}).empty());
}

TEST_CASE("a command's options are completed with those of every command, once each") {
  CHECK(candidates({"list", "--co"}) == Words{"--columns"});
  CHECK(candidates({"show", "--co"}).empty());
  CHECK(candidates({"notification", "remove", "--f"}) == Words{"--force"});
  CHECK(candidates({"notification", "remove", "--h"}) == Words{"--help"});
  CHECK(candidates({"list", "--ca"}) == Words{"--card"});
  CHECK(candidates({"list", "--card", "sim", "--ca"}).empty());
  CHECK(contains(candidates({"reset", ""}), "--test-profiles"));  // where nothing else can stand
  CHECK(offered({"--verb"}) ==
        Words{"--verbose\tTell more; -vv every command that goes to the card"});
}

TEST_CASE("values that are always the same are completed after a blank and after =") {
  CHECK(candidates({"--json="}) == Words{"--json=compact", "--json=pretty"});
  CHECK(candidates({"list", "--columns", "sta"}) == Words{"state"});
  CHECK(candidates({"list", "--columns=iccid,sta"}) == Words{"--columns=iccid,state"});
  CHECK(candidates({"list", "--columns", "iccid,ic"}) == Words{"iccid,icon_type"});
  CHECK(candidates({"cards", "--columns", "at"}) == Words{"atr"});
  CHECK(candidates({"notification", "list", "--event", "install,d"}) ==
        Words{"install,disable", "install,delete"});
  CHECK(candidates({"completion", ""}) == Words{"bash", "zsh", "fish"});
  CHECK(candidates({"explain", ""}).empty());
}

TEST_CASE("cards are completed by their readers; files are left to the shell") {
  int opened = 0;
  const auto setting = with_card(sim::fresh(), opened);
  CHECK(candidates({"--card", ""}, setting) ==
        Words{"all", "sim", "lookup:", "replay:", "sim:", "Reader"});
  CHECK(candidates({"list", "--card=R"}, setting) == Words{"--card=Reader"});
  CHECK(offered({"--card", "sim:car"}) == Words{"\tfiles\tsim:"});
  CHECK(offered({"list", "--card=sim:car"}) == Words{"\tfiles\t--card=sim:"});
  CHECK(offered({"batch", ""}) == Words{"\tfiles\t"});
  CHECK(candidates({"batch", "--k"}) == Words{"--keep-going"});
  CHECK(opened == 0);
}

TEST_CASE("profiles are completed by number, and by the name that is being typed") {
  for (const std::string command : {"show", "enable", "disable", "rename", "delete"}) {
    CAPTURE(command);
    CHECK(candidates({"--card", "sim", command, ""}) == iccids);
  }
  CHECK(offered({"enable", "--card=sim", "8944"}) ==
        Words{iccids[0] + "\tHome · Meadow Mobile · enabled"});
  CHECK(offered({"--card", "sim", "enable", "Tr"}) ==
        Words{"Travel\tTravel · Roamwell · disabled"});
  CHECK(candidates({"--card", "sim", "enable", "tr"}) == Words{"travel"});  // as it was begun
  CHECK(candidates({"--card", "sim", "enable", "Boot"}) == Words{"Bootstrap"});
  CHECK(candidates({"--card", "sim", "enable", "--", ""}) == iccids);
  CHECK(candidates({"--card", "sim", "enable", "Travel", ""}) ==
        candidates({"--card", "sim", "info", ""}));  // one is enough: there are only options
  CHECK(candidates({"--card", "sim", "rename", "travel", "H"}).empty());
}

TEST_CASE("a command in a command is completed as it is by itself, on the card of the outer one") {
  CHECK(candidates({"each", "--", "en"}) == Words{"enable"});
  CHECK(candidates({"each", "--", "notification", "r"}) == Words{"remove"});
  CHECK(candidates({"each", "--", "list", "--co"}) == Words{"--columns"});
  CHECK(candidates({"--card", "sim", "each", "--", "enable", ""}) == iccids);
  CHECK(candidates({"--card", "sim", "each", "--", "enable", "tr"}) == Words{"travel"});
  CHECK(candidates({"each", "--k"}).empty());
}

TEST_CASE("a name is offered only where it means that profile") {
  int opened = 0;
  const auto twins = with_card(named({"Twin", "Twin", "--yes", "a=b"}), opened);
  CHECK(candidates({"enable", "Tw"}, twins).empty());
  CHECK(candidates({"enable", "a"}, twins) == Words{"a=b"});
  CHECK(offered({"delete", "--y"}, twins) ==
        Words{"--yes\tTake every question as answered with yes"});  // the option
  CHECK(offered({"delete", "--", "--y"}, twins) == Words{"--yes\t--yes · 华星移动 · disabled"});
}

TEST_CASE("text from the card is clean: a line break in a name makes no line") {
  int opened = 0;
  const auto setting = with_card(named({"One\ntwo\tthree\x1B[0m"}), opened);
  CHECK(offered({"enable", "One"}, setting) ==
        Words{"Onetwothree[0m\tOnetwothree[0m · Meadow Mobile · enabled"});
}

TEST_CASE("notifications are completed by number") {
  int opened = 0;
  auto state = sim::fresh();
  state.notifications = {{7, sim::Event::enable, "rsp.roamwell.example", state.profiles[1].iccid}};
  const auto setting = with_card(state, opened);
  for (const std::string command : {"show", "remove"}) {
    CHECK(offered({"notification", command, ""}, setting) ==
          Words{"7\tenable · 89012600000000314156 · rsp.roamwell.example"});
  }
}

TEST_CASE("the choice of the card that was typed before is kept") {
  int opened = 0;
  auto setting = with_card(sim::fresh(), opened);
  setting.readers["Other"] = [] {
    return std::make_unique<test::SimulatedCard>(named({"Elsewhere"}));
  };
  CHECK(candidates({"enable", ""}, setting).empty());  // which of the two?
  CHECK(candidates({"enable", "--card", "oth", "El"}, setting) == Words{"Elsewhere"});
  CHECK(candidates({"--card=Reader", "enable", ""}, setting) == iccids);
  CHECK(candidates({"--card=Reader", "--se", "1", "enable", ""}, setting).empty());
  CHECK(candidates({"--card=Reader", "--se", "0", "enable", ""}, setting) == iccids);
  const std::string aid = "A0000005591010FFFFFFFF8900000100";
  CHECK(candidates({"--card=Reader", "--aid", aid, "enable", ""}, setting) == iccids);
  CHECK(candidates({"--card=Reader", "--aid", "A000000559", "enable", ""}, setting).empty());
  CHECK(candidates({"--card=Reader", "--aid", "nonsense", "enable", ""}, setting).empty());
}

TEST_CASE("the card is opened only for what only the card knows") {
  int opened = 0;
  const auto setting = with_card(sim::fresh(), opened);
  for (const Words& words : {Words{""}, Words{"enable"}, Words{"enable", "--"}, Words{"list", ""},
                             Words{"notification", ""}, Words{"rename", "travel", ""}}) {
    offered(words, setting);
  }
  CHECK(opened == 0);
  offered({"enable", ""}, setting);
  CHECK(opened == 1);
}

TEST_CASE("completion neither makes nor changes the file of a simulated card") {
  const test::TemporaryDirectory directory;
  const auto file = (directory.path() / "card.json").string();
  CHECK(candidates({"--card", "sim:" + file, "enable", ""}).empty());
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(cli_test::run({"--card", "sim:" + file, "list"}).code == 0);  // counter-run
  REQUIRE(std::filesystem::exists(file));
  const auto before = std::filesystem::last_write_time(file);
  CHECK(candidates({"--card", "sim:" + file, "enable", ""}) == iccids);
  CHECK(candidates({"--card", "sim:" + file, "notification", "remove", ""}).empty());
  CHECK(std::filesystem::last_write_time(file) == before);
}

TEST_CASE("what goes wrong costs the candidates from the card, and nothing is said") {
  CHECK(candidates({"enable", ""}).empty());
  const auto failing = []() -> std::vector<lpa::Reader> {
    throw base::Error(base::ErrorKind::card, "pcsc.no-service", "no service");
  };
  CHECK(candidates({"enable", ""}, {.readers = {}, .list_readers = failing}).empty());
  CHECK(candidates({"--card", ""}, {.readers = {}, .list_readers = failing}) ==
        Words{"all", "sim", "lookup:", "replay:", "sim:"});
  const Setting removed{
      .readers = {{"Reader", [] {
                     return std::make_unique<test::SimulatedCard>(
                         sim::fresh(), [](sim::Card&, base::ByteView) -> base::Bytes {
                           throw base::Error(base::ErrorKind::card, "card.removed", "gone");
                         });
                   }}}};
  CHECK(candidates({"enable", ""}, removed).empty());
  CHECK(candidates({"enable", "--js"}, removed) == Words{"--json"});

  const test::TemporaryDirectory directory;
  const auto file = (directory.path() / "card.json").string();
  std::ofstream(file) << "damaged";
  CHECK(candidates({"--card", "sim:" + file, "enable", ""}).empty());

  for (const Words& words :
       {Words{}, Words{"--"}, Words{"-"}, Words{"--=", ""}, Words{"=", "="},
        Words{"--json=x", "--json=y", ""}, Words{"--se", "7", "show", ""}, Words{"-h", "li"},
        Words{"each", "[a,b,c]"}, Words{"each", "each", "--", "[each,each,each]", "x"},
        Words{"\x01"}, Words{"--\x01"}, Words{"", ""}}) {
    offered(words);
  }
  CHECK(cli_test::run("__complete").code == 0);
  CHECK(cli_test::run("__complete nonsense list").out.empty());
  CHECK(put("", "").empty());
}

TEST_CASE("a card that another esimctl has is not waited for") {
  const test::TemporaryDirectory locks;
  int opened = 0;
  auto setting = with_card(sim::fresh(), opened);
  setting.lock_directory = locks.path().string();
  CHECK(candidates({"enable", ""}, setting) == iccids);
  test::ManualClock clock;
  const auto held = base::FileLock::acquire(locks.path() / "Reader.lock", clock, {});
  REQUIRE(std::holds_alternative<base::FileLock>(held));
  CHECK(candidates({"enable", "--wait", "9", ""}, setting).empty());
  CHECK(opened == 1);
}

TEST_CASE("for a line, what is put in place of its end has the quotes that it needs there") {
  int opened = 0;
  const auto setting = with_card(named({"My $(id)", "It's", "a:b c"}), opened);
  CHECK(put("esimctl ", "en") == "enable");
  CHECK(put("esimctl enable ", "My", setting) == "My\\ \\$\\(id\\)");
  CHECK(put("esimctl enable ", "My\\ ", setting) == "My\\ \\$\\(id\\)");
  CHECK(put("esimctl enable '", "My", setting) == "My $(id)");
  CHECK(put("esimctl enable \"", "My ", setting) == "My \\$(id)");
  CHECK(put("esimctl enable '", "It", setting) == "It'\\''s");
  CHECK(put("esimctl enable ", "It", setting) == "It\\'s");
  CHECK(put("esimctl enable a:", "b", setting) == "b\\ c");
  CHECK(put("esimctl enable a\\:", "b", setting) == "b\\ c");
  CHECK(put("esimctl --json=", "p") == "pretty");
  CHECK(put("esimctl --json=", "") == "compact");
}

TEST_CASE("quoted text is what it was when a shell has read it") {
  for (const std::string text :
       {"plain", "two words", "it's", "'", "\"", "say \"hi\"", "$HOME", "`id`", "$(id)", "back\\",
        "wow!", "!", "#a", "~", "a&b;c|d<e>f", "{a,b}", "*?[x]", "测试卡", R"(''""\\)"}) {
    CAPTURE(text);
    CHECK(cli::split_words(cli::shell_quoted(text, '\0')) == Words{text});
    for (const char quote : {'\'', '"'}) {
      auto line = quote + cli::shell_quoted(text, quote);
      if (line.size() == 1 || line.back() != quote) line += quote;  // as readline does
      CHECK(cli::split_words(line) == Words{text});
    }
  }
}

TEST_CASE("a line that breaks off is parted as far as it goes") {
  CHECK(cli::split_unfinished("").words == Words{""});
  CHECK(cli::split_unfinished("a b").words == Words{"a", "b"});
  CHECK(cli::split_unfinished("a b ").words == Words{"a", "b", ""});
  CHECK(cli::split_unfinished("a\\").words == Words{"a"});
  CHECK(cli::split_unfinished("a 'b c").words == Words{"a", "b c"});
  CHECK(cli::split_unfinished("a 'b c").quote == '\'');
  CHECK(cli::split_unfinished("a \"b").quote == '"');
  CHECK(cli::split_unfinished("a 'b'").quote == '\0');
}

TEST_CASE("there is a script for each shell, and a shell without one is exit 2 with the list") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto result = cli_test::run("completion " + shell);
    CHECK(result.code == 0);
    CHECK(result.out.find("esimctl __complete ") != std::string::npos);
  }
  const auto wrong = cli_test::run("completion tcsh");
  CHECK(wrong.code == 2);
  CHECK(wrong.out.empty());
  CHECK(wrong.err.find("bash, zsh, fish") != std::string::npos);
}
