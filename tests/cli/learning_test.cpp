#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

/// A reader with this card, a place to remember, and a count of what goes to it.
class Learner {
 public:
  explicit Learner(const sim::State& state) {
    setting_.state_directory = (directory_.path() / "state").string();
    setting_.readers["Reader"] = [this, state] {
      return std::make_unique<test::SimulatedCard>(state,
                                                   [this](sim::Card& card, base::ByteView command) {
                                                     ++commands_;
                                                     return card.transmit(command);
                                                   });
    };
  }

  /// How many commands it took.
  std::size_t run(const std::string& line) {
    commands_ = 0;
    CHECK(cli_test::run(line, setting_).code == 0);
    return commands_;
  }
  cli_test::Result result(const std::string& line) { return cli_test::run(line, setting_); }

 private:
  test::TemporaryDirectory directory_;
  cli_test::Setting setting_;
  std::size_t commands_ = 0;
};

sim::State t1() {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  return state;
}

/// One that can only be asked to switch by AID, without REFRESH.
sim::State stubborn() {
  auto state = t1();
  state.options.enable_by_iccid_refused = true;
  state.options.refresh_refused = true;
  return state;
}

sim::State vendors_own() {
  auto state = t1();
  state.isdr_aid = *base::from_hex("A0000005591010FFFFFFFF8900000177");
  return state;
}

}  // namespace

TEST_CASE("an ISD-R, a form of a switch and the need for no Le are found once and then known") {
  auto no_le = t1();
  no_le.options.line.le = sim::Le::refused;
  for (const auto& state : {stubborn(), vendors_own(), no_le}) {
    Learner learner(state);
    const auto first = learner.run("enable Travel --no-send");
    const auto second = learner.run("enable Travel --no-send");
    CHECK(second < first);
    CHECK(learner.run("enable Travel --no-send") == second);
    CHECK(learner.run("cards --forget") == 0);
    CHECK(learner.run("enable Travel --no-send") ==
          first);  // counter-run: without its memory it tries anew
  }
}

TEST_CASE("the size of a block that a card takes is found once and then known") {
  auto state = t1();
  state.options.line.longest_block = 63;
  Learner learner(state);
  const auto rename = "rename Travel " + std::string(64, 'x');  // a request of more than 63 octets
  const auto first = learner.run(rename);
  CHECK(learner.run(rename) < first);
  CHECK(nlohmann::json::parse(
            learner.result("cards --json").out)["cards"][0]["learned"]["block_bytes"] == 63);
}

TEST_CASE("cards looks where it was found what works, as every command does") {
  Learner learner(vendors_own());
  const auto first = learner.run("cards");
  learner.run("list");
  CHECK(learner.run("cards") < first);
}

TEST_CASE("a card that behaves leaves nothing behind") {
  Learner learner(t1());
  const auto first = learner.run("enable Travel --no-send");
  CHECK(learner.run("enable Travel --no-send") == first);
  CHECK(learner.result("cards --forget").out == "there was nothing to forget\n");
}

TEST_CASE("what was learned is shown by cards, and forgotten by it") {
  Learner learner(stubborn());
  learner.run("enable Travel --no-send");
  const auto document = nlohmann::json::parse(learner.result("cards --json").out);
  CHECK(document["cards"][0]["learned"] ==
        nlohmann::json{
            {"isdr_aid", nullptr}, {"block_bytes", 255}, {"le", true}, {"switch_form", 4}});
  CHECK(learner.result("cards -v").err.find("Reader: learned: form 4 of a switch") !=
        std::string::npos);
  const auto forgotten = nlohmann::json::parse(learner.result("cards --forget --json").out);
  CHECK(forgotten["forgotten"] == 1);
  const auto after = nlohmann::json::parse(learner.result("cards --json").out);
  CHECK(after["cards"][0]["learned"].is_null());
}

TEST_CASE("a recording is made as if nothing had been learned, so that a replay fits") {
  Learner learner(vendors_own());
  const auto first = learner.run("list");
  CHECK(learner.run("list") < first);
  const test::TemporaryDirectory directory;
  CHECK(learner.run("list --record " + (directory.path() / "recording").string()) == first);
}
