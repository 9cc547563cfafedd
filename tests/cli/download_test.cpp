#include <filesystem>
#include <fstream>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "sim/state.hpp"
#include "store/journal.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/served_smdp.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

/// `esimctl download` against a server on the loopback: TLS, HTTP, JSON and the card are real, all
/// in one process.
namespace {

using cli_test::Result;
using cli_test::Setting;
using cli_test::Words;
using Json = nlohmann::json;
using Kind = sim::ServerFault::Kind;

constexpr auto whole_download =
    "initiateAuthentication authenticateClient getBoundProfilePackage handleNotification";

sim::ServerFault fault(std::string function, Kind kind) {
  sim::ServerFault fault;
  fault.function = std::move(function);
  fault.kind = kind;
  return fault;
}

sim::Orders orders_with(sim::ServerFault fault) {
  auto orders = sim::fresh_orders();
  orders.faults.push_back(std::move(fault));
  return orders;
}

/// A server, a card in a file, and a place for the journal.
struct Stage {
  explicit Stage(sim::Orders orders = sim::fresh_orders(), const sim::State& card = sim::fresh(),
                 const sim::SmdpSetup& setup = {})
      : server(std::move(orders), setup) {
    sim::save(card, card_file());
    setting.state_directory = (directory.path() / "state").string();
  }

  [[nodiscard]] std::string card_file() const { return (directory.path() / "card.json").string(); }
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    const auto path = (directory.path() / name).string();
    std::ofstream(path) << text;
    return path;
  }

  [[nodiscard]] Result run(const Words& words) const {
    Words all{"--card", "sim:" + card_file()};
    all.insert(all.end(), words.begin(), words.end());
    return cli_test::run(all, setting);
  }
  [[nodiscard]] Result download(const std::string& matching_id, const Words& more = {}) const {
    Words words{"download", server.code(matching_id), "--smdp-ca", server.ca()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  [[nodiscard]] std::size_t profiles() const {
    return sim::load_or_create(card_file()).profiles.size();
  }
  [[nodiscard]] std::size_t notifications() const {
    return sim::load_or_create(card_file()).notifications.size();
  }
  [[nodiscard]] store::JournalContents journal() const {
    return store::Journal::open_existing(setting.state_directory).contents();
  }

  test::TemporaryDirectory directory;
  test::ServedSmdp server;
  Setting setting;
};

const std::size_t profiles_before = sim::fresh().profiles.size();
const std::size_t notifications_before = sim::fresh().notifications.size();

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a profile is downloaded over one connection, and its operator hears of it") {
  const Stage stage;
  const auto result = stage.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 0);
  CHECK(result.out == "installed “Small” (8900100000000000101); it is disabled\n");
  CHECK(has(result.err, "enable 8900100000000000101"));
  CHECK(has(result.err, "servers are trusted by " + stage.server.ca()));
  CHECK(stage.server.functions() == whole_download);
  CHECK(stage.server.connections() == 1);
  CHECK(stage.server.state() == sim::OrderState::installed);
  CHECK(stage.profiles() == profiles_before + 1);
  CHECK(stage.notifications() == notifications_before);
  const auto kept = stage.journal();
  CHECK(kept.sessions == 1);
  CHECK(kept.open_sessions == 0);
  CHECK(kept.notifications == 1);
  CHECK(kept.unsent == 0);
  CHECK(kept.unremoved == 0);
}

TEST_CASE("JSON: events, and exactly one result at the end") {
  const Stage stage;
  const auto result = stage.download("LARGE-200KB", {"--yes", "--json"});
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  std::istringstream lines(result.out);
  std::string line;
  std::string last;
  std::size_t results = 0;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  while (std::getline(lines, line)) {
    const auto event = Json::parse(line);
    CHECK(event.at("version") == 1);
    last = event.at("event");
    results += last == "result" || last == "error" ? 1U : 0U;
    if (last != "progress") continue;
    CHECK(event.at("done_bytes").get<std::uint64_t>() > done);
    done = event.at("done_bytes");
    total = event.at("total_bytes");
  }
  CHECK(last == "result");
  CHECK(results == 1);
  CHECK(done == total);
  CHECK(total > 200'000);
}

TEST_CASE("a preview shows what there is, installs nothing, and leaves it there") {
  const Stage stage;
  const auto result = stage.download("SMALL-2KB", {"--preview"});
  CHECK(result.code == 0);
  CHECK(has(result.out, "name\tSmall\n"));
  CHECK(has(result.err, "nothing was installed"));
  CHECK(stage.server.functions() == "initiateAuthentication authenticateClient cancelSession");
  CHECK(stage.server.state() == sim::OrderState::released);
  CHECK(stage.profiles() == profiles_before);
  CHECK(stage.journal().open_sessions == 0);
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 0);
}

TEST_CASE("without a terminal, --yes and --preview nothing is sent") {
  const Stage stage;
  CHECK(stage.download("SMALL-2KB").code == 9);
  CHECK(stage.download("SMALL-2KB", {"--no-input"}).code == 9);
  CHECK(stage.download("SMALL-2KB$$1", {"--yes"}).code == 9);  // it says that a code is needed
  CHECK(stage.server.connections() == 0);
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 0);
  CHECK(stage.server.connections() == 1);
}

TEST_CASE("the answers yes, no and later do what they say, and an empty line is later") {
  struct Expected {
    const char* answer;
    int code;
    sim::OrderState state;
  };
  for (const auto& [answer, code, state] :
       {Expected{"yes", 0, sim::OrderState::installed},
        Expected{"Y", 0, sim::OrderState::installed}, Expected{"no", 9, sim::OrderState::cancelled},
        Expected{"later", 9, sim::OrderState::released}, Expected{"", 9, sim::OrderState::released},
        Expected{"what\nl", 9, sim::OrderState::released}}) {
    CAPTURE(answer);
    Stage stage;
    stage.setting.tty = true;
    stage.setting.input = std::string(answer) + "\n";
    const auto result = stage.download("SMALL-2KB");
    CHECK(result.code == code);
    CHECK(has(result.err, "Practice Mobile"));
    CHECK(stage.server.state() == state);
    CHECK(stage.profiles() == profiles_before + (code == 0 ? 1 : 0));
    CHECK(stage.journal().open_sessions == 0);
  }
}

TEST_CASE("an input that ends at the question postpones the profile") {
  Stage stage;
  stage.setting.tty = true;
  CHECK(stage.download("SMALL-2KB").code == 9);
  CHECK(stage.server.state() == sim::OrderState::released);
  CHECK(has(stage.server.functions(), "cancelSession"));
}

TEST_CASE("a confirmation code is asked for when the server wants one, or comes from a file") {
  Stage typed;
  typed.setting.tty = true;
  typed.setting.input = "yes\n1234\n";
  CHECK(typed.download("WITH-CODE").code == 0);

  const Stage stage;
  const auto file = stage.file("code.txt", "1234\r\n");
  const auto result = stage.download("WITH-CODE", {"--yes", "--confirmation-code-file", file});
  CHECK(result.code == 0);
  CHECK_FALSE(has(result.out + result.err, "1234"));
}

TEST_CASE("a confirmation code that nobody can type ends the session, and the profile waits") {
  const Stage stage;
  const auto result = stage.download("WITH-CODE", {"--yes"});
  CHECK(result.code == 9);
  CHECK(has(result.err, "confirmation code"));
  CHECK(stage.server.functions() == "initiateAuthentication authenticateClient cancelSession");
  CHECK(stage.server.state(2) == sim::OrderState::released);
}

TEST_CASE("a wrong confirmation code is refused by the server, which says so") {
  const Stage stage;
  const auto file = stage.file("code.txt", "4321");
  const auto result = stage.download("WITH-CODE", {"--yes", "--confirmation-code-file", file});
  CHECK(result.code == 7);
  CHECK(has(result.err, "8.2.7/3.8"));
  CHECK(stage.server.orders().orders.at(2).code_attempts == 1);
  CHECK(stage.profiles() == profiles_before);
}

TEST_CASE("a confirmation code is not sent to a server that wants none") {
  const Stage stage;
  const auto file = stage.file("code.txt", "1234");
  const auto result = stage.download("SMALL-2KB", {"--yes", "--confirmation-code-file", file});
  CHECK(result.code == 0);
  CHECK(has(result.err, "wants no confirmation code"));
}

TEST_CASE("the code comes from a file, from standard input, and in parts") {
  {
    Stage stage;
    stage.setting.input = stage.server.code("SMALL-2KB") + "\n";
    CHECK(stage.run({"download", "-", "--smdp-ca", stage.server.ca(), "--yes"}).code == 0);
  }
  {
    const Stage stage;
    const auto file = stage.file("code.txt", stage.server.code("SMALL-2KB"));
    CHECK(stage.run({"download", "--code-file", file, "--smdp-ca", stage.server.ca(), "--yes"})
              .code == 0);
  }
  const Stage stage;
  CHECK(stage
            .run({"download", "--smdp", stage.server.address(), "--matching-id", "SMALL-2KB",
                  "--smdp-ca", stage.server.ca(), "--yes"})
            .code == 0);
}

TEST_CASE("without a code the card's default SM-DP+ is asked for what waits under the EID") {
  auto orders = sim::fresh_orders();
  orders.orders[0].matching_id.clear();
  orders.orders[0].eid = base::to_hex(sim::fresh().eid);
  const Stage stage(orders);
  auto card = sim::load_or_create(stage.card_file());
  card.default_smdp = stage.server.address();
  sim::save(card, stage.card_file());
  CHECK(stage.run({"download", "--smdp-ca", stage.server.ca(), "--yes"}).code == 0);

  card.default_smdp.clear();
  sim::save(card, stage.card_file());
  const auto none = stage.run({"download", "--smdp-ca", stage.server.ca(), "--yes"});
  CHECK(none.code == 2);
  CHECK(has(none.err, "no default SM-DP+"));
}

TEST_CASE("an order that is bound to a device wants its IMEI") {
  auto orders = sim::fresh_orders();
  orders.orders[0].imei = "352906111234565";
  const Stage stage(orders);
  const auto without = stage.download("SMALL-2KB", {"--yes"});
  CHECK(without.code == 7);
  CHECK(has(without.err, "8.2.5/4.3"));
  CHECK(stage.download("SMALL-2KB", {"--yes", "--imei", "352906111234565"}).code == 0);
  CHECK(stage.download("SMALL-2KB", {"--yes", "--imei", "352906111234567"}).code == 2);
}

TEST_CASE("a brainpool server, and cards that talk in small pieces, are no different") {
  auto card = sim::fresh();
  card.options.line.answer_piece = 16;
  card.options.line.longest_block = 63;
  const Stage stage(sim::fresh_orders(), card, {.curve = sim::Curve::brainpool});
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 0);
}

TEST_CASE("what does not go together, or cannot be, is refused before anything is connected") {
  const Stage stage;
  const auto code = [&](const Words& words) {
    Words all{"download"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--smdp-ca", stage.server.ca(), "--yes"});
    return stage.run(all).code;
  };
  const auto good = stage.server.code("SMALL-2KB");
  CHECK(code({"LPA:1$" + stage.server.address()}) == 2);
  CHECK(code({good, "--smdp", stage.server.address()}) == 2);
  CHECK(code({"--matching-id", "SMALL-2KB"}) == 2);
  CHECK(code({"--smdp", "two words"}) == 2);
  CHECK(code({good, "--imei", "12345"}) == 2);
  CHECK(code({good, "--confirmation-code-file", stage.file("empty.txt", "\n")}) == 2);
  CHECK(code({good, "--confirmation-code-file", "/nowhere/code.txt"}) == 2);
  CHECK(stage.run({"download", good, "--smdp-ca", stage.file("no.pem", "no"), "--yes"}).code == 2);
  CHECK(stage.server.connections() == 0);
  CHECK(code({good}) == 0);
}

TEST_CASE("a server that nobody vouches for is refused, by name") {
  const Stage stage;
  const auto result = stage.run({"download", stage.server.code("SMALL-2KB"), "--yes"});
  CHECK(result.code == 6);
  CHECK(has(result.err, "not trusted"));
  CHECK(has(result.err, "--smdp-ca"));
  CHECK(stage.server.functions().empty());
  CHECK(stage.profiles() == profiles_before);
}

TEST_CASE("wrong and used matching identifiers are refused in words") {
  const Stage stage;
  const auto wrong = stage.download("NOBODY", {"--yes"});
  CHECK(wrong.code == 7);
  CHECK(has(wrong.err, "8.2.6/3.8"));
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 0);
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 7);
  const auto late = stage.download("TOO-LATE", {"--yes"});
  CHECK(late.code == 7);
  CHECK(has(late.err, "8.8.5/4.10"));
}

TEST_CASE("a server that lies is caught, and nothing is installed") {
  struct Lie {
    const char* function;
    Kind kind;
    const char* said;
  };
  for (const auto& [function, kind, said] :
       {Lie{"initiateAuthentication", Kind::wrong_address, "signs as “other.example”"},
        Lie{"initiateAuthentication", Kind::wrong_transaction_id, "transaction"},
        Lie{"authenticateClient", Kind::wrong_transaction_id, "transaction"},
        Lie{"getBoundProfilePackage", Kind::wrong_transaction_id, "transaction"}}) {
    CAPTURE(function);
    const Stage stage(orders_with(fault(function, kind)));
    const auto result = stage.download("SMALL-2KB", {"--yes"});
    CHECK(result.code == 7);
    CHECK(has(result.err, said));
    CHECK(stage.profiles() == profiles_before);
    CHECK(stage.journal().open_sessions == 0);
  }
  auto orders = sim::fresh_orders();
  orders.orders[0].preview_name = "Better";
  const Stage stage(orders);
  const auto result = stage.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 7);
  CHECK(has(result.err, "profileName differs"));
  CHECK(has(stage.server.functions(), "getBoundProfilePackage cancelSession"));
  CHECK(stage.profiles() == profiles_before);
}

TEST_CASE("a server that fails is told from one that says no") {
  for (const auto* function :
       {"initiateAuthentication", "authenticateClient", "getBoundProfilePackage"}) {
    for (const auto kind : {Kind::http, Kind::lost, Kind::garbage, Kind::half_body}) {
      CAPTURE(function);
      CAPTURE(static_cast<int>(kind));
      const Stage stage(orders_with(fault(function, kind)));
      const auto result = stage.download("SMALL-2KB", {"--yes"});
      CHECK(result.code == 6);
      CHECK(stage.profiles() == profiles_before);
      CHECK(stage.journal().open_sessions == 0);
    }
    auto refusing = fault(function, Kind::status);
    refusing.subject = "8.1";
    refusing.reason = "4.8";
    const Stage stage(orders_with(refusing));
    const auto result = stage.download("SMALL-2KB", {"--yes"});
    CHECK(result.code == 7);
    CHECK(has(result.err, "8.1/4.8"));
  }
}

TEST_CASE("after a failure at the server the same code works again") {
  auto once = fault("getBoundProfilePackage", Kind::lost);
  once.times = 1;
  const Stage stage(orders_with(once));
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 6);
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 0);
  CHECK(stage.profiles() == profiles_before + 1);
}

TEST_CASE("a notification that does not arrive waits, and the download has succeeded") {
  const Stage stage(orders_with(fault("handleNotification", Kind::http)));
  const auto result = stage.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 0);
  CHECK(has(result.err, "the operator does not know of it yet"));
  CHECK(stage.profiles() == profiles_before + 1);
  CHECK(stage.notifications() == notifications_before + 1);
  CHECK(stage.journal().unsent == 1);
}

TEST_CASE("a card that is full says how much is missing") {
  auto card = sim::fresh();
  card.options.memory_full = true;
  const Stage full(sim::fresh_orders(), card);
  const auto result = full.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 7);
  CHECK(has(result.err, "missing"));
  CHECK(full.server.functions().empty());

  auto orders = sim::fresh_orders();
  orders.orders[1].size = 500'000;
  orders.orders[1].check_memory = false;
  const Stage stage(orders);
  const auto large = stage.download("LARGE-200KB", {"--yes"});
  CHECK(large.code == 7);
  CHECK(has(large.err, "are missing"));
  CHECK(has(stage.server.functions(), "getBoundProfilePackage cancelSession"));
  CHECK(stage.profiles() == profiles_before);
}

TEST_CASE("a card that refuses the package says why, and its operator hears of it") {
  auto card = sim::fresh();
  card.download.install_error = sim::InstallError{5, 12};
  const Stage stage(sim::fresh_orders(), card);
  const auto result = stage.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 7);
  CHECK(has(result.err, "(5 12)"));
  CHECK(stage.server.functions() == whole_download);
  CHECK(stage.server.state() == sim::OrderState::released);
  CHECK(stage.profiles() == profiles_before);
  CHECK(stage.journal().open_sessions == 0);
}

TEST_CASE("a profile that is on the card already is not asked for again") {
  auto orders = sim::fresh_orders();
  orders.orders[2].profile.iccid = orders.orders[0].profile.iccid;
  orders.orders[2].confirmation_code.clear();
  const Stage stage(orders);
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 0);
  const auto again = stage.download("WITH-CODE", {"--yes"});
  CHECK(again.code == 7);
  CHECK(has(again.err, "on the card already"));
  CHECK(has(stage.server.functions(), "authenticateClient cancelSession"));
  CHECK(stage.server.orders().orders.at(2).attempts == 0);
}

TEST_CASE("a test profile is installed with --test-mode alone") {
  auto orders = sim::fresh_orders();
  orders.orders[0].profile.profile_class = sim::ProfileClass::test;
  const Stage stage(orders);
  const auto refused = stage.download("SMALL-2KB", {"--yes"});
  CHECK(refused.code == 7);
  CHECK(has(refused.err, "--test-mode"));
  CHECK(stage.server.state() == sim::OrderState::released);
  CHECK(stage.download("SMALL-2KB", {"--yes", "--test-mode"}).code == 0);
}

TEST_CASE("rules that the card does not allow the operator end the session for that reason") {
  auto orders = sim::fresh_orders();
  orders.orders[0].profile.rules.ppr2 = true;
  auto card = sim::fresh();
  card.authorisation_rules.clear();
  const Stage stage(orders, card);
  const auto result = stage.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 7);
  CHECK(has(result.err, "policy rule"));
  CHECK(stage.server.functions() == "initiateAuthentication authenticateClient cancelSession");
  CHECK(stage.profiles() == profiles_before);
}

TEST_CASE("a disk without room ends the download before anything is asked for") {
  Stage stage;
  stage.setting.state_directory = "/proc/esimctl";
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 1);
  stage.setting.state_directory.clear();
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 2);
  CHECK(stage.server.connections() == 0);
}

TEST_CASE("Ctrl-C before the first step asks for nothing, and the code can be used again") {
  Stage stage;
  std::stop_source interrupt;
  interrupt.request_stop();
  stage.setting.stop = interrupt.get_token();
  const auto result = stage.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 130);
  CHECK(has(result.err, "nothing was installed"));
  CHECK(stage.server.functions().empty());
  stage.setting.stop = {};
  CHECK(stage.download("SMALL-2KB", {"--yes"}).code == 0);
}

TEST_CASE("an SGP.32 card is read only, and is told so before the server is asked") {
  auto card = sim::fresh();
  card.info.extra = *base::from_hex("B400");
  const Stage stage(sim::fresh_orders(), card);
  const auto result = stage.download("SMALL-2KB", {"--yes"});
  CHECK(result.code == 7);
  CHECK(has(result.err, "SGP.32"));
  CHECK(stage.server.functions().empty());
}

TEST_CASE("the line of a download in a batch has its last event as the result") {
  Stage stage;
  stage.setting.input = "download '" + stage.server.code("SMALL-2KB") + "' --yes\n";
  const auto result = stage.run({"--smdp-ca", stage.server.ca(), "--json", "batch"});
  CHECK(result.code == 0);
  const auto line = Json::parse(result.out);
  CHECK(line.at("result").at("event") == "result");
  CHECK(line.at("result").at("profile").at("name") == "Small");
}

TEST_CASE("an error in JSON is the last event, and on standard error as well") {
  const Stage stage;
  const auto result = stage.download("NOBODY", {"--yes", "--json"});
  CHECK(result.code == 7);
  const auto at = result.out.rfind('\n', result.out.size() - 2);
  const auto last = Json::parse(result.out.substr(at + 1));
  CHECK(last.at("event") == "error");
  CHECK(last.at("error") == Json::parse(result.err).at("error"));
}

TEST_CASE("secrets of a download are not in a recording") {
  const Stage stage;
  const auto recording = (stage.directory.path() / "apdus.jsonl").string();
  const auto file = stage.file("code.txt", "1234");
  CHECK(
      stage
          .download("WITH-CODE", {"--yes", "--confirmation-code-file", file, "--record", recording})
          .code == 0);
  std::ifstream stream(recording);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  const auto matching_id = base::to_hex({reinterpret_cast<const std::uint8_t*>("WITH-CODE"), 9});
  CHECK_FALSE(has(text, matching_id));
  const auto shown = (stage.directory.path() / "shown.jsonl").string();
  Stage open;
  CHECK(open.download("SMALL-2KB", {"--yes", "--record", shown, "--log-secrets"}).code == 0);
  std::ifstream again(shown);
  const std::string all(std::istreambuf_iterator<char>(again), {});
  CHECK(has(all, base::to_hex({reinterpret_cast<const std::uint8_t*>("SMALL-2KB"), 9})));
}
