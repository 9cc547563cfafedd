#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/read_file.hpp"
#include "tests/cli/delivery_stage.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/temporary_directory.hpp"

/// What waits on a host without a network is told from another one that has no card.
namespace {

using cli_test::Result;
using cli_test::Stage;
using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The host that is online, beside the stage, which has the card.
struct Hosts {
  Hosts() {
    elsewhere.state_directory = (away.path() / "state").string();
    file = (away.path() / "waiting.json").string();
  }
  [[nodiscard]] Result run_elsewhere(const std::string& line) const {
    return cli_test::run("--smdp-ca " + home.server.ca() + " " + line, elsewhere);
  }
  [[nodiscard]] store::JournalContents journal_elsewhere() const {
    return store::Journal::open_existing(elsewhere.state_directory).contents();
  }

  Stage home;
  test::TemporaryDirectory away;
  cli_test::Setting elsewhere;
  std::string file;
};

/// What an import says of a text that has been changed in one place.
Result imported(const Hosts& hosts, const std::string& text) {
  auto setting = hosts.elsewhere;
  setting.input = text;
  return cli_test::run("notification import -", setting);
}

}  // namespace

TEST_CASE("what waits is told from a host without a card, and taken off the card back home") {
  const Hosts hosts;
  CHECK(hosts.home.run("enable Travel --no-send").code == 0);
  const auto exported = hosts.home.run("notification export " + hosts.file);
  CHECK(exported.code == 0);
  CHECK(has(exported.err + exported.out, "2 notifications are"));
  CHECK(std::filesystem::status(hosts.file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(hosts.home.server.connections() == 0);

  CHECK(hosts.run_elsewhere("notification import " + hosts.file).code == 0);
  const auto sent = Json::parse(hosts.run_elsewhere("notification send --outbox --json").out);
  CHECK(sent.at("eid").is_null());
  CHECK(sent.at("notifications").size() == 2);
  CHECK(hosts.home.server.numbers() == "1");
  CHECK(hosts.home.other.numbers() == "2");
  CHECK(hosts.home.waiting() == 2);

  const auto back = hosts.file + ".back";
  CHECK(hosts.run_elsewhere("notification export --outbox " + back).code == 0);
  const auto learnt = Json::parse(hosts.home.run("notification import --json " + back).out);
  CHECK(learnt ==
        Json({{"version", 1}, {"changed", true}, {"added", 0}, {"known", 2}, {"sent", 2}}));
  CHECK(hosts.home.run("notification send").code == 0);
  CHECK(hosts.home.waiting() == 0);
  CHECK(hosts.home.server.numbers() == "1");  // and not once more
}

TEST_CASE("an outbox that comes twice changes nothing the second time") {
  const Hosts hosts;
  CHECK(hosts.home.run("enable Travel --no-send").code == 0);
  CHECK(hosts.home.run("notification export " + hosts.file).code == 0);
  CHECK(Json::parse(hosts.run_elsewhere("notification import --json " + hosts.file).out)
            .at("added") == 2);
  const auto again =
      Json::parse(hosts.run_elsewhere("notification import --json " + hosts.file).out);
  CHECK(again.at("changed") == false);
  CHECK(again.at("known") == 2);
  CHECK(hosts.home.run("notification export " + hosts.file).code == 2);  // no file is replaced
}

TEST_CASE("an outbox of which one word is wrong is refused as a whole, and the place is named") {
  const Hosts hosts;
  CHECK(hosts.home.run("enable Travel --no-send").code == 0);
  const auto text = hosts.home.run("notification export -").out;
  const auto wrong = [&](const char* name, const Json& value) {
    auto document = Json::parse(text);
    document.at("notifications").at(1).at(name) = value;
    const auto result = imported(hosts, document.dump());
    CHECK(result.code == 2);
    CHECK(has(result.err, "/notifications/1/"));
    CHECK(has(result.err, "nothing was imported"));
  };
  wrong("eid", "8904");
  wrong("number", -1);
  wrong("number", 7);
  wrong("address", "elsewhere.example.com");
  wrong("put_at", "yesterday");
  wrong("sent", "no");
  wrong("pending_notification", "AAAA");
  wrong("pending_notification", nullptr);
  CHECK(imported(hosts, "{}").code == 2);
  CHECK(imported(hosts, std::string(100'000, '[')).code == 2);
  CHECK(imported(hosts, R"({"version":1,"notifications":[[[[[[1]]]]]]})").code == 2);
  CHECK_FALSE(std::filesystem::exists(hosts.elsewhere.state_directory + "/journal.db"));
  CHECK(imported(hosts, text).code == 0);  // counter-run
  CHECK(hosts.journal_elsewhere().unsent == 2);
}

TEST_CASE("another notification of a number that waits is not imported over it") {
  const Hosts hosts;
  CHECK(hosts.home.run("enable Travel --no-send").code == 0);
  CHECK(hosts.home.run("notification export " + hosts.file).code == 0);
  CHECK(hosts.run_elsewhere("notification import " + hosts.file).code == 0);
  auto card = sim::fresh();
  card.profiles[1].notifications = {{{sim::Event::remove}, hosts.home.other.address()}};
  sim::save(card, hosts.home.card_file());
  std::filesystem::remove_all(hosts.home.setting.state_directory);
  CHECK(hosts.home.run("delete Travel --yes --no-send").code == 0);
  const auto other = hosts.home.run("notification export -").out;
  const auto result = imported(hosts, other);
  CHECK(result.code == 1);
  CHECK(has(result.err, "another notification 1"));
  CHECK(hosts.journal_elsewhere().notifications == 2);
}

TEST_CASE(
    "without a card one notification is sent by its number, and one that is not there is not") {
  const Hosts hosts;
  CHECK(hosts.home.run("enable Travel --no-send").code == 0);
  CHECK(hosts.home.run("notification export " + hosts.file).code == 0);
  CHECK(hosts.run_elsewhere("notification import " + hosts.file).code == 0);
  CHECK(hosts.run_elsewhere("notification send 2 --outbox").code == 0);
  CHECK(hosts.home.other.numbers() == "2");
  CHECK(hosts.home.server.connections() == 0);
  CHECK(hosts.run_elsewhere("notification send 9 --outbox").code == 3);
}

TEST_CASE("where there is no card, it is said how to do without") {
  const Hosts hosts;
  for (const auto* const command : {"notification send", "notification export -"}) {
    const auto refused = hosts.run_elsewhere(command);
    CHECK(refused.code == 5);
    CHECK(has(refused.err, "with --outbox no card is needed"));
  }
  CHECK_FALSE(has(hosts.run_elsewhere("notification list").err, "--outbox"));
}
