#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/served_smdp.hpp"
#include "tests/support/served_smds.hpp"
#include "tests/support/temporary_directory.hpp"

/// `esimctl discover` against servers on the loopback: TLS, HTTP, JSON and the card are real, all
/// in one process.
namespace {

using cli_test::Result;
using cli_test::Setting;
using cli_test::Words;
using Json = nlohmann::json;
using Kind = sim::ServerFault::Kind;

const std::string eid = base::to_hex(sim::fresh().eid);

/// An SM-DP+, a card in a file, and a place for the journal.
struct Stage {
  explicit Stage(const sim::State& card = sim::fresh()) {
    sim::save(card, card_file());
    setting.state_directory = (directory.path() / "state").string();
  }

  [[nodiscard]] std::string card_file() const { return (directory.path() / "card.json").string(); }

  /// What an SM-DS has to tell: the first two orders of the SM-DP+.
  [[nodiscard]] sim::Events events() const {
    auto events = sim::fresh_events();
    for (auto& each : events.events) each.rsp_server_address = smdp.address();
    return events;
  }
  [[nodiscard]] Result run(const Words& words, const std::vector<std::string>& servers) const {
    Words all{"--card", "sim:" + card_file(), "discover"};
    for (const auto& each : servers) all.insert(all.end(), {"--smds", each});
    all.insert(all.end(), words.begin(), words.end());
    return cli_test::run(all, setting);
  }
  [[nodiscard]] Result discover(const test::ServedSmds& smds, const Words& more = {}) const {
    Words words{"--smdp-ca", smds.ca()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, {smds.address()});
  }
  [[nodiscard]] std::size_t profiles() const {
    return sim::load_or_create(card_file()).profiles.size();
  }

  test::TemporaryDirectory directory;
  test::ServedSmdp smdp;
  Setting setting;
};

const std::size_t profiles_before = sim::fresh().profiles.size();

constexpr auto answered = "initiateAuthentication=Executed-Success";
constexpr auto asked = "initiateAuthentication=Executed-Success authenticateClient=";

sim::Events events_with(sim::Events events, sim::ServerFault fault) {
  events.faults.push_back(std::move(fault));
  return events;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what waits for the card is listed, over one connection") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  const auto result = stage.discover(smds);
  CHECK(result.code == 0);
  const auto line = [&](const std::string& number, const std::string& id) {
    return number + "\t" + id + "\t" + stage.smdp.address() + "\t" + smds.address() + "\n";
  };
  CHECK(result.out == line("1", "SMALL-2KB") + line("2", "LARGE-200KB"));
  CHECK(has(result.err, "--install"));
  CHECK(has(result.err, "the card's default SM-DP+ is smdp.cardworks.example"));
  CHECK(smds.requests() == asked + std::string("Executed-Success"));
  CHECK(smds.connections() == 1);
  CHECK(stage.smdp.connections() == 0);
}

TEST_CASE("an event is installed by its number") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  const auto result = stage.discover(smds, {"--install", "2", "--yes"});
  CHECK(result.code == 0);
  CHECK(result.out == "installed “Large” (8900100000000000201); it is disabled\n");
  CHECK(stage.profiles() == profiles_before + 1);
  CHECK(stage.smdp.state(0) == sim::OrderState::released);
  CHECK(stage.smdp.state(1) == sim::OrderState::installed);
  CHECK(stage.smdp.functions() ==
        "initiateAuthentication authenticateClient getBoundProfilePackage handleNotification");
}

TEST_CASE("with --install the questions are those of a download") {
  Stage stage;
  const test::ServedSmds smds(stage.events());
  const auto preview = stage.discover(smds, {"--install", "1", "--preview"});
  CHECK(preview.code == 0);
  CHECK(has(preview.out, "name\tSmall\n"));
  CHECK(stage.profiles() == profiles_before);

  stage.setting.tty = true;
  stage.setting.input = "yes\n";
  CHECK(stage.discover(smds, {"--install", "1"}).code == 0);
  CHECK(stage.profiles() == profiles_before + 1);
}

TEST_CASE("without a terminal and --yes --install asks no server") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  CHECK(stage.discover(smds, {"--install", "1"}).code == 9);
  CHECK(smds.connections() == 0);
  CHECK(stage.discover(smds, {"--install", "1", "--yes"}).code == 0);
  CHECK(smds.connections() == 1);
}

TEST_CASE("a number that no event has is not found") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  for (const auto* number : {"0", "3", "999999999999999999"}) {
    const auto result = stage.discover(smds, {"--install", number, "--yes"});
    CHECK(result.code == 3);
    CHECK(has(result.err, "there is no event"));
  }
  CHECK(stage.discover(smds, {"--install", "one", "--yes"}).code == 2);
  const test::ServedSmds nothing{sim::Events{}};
  CHECK(has(stage.discover(nothing, {"--install", "1", "--yes"}).err, "nothing waits"));
  CHECK(stage.smdp.connections() == 0);
}

TEST_CASE("no event is no error, whichever way the server says so") {
  const Stage stage;
  for (const bool refused : {false, true}) {
    sim::Events events;
    events.events = {{std::string(32, '1'), "ANOTHER-CARDS", stage.smdp.address()}};
    events.refuse_no_event = refused;
    const test::ServedSmds smds(events);
    const auto result = stage.discover(smds);
    CHECK(result.code == 0);
    CHECK(result.out.empty());
    CHECK(has(result.err, "no server that answered knows of anything"));
    CHECK(smds.requests() == asked + std::string(refused ? "8.9.5/3.9" : "Executed-Success"));
    const auto json = Json::parse(stage.discover(smds, {"--json"}).out);
    CHECK(json.at("events").empty());
    CHECK(json.at("servers").at(0).at("error").is_null());
  }
}

TEST_CASE("a card that the server does not know is refused in words") {
  const Stage stage;
  auto events = stage.events();
  events.eids = {std::string(32, '1')};
  const test::ServedSmds smds(events);
  const auto result = stage.discover(smds);
  CHECK(result.code == 7);
  CHECK(result.out.empty());
  CHECK(has(result.err, "8.1.1/3.9"));
  events.eids = {eid};
  const test::ServedSmds knowing(events);
  CHECK(stage.discover(knowing).code == 0);
}

TEST_CASE("a server that lies is caught before the card hears of it, or after it has answered") {
  struct Lie {
    const char* function;
    Kind kind;
    const char* said;
    std::string requests;
  };
  for (const auto& [function, kind, said, requests] :
       {Lie{"initiateAuthentication", Kind::wrong_address, "signs as “other.example”", answered},
        Lie{"initiateAuthentication", Kind::wrong_transaction_id, "transaction", answered},
        Lie{"authenticateClient", Kind::wrong_transaction_id, "transaction",
            asked + std::string("Executed-Success")}}) {
    CAPTURE(function);
    const Stage stage;
    const test::ServedSmds smds(events_with(stage.events(), {.function = function, .kind = kind}));
    const auto result = stage.discover(smds);
    CHECK(result.code == 7);
    CHECK(result.out.empty());
    CHECK(has(result.err, said));
    CHECK(smds.requests() == requests);
  }
}

TEST_CASE("a server goes by its own name") {
  const Stage stage;
  const test::ServedSmds smds(stage.events(), {.address = "smds.example"});
  const auto result = stage.discover(smds);  // asked as localhost
  CHECK(result.code == 6);
  CHECK(has(result.err, "smds.example"));
  CHECK(smds.requests().empty());
}

TEST_CASE("an SM-DP+ is no SM-DS, and the other way round") {
  const Stage stage;
  const auto result = stage.run({"--smdp-ca", stage.smdp.ca()}, {stage.smdp.address()});
  CHECK(result.code == 7);
  CHECK(has(result.err, "it is not for an SM-DS"));

  auto events = stage.events();
  const test::ServedSmds other;
  events.events[0].rsp_server_address = other.address();
  const test::ServedSmds smds(events);
  CHECK(stage.discover(smds, {"--install", "1", "--yes"}).code == 7);
  CHECK(stage.profiles() == profiles_before);
}

TEST_CASE("a server that nobody vouches for is not asked") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  const auto result = stage.run({}, {smds.address()});
  CHECK(result.code == 6);
  CHECK(has(result.err, "not trusted"));
  CHECK(has(result.err, "--smdp-ca"));
  CHECK(smds.requests().empty());
}

TEST_CASE("a server that fails is told from one that says no") {
  for (const auto* function : {"initiateAuthentication", "authenticateClient"}) {
    for (const auto kind : {Kind::http, Kind::lost, Kind::garbage, Kind::half_body}) {
      CAPTURE(function);
      CAPTURE(static_cast<int>(kind));
      const Stage stage;
      const test::ServedSmds smds(
          events_with(stage.events(), {.function = function, .kind = kind}));
      CHECK(stage.discover(smds).code == 6);
    }
    const Stage stage;
    const test::ServedSmds smds(events_with(
        stage.events(),
        {.function = function, .kind = Kind::status, .subject = "8.9", .reason = "4.2"}));
    const auto result = stage.discover(smds);
    CHECK(result.code == 7);
    CHECK(has(result.err, "the discovery server failed (8.9/4.2)"));
  }
}

TEST_CASE("one server that fails does not stop the others, and is told of") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  const test::ServedSmds failing(events_with(stage.events(), {.kind = Kind::http, .http = 503}));
  const std::vector<std::string> servers{failing.address(), smds.address()};
  const auto result = stage.run({"--smdp-ca", smds.ca()}, servers);
  CHECK(result.code == 0);
  CHECK(has(result.out, "1\tSMALL-2KB\t"));
  CHECK(has(result.err, failing.address() + " told nothing"));
  CHECK(has(result.err, "503"));

  const auto json = Json::parse(stage.run({"--smdp-ca", smds.ca(), "--json"}, servers).out);
  CHECK(json.at("servers").at(0).at("error").at("code") == "smdp.http-status");
  CHECK(json.at("servers").at(1).at("error").is_null());
  CHECK(json.at("events").size() == 2);

  CHECK(stage.run({"--smdp-ca", smds.ca(), "--install", "1", "--yes"}, servers).code == 0);
  CHECK(stage.profiles() == profiles_before + 1);
}

TEST_CASE("when every server fails the first one is the error, and the others are hints") {
  const Stage stage;
  const test::ServedSmds first(events_with(stage.events(), {.kind = Kind::http, .http = 503}));
  const test::ServedSmds second(
      events_with(stage.events(), {.kind = Kind::status, .subject = "8.9", .reason = "4.2"}));
  const auto result =
      stage.run({"--smdp-ca", first.ca(), "--json"}, {first.address(), second.address()});
  CHECK(result.code == 6);
  CHECK(result.out.empty());
  const auto error = Json::parse(result.err).at("error");
  CHECK(error.at("code") == "smdp.http-status");
  CHECK(has(error.at("hints").dump(), "8.9/4.2"));
}

TEST_CASE("an event that two servers know is there once") {
  const Stage stage;
  auto events = stage.events();
  const test::ServedSmds first(events);
  events.events.push_back({"", "ANOTHER", stage.smdp.address()});
  const test::ServedSmds second(events);
  const auto json = Json::parse(stage
                                    .run({"--smdp-ca", first.ca(), "--json"},
                                         {first.address(), second.address(), first.address()})
                                    .out);
  CHECK(json.at("servers").size() == 2);
  REQUIRE(json.at("events").size() == 3);
  CHECK(json.at("events").at(1).at("smds_address") == first.address());
  CHECK(json.at("events").at(2).at("smds_address") == second.address());
  CHECK(json.at("events").at(2).at("number") == 3);
}

TEST_CASE("what an event says is shown without control characters, and tried as it came") {
  const Stage stage;
  sim::Events events;
  events.events = {{"", "A\x1B[31mB", "no server\n"}};
  const test::ServedSmds smds(events);
  const auto result = stage.discover(smds);
  CHECK(result.code == 0);
  CHECK_FALSE(has(result.out, "\x1B"));
  CHECK(result.out.find('\n') == result.out.size() - 1);
  CHECK(stage.discover(smds, {"--install", "1", "--yes"}).code != 0);
  CHECK(stage.profiles() == profiles_before);
}

TEST_CASE("JSON: --install ends with one result, or one error") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  const auto last = [](const Result& result) {
    const auto at = result.out.rfind('\n', result.out.size() - 2);
    return Json::parse(at == std::string::npos ? result.out : result.out.substr(at + 1));
  };
  CHECK(last(stage.discover(smds, {"--install", "1", "--yes", "--json"})).at("event") == "result");
  const auto failed = stage.discover(smds, {"--install", "9", "--yes", "--json"});
  CHECK(failed.code == 3);
  CHECK(last(failed).at("event") == "error");
  CHECK(last(failed).at("error") == Json::parse(failed.err).at("error"));
}

TEST_CASE("discover: what cannot be is refused before a server is asked") {
  const Stage stage;
  const test::ServedSmds smds(stage.events());
  CHECK(stage.discover(smds, {"--preview"}).code == 2);
  CHECK(stage.discover(smds, {"--confirmation-code-file", "code.txt"}).code == 2);
  CHECK(stage.discover(smds, {"--imei", "12345"}).code == 2);
  CHECK(stage.run({"--smdp-ca", smds.ca()}, {smds.address(), "two words"}).code == 2);
  CHECK(stage.run({"--smdp-ca", "/nowhere/ca.pem"}, {smds.address()}).code == 2);
  CHECK(smds.connections() == 0);

  auto iot = sim::fresh();
  iot.info.extra = *base::from_hex("B400");
  const Stage read_only(iot);
  CHECK(read_only.discover(smds).code == 7);
  CHECK(smds.connections() == 0);
}

TEST_CASE("a brainpool SM-DS is no different") {
  const Stage stage;
  const test::ServedSmds smds(stage.events(), {.curve = sim::Curve::brainpool});
  CHECK(has(stage.discover(smds).out, "SMALL-2KB"));
}
