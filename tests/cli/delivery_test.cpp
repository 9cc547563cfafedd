#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "lpa/identifiers.hpp"
#include "sim/card.hpp"
#include "sim/state.hpp"
#include "store/journal.hpp"
#include "tests/cli/delivery_stage.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/served_smdp.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

/// Who hears of a change, when, and what waits: with servers on the loopback.
namespace {

using cli_test::failing;
using cli_test::Stage;
using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

lpa::Eid eid_of(const sim::State& card) {
  lpa::Eid eid;
  std::ranges::copy(card.eid, eid.octets.begin());
  return eid;
}

}  // namespace

TEST_CASE("operators hear of a change at once, each from its own server, and nothing waits") {
  const Stage stage;
  const auto result = stage.run("enable Travel");
  CHECK(result.code == 0);
  CHECK(result.err == stage.banner());
  CHECK(stage.server.functions() == "handleNotification");
  CHECK(stage.other.functions() == "handleNotification");
  CHECK(stage.waiting() == 0);
  CHECK(stage.journal().unsent == 0);
  CHECK(stage.journal().unremoved == 0);
  CHECK(stage.run("disable Travel").code == 0);
  CHECK(stage.run("delete Travel --yes").code == 0);
  CHECK(stage.other.functions() == "handleNotification handleNotification handleNotification");
  CHECK(stage.waiting() == 0);
}

TEST_CASE("with --no-send nobody is asked, and notification send tells it later, in order") {
  const Stage stage;
  CHECK(stage.run("enable Travel --no-send").code == 0);
  CHECK(stage.run("disable Travel --no-send").code == 0);
  CHECK(stage.run("delete Travel --yes --no-send").code == 0);
  CHECK(stage.server.connections() + stage.other.connections() == 0);
  CHECK(stage.waiting() == 4);
  CHECK(stage.run("notification send 2 --all").code == 2);
  const auto sent = stage.run("notification send --all --json");
  CHECK(sent.code == 0);
  std::uint64_t last = 0;
  const auto document = Json::parse(sent.out);
  for (const auto& each : document.at("notifications")) {
    CHECK(each.at("sent") == true);
    CHECK(each.at("removed") == true);
    CHECK(each.at("number") > last);
    last = each.at("number");
  }
  CHECK(stage.other.numbers() == "2 3 4");
  CHECK(stage.other.connections() == 1);
  CHECK(stage.waiting() == 0);
  CHECK(has(stage.run("notification send").err, "no notification waits"));
}

TEST_CASE("a command in a batch, or of each card, is as free to send nothing as one alone") {
  const Stage stage;
  auto batch = stage.setting;
  const auto trusting = "--smdp-ca " + stage.server.ca() + " ";
  const auto card = "--card sim:" + stage.card_file() + " ";
  batch.input = "enable Travel --no-send\n";
  CHECK(cli_test::run(trusting + card + "batch", batch).code == 0);
  CHECK(cli_test::run(trusting + card + "each -- enable Home --no-send", stage.setting).code == 0);
  CHECK(stage.server.connections() + stage.other.connections() == 0);
  // Counter-run: without it they send, by the certificate that they name themselves.
  batch.input = "enable Travel " + trusting + "\n";
  CHECK(cli_test::run(card + "batch", batch).code == 0);
  CHECK(stage.other.connections() == 1);
  CHECK(cli_test::run(card + "each -- enable Home " + trusting, stage.setting).code == 0);
  CHECK(stage.other.connections() == 2);
}

TEST_CASE("a server that fails never fails the command, and what it does not know waits") {
  const Stage stage(failing());
  const auto result = stage.run("enable Travel");
  CHECK(result.code == 0);
  CHECK(has(result.err, "does not know yet"));
  CHECK(has(result.err, "notification send"));
  CHECK(stage.waiting() == 2);
  CHECK(stage.journal().unsent == 2);
  const auto json = Json::parse(stage.run("disable Travel --json").out);
  CHECK(json.at("changed") == true);
  CHECK(json.at("notifications").at(0).at("sent") == false);
  CHECK(json.at("notifications").at(0).at("why_not").is_string());
  const auto sent = stage.run("notification send");
  CHECK(sent.code == 6);
  CHECK(stage.waiting() == 3);
}

TEST_CASE("a server that has failed three times over one notification is not asked for the next") {
  const Stage stage(failing());
  CHECK(stage.run("enable Travel --no-send").code == 0);
  CHECK(stage.run("disable Travel --no-send").code == 0);
  CHECK(stage.run("notification send").code == 6);
  CHECK(stage.other.functions() == "handleNotification handleNotification handleNotification");
  CHECK(stage.other.numbers().empty());
  CHECK(stage.journal().unsent == 3);
}

TEST_CASE("a change whose operators cannot even be asked says that they do not know") {
  const Stage stage;
  const auto result =
      cli_test::run("--card sim:" + stage.card_file() + " --smdp-ca /nowhere/ca.pem enable Travel",
                    stage.setting);
  CHECK(result.code == 0);
  CHECK(has(result.err, "does not know yet: /nowhere/ca.pem cannot be read"));
  CHECK(stage.waiting() == 2);
}

TEST_CASE("what is in the outbox is sent although the card has it no more") {
  const Stage stage;
  CHECK(stage.run("enable Travel --no-send").code == 0);
  {
    auto journal = store::Journal::open(stage.setting.state_directory, [](const std::string&) {});
    auto card = sim::load_or_create(stage.card_file());
    journal.put({.eid = lpa::Eid{},
                 .sequence_number = 77,
                 .address = stage.other.address(),
                 .pending_notification = *base::from_hex("BF3703800101"),
                 .put_at = {}});
  }
  CHECK(stage.run("notification send").code == 0);
  CHECK(stage.journal().unsent == 0);
  CHECK(stage.journal().notifications == 3);
}

TEST_CASE("one notification is sent by its number, and one that is not there is an error") {
  const Stage stage;
  CHECK(stage.run("enable Travel --no-send").code == 0);
  CHECK(stage.run("notification send 2").code == 0);
  CHECK(stage.waiting() == 1);
  CHECK(stage.server.connections() == 0);
  CHECK(stage.run("notification send 99").code == 3);
}

TEST_CASE("a download that broke off before the card had it is named once, and forgotten") {
  const Stage stage;
  const auto card = sim::load_or_create(stage.card_file());
  {
    auto journal = store::Journal::open(stage.setting.state_directory, [](const std::string&) {});
    const auto session = journal.begin({eid_of(card), "smdp.example.com", "AB12", {}});
    journal.step(
        session,
        {.stage = lpa::DownloadStage::authenticate_client, .at = {}, .transaction_id = {1, 2, 3}});
  }
  const auto first = stage.run("list");
  CHECK(first.code == 0);
  CHECK(has(first.err, "smdp.example.com"));
  CHECK(has(first.err, "nothing was installed"));
  CHECK(has(first.err, "transaction 010203"));
  CHECK_FALSE(has(first.err, "AB12"));
  CHECK(stage.run("list").err == stage.banner());
  CHECK(stage.journal().open_sessions == 0);
}

TEST_CASE("a download onto another card is left to that card") {
  const Stage stage;
  {
    auto journal = store::Journal::open(stage.setting.state_directory, [](const std::string&) {});
    journal.begin({lpa::Eid{}, "smdp.example.com", "AB12", {}});
  }
  CHECK(stage.run("list").err == stage.banner());
  CHECK(stage.journal().open_sessions == 1);
}

TEST_CASE("a download that broke off after the card had it is recognised, and its code is done") {
  Stage stage;
  // As a download stands that was killed before it wrote its end down.
  CHECK(stage.run("download " + stage.server.code("SMALL-2KB") + " --yes --no-send").code == 0);
  const auto card = sim::load_or_create(stage.card_file());
  REQUIRE(card.notifications.back().installation);
  const auto result = *card.notifications.back().installation;
  const base::Bytes transaction(result.begin() + 9, result.begin() + 25);
  std::filesystem::remove_all(stage.setting.state_directory);
  {
    auto journal = store::Journal::open(stage.setting.state_directory, [](const std::string&) {});
    const auto session = journal.begin({eid_of(card), stage.server.address(), "SMALL-2KB", {}});
    journal.step(session, {.stage = lpa::DownloadStage::load_bound_profile_package,
                           .at = {},
                           .transaction_id = transaction,
                           .bound_profile_package = {1}});
  }
  const auto again = stage.run("download " + stage.server.code("SMALL-2KB") + " --yes");
  CHECK(again.code == 0);
  CHECK(has(again.err, "had installed"));
  CHECK(has(again.out, "installed “Small”"));
  CHECK(stage.journal().open_sessions == 0);
  CHECK(stage.journal().unsent == 1);
  CHECK(stage.run("notification send").code == 0);
  CHECK(stage.server.state() == sim::OrderState::installed);
}

TEST_CASE(
    "a result that was copied before the end came is no conflict, though the card signs anew") {
  Stage stage;
  CHECK(stage.run("download " + stage.server.code("SMALL-2KB") + " --yes --no-send").code == 0);
  const auto card = sim::load_or_create(stage.card_file());
  auto signed_otherwise = *card.notifications.back().installation;
  const base::Bytes transaction(signed_otherwise.begin() + 9, signed_otherwise.begin() + 25);
  signed_otherwise.back() ^= 1U;
  std::filesystem::remove_all(stage.setting.state_directory);
  {
    auto journal = store::Journal::open(stage.setting.state_directory, [](const std::string&) {});
    const auto session = journal.begin({eid_of(card), stage.server.address(), "SMALL-2KB", {}});
    journal.step(session, {.stage = lpa::DownloadStage::load_bound_profile_package,
                           .at = {},
                           .transaction_id = transaction});
    journal.put({.eid = eid_of(card),
                 .sequence_number = card.notifications.back().sequence,
                 .address = stage.server.address(),
                 .pending_notification = signed_otherwise,
                 .put_at = {}});
  }
  CHECK(has(stage.run("list").err, "had installed"));
  CHECK(stage.journal().open_sessions == 0);
  CHECK(stage.journal().notifications == 1);
}

TEST_CASE("what a card does not remove is not taken for removed, and tried again") {
  Stage stage;
  auto refuses = std::make_shared<bool>(true);
  auto card = std::make_shared<sim::Card>(sim::load_or_create(stage.card_file()));
  stage.setting.readers["Reader"] = [&] {
    return std::make_unique<test::SimulatedCard>(
        sim::fresh(), [card, refuses](sim::Card&, base::ByteView command) {
          const bool removal = test::is_request(command, 0xBF, 0x30);
          return removal && *refuses ? *base::from_hex("BF300380017F9000")
                                     : card->transmit(command);
        });
  };
  const auto run = [&](const std::string& line) {
    card->reset();
    return cli_test::run("--smdp-ca " + stage.server.ca() + " " + line, stage.setting);
  };
  const auto downloaded = run("download " + stage.server.code("SMALL-2KB") + " --yes");
  CHECK(downloaded.code == 0);
  CHECK(stage.journal().unremoved == 1);
  CHECK(run("notification send").code == 0);
  CHECK(stage.journal().unremoved == 1);
  *refuses = false;
  CHECK(run("notification send").code == 0);
  CHECK(stage.journal().unremoved == 0);
  CHECK(card->state().notifications.empty());
}

TEST_CASE(
    "a number that the card gives out once more takes nothing away from either notification") {
  const Stage broken(failing());
  CHECK(broken.run("enable Travel").code == 0);  // 1 and 2 wait, in the outbox as well
  auto card = sim::fresh();
  card.profiles[1].notifications = {{{sim::Event::remove}, broken.other.address()}};
  sim::save(card, broken.card_file());
  CHECK(broken.run("delete Travel --yes --no-send").code == 0);
  REQUIRE(broken.waiting() == 1);

  const Stage stage;  // the same operators, by servers that work now
  {
    auto journal = store::Journal::open(stage.setting.state_directory, [](const std::string&) {});
    for (auto each : store::Journal::open_existing(broken.setting.state_directory).unsent()) {
      each.address = each.sequence_number == 1 ? stage.server.address() : stage.other.address();
      journal.put(each);
    }
    auto state = sim::load_or_create(broken.card_file());
    state.notifications.back().address = stage.other.address();
    sim::save(state, stage.card_file());
  }
  const auto first = stage.run("notification send -v");
  CHECK(first.code == 0);
  CHECK(has(first.err, "waits until an older one of that number is sent"));
  CHECK(stage.server.numbers() == "1");
  CHECK(stage.waiting() == 1);  // the one that was not sent
  CHECK(stage.run("notification send").code == 0);
  CHECK(stage.other.numbers() == "2 1");
  CHECK(stage.waiting() == 0);
}

TEST_CASE("a download whose result has the number of an unsent notification is a download") {
  const Stage stage;
  {
    auto journal = store::Journal::open(stage.setting.state_directory, [](const std::string&) {});
    journal.put({.eid = eid_of(sim::load_or_create(stage.card_file())),
                 .sequence_number = 1,
                 .address = stage.other.address(),
                 .pending_notification = *base::from_hex("BF3703800101"),
                 .put_at = {}});
  }
  const auto result = stage.run("download " + stage.server.code("SMALL-2KB") + " --yes");
  CHECK(result.code == 0);
  CHECK(has(result.out, "installed “Small”"));
  CHECK(has(result.err, "an older notification of that number has to be sent first"));
  CHECK(stage.waiting() == 1);
  const auto removed = stage.run("notification remove 1 --force");
  CHECK(removed.code == 1);
  CHECK(stage.waiting() == 1);
  CHECK(stage.run("notification send").code == 0);
  CHECK(stage.journal().unsent == 0);
  CHECK(stage.waiting() == 1);
  CHECK(stage.run("notification send").code == 6);  // cards do not know the port of a server
  CHECK(stage.journal().unsent == 1);
  CHECK(stage.waiting() == 1);
}

TEST_CASE("a command asks the card nothing more when nothing is to be recovered") {
  const Stage stage;
  const auto apdus = [&] {
    const auto said = stage.run("list -v").err;
    return said.substr(0, said.find(" APDUs"));
  };
  const auto before = apdus();
  CHECK(stage.run("enable Travel").code == 0);
  CHECK(stage.run("enable Home").code == 0);
  CHECK_FALSE(store::Journal::something_waits(stage.setting.state_directory));
  CHECK(apdus() == before);
  CHECK(stage.run("enable Travel --no-send").code == 0);
  CHECK_FALSE(store::Journal::something_waits(stage.setting.state_directory));
}
