#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/words.hpp"
#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using cli_test::Setting;
using Words = std::vector<std::string>;

/// The text of the error that a line is refused with.
std::string refusal(std::string_view line) {
  try {
    cli::split_words(line);
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::usage);
    return error.what();
  }
  return "";
}

/// A reader whose card is opened anew by each session; `commands` counts what goes to it.
Setting counted(std::size_t& opened, std::size_t& commands) {
  return {.readers = {{"Reader", [&] {
                         ++opened;
                         return std::make_unique<test::SimulatedCard>(
                             sim::fresh(), [&commands](sim::Card& card, base::ByteView command) {
                               ++commands;
                               return card.transmit(command);
                             });
                       }}}};
}

std::vector<nlohmann::json> lines_of(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace

TEST_CASE("a line is parted into words as a shell does it") {
  CHECK(cli::split_words("rename travel Reise") == Words{"rename", "travel", "Reise"});
  CHECK(cli::split_words("  a\tb  ") == Words{"a", "b"});
  CHECK(cli::split_words("a 'b c' \"d e\"") == Words{"a", "b c", "d e"});
  CHECK(cli::split_words("a'b'\"c\"d") == Words{"abcd"});
  CHECK(cli::split_words("'' \"\"") == Words{"", ""});
  CHECK(cli::split_words("a\\ b \\\" \\#") == Words{"a b", "\"", "#"});
  CHECK(cli::split_words("\"a\\\"b\" \"a\\nb\" 'a\\b'") == Words{"a\"b", "a\\nb", "a\\b"});
  CHECK(cli::split_words("\"\\`id\\` \\$HOME\"") == Words{"`id` $HOME"});
  CHECK(cli::split_words("list # all of it") == Words{"list"});
  CHECK(cli::split_words("a#b") == Words{"a#b"});
  CHECK(cli::split_words("# nothing").empty());
  CHECK(cli::split_words("$HOME `id` *") == Words{"$HOME", "`id`", "*"});
}

TEST_CASE("a quote that never ends is told with the column where it begins") {
  CHECK(refusal("a 'b").find("column 3") != std::string::npos);
  CHECK(refusal("\"a").find("column 1") != std::string::npos);
  CHECK(refusal("ab\\").find("column 3") != std::string::npos);
  CHECK(refusal("a 'b'").empty());
}

TEST_CASE(
    "a batch is one session: its commands cost what they cost alone, opening and closing once") {
  std::size_t opened = 0;
  std::size_t commands = 0;
  auto setting = counted(opened, commands);
  const auto alone = [&](const std::string& line) {
    commands = 0;
    CHECK(cli_test::run(line, setting).code == 0);
    return commands;
  };
  const auto list = alone("list");
  const auto rename = alone("rename travel Reise");
  const auto session = alone("smdp") - 2;  // one ES10 command over T=0 is two

  opened = 0;
  setting.input = "list\nrename travel Reise\n\n# and again\nlist\n";
  CHECK(alone("batch") <= session + 2 * (list - session) + (rename - session));
  CHECK(opened == 1);
  // Counter-run: three commands of their own open three sessions.
  opened = 0;
  alone("list");
  alone("rename travel Reise");
  alone("list");
  CHECK(opened == 3);
}

TEST_CASE("a batch stops at the first command that fails, unless it is to keep going") {
  Setting setting;
  setting.input = "list --columns iccid\nenable nobody\nsmdp\n";
  const auto stopped = cli_test::run("--card sim batch", setting);
  CHECK(stopped.code == 3);
  CHECK(stopped.err.find("esimctl: line 2: no profile") == 0);
  CHECK(stopped.out.find("default_smdp") == std::string::npos);
  const auto going = cli_test::run("--card sim batch --keep-going", setting);
  CHECK(going.code == 3);
  CHECK(going.out.find("default_smdp") != std::string::npos);
}

TEST_CASE("a batch in JSON is a line for each command, with its result or its error") {
  Setting setting;
  setting.input = "rename travel 'Reise 1'\nshow nobody\nsmdp\nexplain 6A82\n";
  const auto result = cli_test::run("--card sim --json batch --keep-going", setting);
  CHECK(result.code == 3);
  CHECK(result.err.empty());
  const auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].at("command") == nlohmann::json{"rename", "travel", "Reise 1"});
  CHECK(lines[0].at("result").at("changed") == true);
  CHECK(lines[0].at("error").is_null());
  CHECK(lines[1].at("line") == 2);
  CHECK(lines[1].at("exit") == 3);
  CHECK(lines[1].at("result").is_null());
  CHECK(lines[1].at("error").at("code") == "profile.not-found");
  CHECK(lines[2].at("result").at("default_smdp") == "smdp.cardworks.example");
  CHECK(lines[3].at("result").at("meanings").size() == 1);
}

TEST_CASE("a batch with a line that cannot be read runs nothing of it") {
  std::size_t opened = 0;
  std::size_t commands = 0;
  auto setting = counted(opened, commands);
  for (const std::string line :
       {"rename travel 'Reise", "lsit", "list --nosuch", "show", "batch", "list --card other"}) {
    CAPTURE(line);
    setting.input = "delete travel --yes\n" + line + "\n";
    const auto result = cli_test::run("batch", setting);
    CHECK(result.code == 2);
    CHECK(result.err.find("line 2: ") != std::string::npos);
    CHECK(result.err.find("nothing was run") != std::string::npos);
  }
  CHECK(opened == 0);
  setting.input = "delete travel --yes\n";  // counter-run
  CHECK(cli_test::run("batch", setting).code == 0);
  CHECK(opened == 1);
}

TEST_CASE("a batch whose file is not there, is a folder or too large is exit 2") {
  const test::TemporaryDirectory directory;
  CHECK(cli_test::run("--card sim batch " + (directory.path() / "none").string()).code == 2);
  Setting large;
  large.input = std::string(1024 * 1024 + 1, '\n');
  CHECK(cli_test::run("--card sim batch", large).code == 2);
  large.input.pop_back();
  CHECK(cli_test::run("--card sim batch", large).code == 0);
}

TEST_CASE("after a fault of the card the next command of a batch opens it anew") {
  std::size_t opened = 0;
  bool broken = true;
  Setting setting{.readers = {{"Reader", [&] {
                                 ++opened;
                                 return std::make_unique<test::SimulatedCard>(
                                     sim::fresh(), [&](sim::Card& card, base::ByteView command) {
                                       if (broken && test::is_request(command, 0xBF, 0x2D)) {
                                         broken = false;
                                         throw base::Error(base::ErrorKind::card, "card.transmit",
                                                           "lost");
                                       }
                                       return card.transmit(command);
                                     });
                               }}}};
  setting.input = "list\nlist\n";
  const auto result = cli_test::run("batch --keep-going", setting);
  CHECK(result.code == 5);
  CHECK(opened == 2);
  CHECK(result.out.find("Travel") != std::string::npos);
}

TEST_CASE("cards in a batch does not wait for the card that the batch itself has") {
  std::size_t opened = 0;
  std::size_t commands = 0;
  auto setting = counted(opened, commands);
  setting.input = "list\ncards\nlist\n";
  const auto result = cli_test::run("--json batch", setting);
  CHECK(result.code == 0);
  const auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].at("result").at("cards")[0].at("error").is_null());
  CHECK(opened == 3);
}

TEST_CASE("a batch asks nothing: what deletes needs --yes in its line or for all") {
  Setting setting;
  setting.tty = true;
  setting.input = "delete travel\n4156\n";
  CHECK(cli_test::run("--card sim batch --keep-going", setting).code == 2);  // 4156 is no command
  setting.input = "delete travel\n";
  CHECK(cli_test::run("--card sim batch", setting).code == 9);
  CHECK(cli_test::run("--card sim batch --yes", setting).code == 0);
  setting.input = "delete travel --yes\n";
  CHECK(cli_test::run("--card sim batch", setting).code == 0);
}
