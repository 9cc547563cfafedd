#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using cli_test::Result;
using cli_test::Setting;

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

/// A directory with the recording of one command on a fresh card.
class Recorded {
 public:
  explicit Recorded(const std::string& command, const std::string& options = {}) {
    result_ = cli_test::run("--card sim:" + card() + " " + command + " --yes --record " + file() +
                            " " + options);
  }
  [[nodiscard]] std::string file() const { return (directory_.path() / "recording").string(); }
  [[nodiscard]] std::string card() const { return (directory_.path() / "card.json").string(); }
  [[nodiscard]] const Result& result() const { return result_; }

 private:
  test::TemporaryDirectory directory_;
  Result result_;
};

std::string recording_named(const std::string& name) {
  return std::string(ESIMCTL_TEST_DATA) + "/recordings/" + name + ".jsonl";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every command replays to what it printed when its recording shows everything") {
  for (const std::string command :
       {"info", "list", "show 2176", "enable Travel", "disable Home", "rename Home Away",
        "delete Travel", "reset --operational-profiles", "smdp", "smdp --clear",
        "notification list"}) {
    CAPTURE(command);
    const Recorded recorded(command, "--log-secrets");
    const auto replayed =
        cli_test::run("--card replay:" + recorded.file() + " " + command + " --yes");
    CHECK(replayed.code == 0);
    if (command != "info") CHECK(replayed.out == recorded.result().out);
  }
}

TEST_CASE("a masked recording of a switch replays to the same end") {
  const Recorded recorded("enable Roamwell");
  const auto replayed = cli_test::run("--card replay:" + recorded.file() + " enable Roamwell");
  CHECK(recorded.result().code == 0);
  CHECK(replayed.code == 0);
  CHECK(contains(replayed.out, "enabled"));
}

TEST_CASE("a recording has no number or nickname of the card in it") {
  const Recorded recorded("info");
  CHECK_FALSE(contains(content(recorded.file()), base::to_hex(sim::fresh().eid)));
  const Recorded shown("info", "--log-secrets");
  CHECK(contains(content(shown.file()), base::to_hex(sim::fresh().eid)));
}

TEST_CASE("a recording is readable by its owner only, and replaces nothing but a recording") {
  const Recorded recorded("list");
  namespace fs = std::filesystem;
  CHECK(fs::status(recorded.file()).permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  const auto again = cli_test::run("--card sim info --record " + recorded.file());
  CHECK(again.code == 0);
  write(recorded.file(), "my notes\n");
  const auto refused = cli_test::run("--card sim info --record " + recorded.file());
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "it is there, and is no recording"));
  CHECK(content(recorded.file()) == "my notes\n");
}

TEST_CASE("a recording that cannot be made ends the command before the card is asked") {
  const auto result = cli_test::run("--card sim list --record /nowhere/recording");
  CHECK(result.code == 2);
  CHECK(result.out.empty());
}

TEST_CASE("a recording that does not fit on the disk is an error after the command") {
  const auto result = cli_test::run("--card sim list --record /dev/full");
  CHECK(result.code == 1);
  CHECK(contains(result.err, "is not complete: No space left on device"));
  CHECK(contains(result.out, "Roamwell"));
}

TEST_CASE("to show secrets without a recording is a usage error") {
  const auto result = cli_test::run("--card sim list --log-secrets");
  CHECK(result.code == 2);
  CHECK(contains(result.err, "--record FILE makes one"));
}

TEST_CASE("a recording is of one card") {
  const test::TemporaryDirectory directory;
  const auto card = [] { return std::make_unique<test::SimulatedCard>(sim::fresh()); };
  const Setting two{.readers = {{"A", card}, {"B", card}}};
  const auto file = (directory.path() / "recording").string();
  const auto several = cli_test::run("list --record " + file, two);
  CHECK(several.code == 2);
  CHECK(contains(several.err, "a recording is of one card"));
  CHECK(cli_test::run("list --card A --record " + file, two).code == 0);
}

TEST_CASE("a recording of another program can be listed and inspected") {
  const auto info = cli_test::run("info --card lookup:" + recording_named("omnikey-info"));
  CHECK(info.code == 0);
  CHECK(contains(info.out, "eid\t89049032123451234512345678901235"));
  CHECK(contains(info.out, "free_non_volatile_bytes\t518706"));
  const auto list = cli_test::run("list --card lookup:" + recording_named("sysmo-profiles"));
  CHECK(list.code == 0);
  CHECK(contains(list.out, "89000123456789012341\tenabled\tthis-is-a-testprofile"));
  CHECK(contains(list.out, "8949449999999990031\tdisabled"));
  const auto without_eid =
      cli_test::run("list -v --card lookup:" + recording_named("omnikey-profiles"));
  CHECK(without_eid.code == 0);
  CHECK(contains(without_eid.err, "the recording has no EID"));
}

TEST_CASE("what a recording does not have is an error that says so") {
  const auto result = cli_test::run("list --card lookup:" + recording_named("omnikey-info"));
  CHECK(result.code == 5);
  CHECK(contains(result.err, "a recording answers so what is not in it"));
}

TEST_CASE("a recording of another format version, and none at all, are usage errors") {
  const Recorded recorded("list");
  auto text = content(recorded.file());
  text.replace(text.find("apdu/1"), 6, "apdu/2");
  write(recorded.file(), text);
  for (const std::string scheme : {"replay:", "lookup:"}) {
    const auto newer = cli_test::run("list --card " + scheme + recorded.file());
    CHECK(newer.code == 2);
    CHECK(contains(newer.err, "its format is “esimctl-apdu/2”"));
    CHECK(cli_test::run("list --card " + scheme + "/nowhere").code == 2);
    CHECK(cli_test::run("list --card " + scheme + "/").code == 2);
  }
}

TEST_CASE("a recording that is cut anywhere ends with the line, never with anything else") {
  const Recorded recorded("list");
  const auto text = content(recorded.file());
  const auto header = text.find('\n') + 1;
  const auto last_answer = text.rfind(R"("dir":"tx")");  // closing the channel may fail
  for (auto size = header; size < last_answer - 20; size += 7) {
    CAPTURE(size);
    write(recorded.file(), text.substr(0, size));
    const auto result = cli_test::run("list --card replay:" + recorded.file());
    CHECK(result.code == 5);
    CHECK(contains(result.err, "line "));
    CHECK(contains(result.err, " of "));
  }
}

TEST_CASE("another command than the recorded one is told with its line") {
  const Recorded recorded("list");
  const auto result = cli_test::run("info --json --card replay:" + recorded.file());
  CHECK(result.code == 5);
  CHECK(contains(result.err, "\"code\":\"recording.differs\""));
  CHECK(contains(result.err, "line 14 of"));
}
