#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/findings.hpp"
#include "store/history.hpp"
#include "tests/cli/golden_file.hpp"
#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"

/// Alarms: what `check` finds, and what people do about it.
namespace {

using cli_test::PlanStage;
using cli_test::Result;
using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto line = "89012600000000314156";  // of 1 GB

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// An account with that line, and some others that use little.
struct Plan : PlanStage {
  Plan() : PlanStage("telnyx") { REQUIRE(add("", "api_key=KEY-simulated\n").code == 0); }

  void use(std::uint64_t megabytes) {
    carrier.change([&](sim::CarrierState& state) {
      for (auto& each : state.lines)
        if (each.iccid == line) each.used_bytes = megabytes * 1'000'000;
    });
  }
  void pass(std::chrono::seconds time) {
    *setting.now += time;
    carrier.advance(time);
  }
  void next_month() {
    pass(std::chrono::days(20));
    carrier.change([](sim::CarrierState& state) {
      for (auto& each : state.lines) {
        each.cycle_start = "2027-04-01T00:00:00Z";
        each.cycle_end = "2027-05-01T00:00:00Z";
        each.used_bytes = 1'000'000;
      }
    });
  }
  [[nodiscard]] Result on_terminal(const std::string& command) const {
    auto own = setting;
    own.tty = true;
    return cli_test::run(command, own);
  }
  void fail(std::uint64_t status) {
    sim::CarrierFault fault;
    fault.fault = "status";
    fault.status = status;
    carrier.change([&](sim::CarrierState& state) { state.faults = {fault}; });
  }
};

Json standing(const Plan& stage) {
  return Json::parse(stage.run("alarm list --json").out).at("alarms");
}

}  // namespace

TEST_CASE("a check says nothing while all is fine, and everything with -v") {
  const Plan stage;
  const auto quiet = stage.run("check");
  CHECK(quiet.code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  const auto loud = stage.run("check -v");
  CHECK(loud.code == 0);
  CHECK(has(loud.out, std::string(line) + " of “work”: 30 % of 1.0 GB used, fine\n"));
  const auto json = Json::parse(stage.run("check --json").out);
  CHECK(json.at("standing") == "fine");
  CHECK(json.at("lines").size() == 3);
  CHECK(json.at("new").empty());
}

TEST_CASE("from the share of --warn on a check ends with 11, from that of --cap on with 8") {
  Plan stage;
  stage.use(830);
  const auto warning = stage.run("check");
  CHECK(warning.code == 11);
  CHECK(warning.out == std::string(line) + " of “work”: 83 % of 1.0 GB used, warning\n");
  CHECK(has(warning.err, "1 of 3 lines is to be looked at"));
  CHECK(stage.run("check --warn 84").code == 0);
  CHECK(stage.run("check --warn 50% --cap 83%").code == 8);
  stage.pass(std::chrono::days(3));
  stage.use(950);
  const auto over = stage.run("check");
  CHECK(over.code == 8);
  CHECK(over.out == std::string(line) + " of “work”: 95 % of 1.0 GB used, over\n");
  const auto json = stage.run("check --json");
  CHECK(json.code == 8);
  CHECK(Json::parse(json.err).at("error").at("code") == "usage.over");
  CHECK(Json::parse(json.out).at("standing") == "over");
}

TEST_CASE("under cron an alarm is said once, on a terminal as long as it stands") {
  Plan stage;
  stage.use(830);
  CHECK_FALSE(stage.run("check").out.empty());
  const auto again = stage.run("check");
  CHECK(again.code == 11);
  CHECK(again.out.empty());
  CHECK(again.err.empty());
  CHECK(has(stage.on_terminal("check").out, "83 % of 1.0 GB used, warning"));
  CHECK(has(stage.run("check -v").out, "83 % of 1.0 GB used, warning"));
  stage.pass(1h);
  stage.use(960);
  CHECK(has(stage.run("check").out, "96 % of 1.0 GB used, over"));
  CHECK(stage.run("check").out.empty());
  // A new cycle, and all begins anew.
  stage.next_month();
  CHECK(stage.run("check").code == 0);
  CHECK(standing(stage).empty());
  stage.pass(1h);
  stage.use(850);
  CHECK(has(stage.run("check").out, "85 % of 1.0 GB used, warning"));
}

TEST_CASE("figures of the old cycle that are told in the new one raise nothing anew") {
  Plan stage;
  stage.use(960);
  CHECK(stage.run("check").code == 8);
  stage.next_month();
  *stage.setting.now = *base::from_rfc3339("2027-04-01T01:00:00Z");
  stage.use(961);
  const auto late = stage.run("check --refresh");
  CHECK(late.code == 8);
  CHECK(late.out.empty());
  CHECK(standing(stage).size() == 2);
  stage.use(2);
  *stage.setting.now += 6h;
  CHECK(stage.run("check --refresh").code == 0);
  CHECK(standing(stage).empty());
}

TEST_CASE("a check looks at the lines that are named alone") {
  Plan stage;
  stage.use(830);
  CHECK(stage.run("check 42176").code == 0);
  CHECK(stage.run(std::string("check ") + line).code == 11);
  CHECK(stage.run("check work").code == 11);
  CHECK(stage.run("check nowhere").code == 3);
}

TEST_CASE("an error of an account goes before what is over, and keeps its code") {
  Plan stage;
  stage.use(990);
  CHECK(stage.run("check").code == 8);
  stage.pass(1h);
  stage.fail(503);
  const auto failed = stage.run("check");
  CHECK(failed.code == 6);
  CHECK(has(failed.err, "“work” could not be asked"));
  // Asked again too early nothing is asked, and what is known is judged.
  CHECK(stage.run("check").code == 8);
  stage.pass(1h);
  CHECK(stage.run("check --json").code == 6);
}

TEST_CASE("figures that stay older than --max-age end a check with 12, unless there is worse") {
  Plan stage;
  CHECK(stage.run("check").code == 0);
  stage.pass(10s);  // the carrier may not be asked again yet
  const auto stale = stage.run("check --max-age 5");
  CHECK(stale.code == 12);
  CHECK(has(stale.out, "30 % of 1.0 GB used, stale"));
  CHECK(has(stale.err, "ago"));
  stage.pass(1h);
  stage.use(830);
  CHECK(stage.run("check").code == 11);
  stage.pass(10s);
  CHECK(stage.run("check --max-age 5").code == 11);
}

TEST_CASE("an account that nobody could read for a day is an alarm") {
  Plan stage;
  CHECK(stage.run("check").code == 0);
  stage.pass(25h);
  stage.fail(503);
  CHECK(stage.run("check").code == 6);
  const auto alarms = standing(stage);
  REQUIRE(alarms.size() == 3);
  CHECK(alarms.at(0).at("kind") == "stale");
  CHECK(alarms.at(0).at("finding").at("observed_seconds") == 25 * 3600);
  stage.carrier.change([](sim::CarrierState& state) { state.faults.clear(); });
  stage.pass(1h);
  stage.use(400);
  CHECK(stage.run(std::string("check ") + line).code == 0);
  CHECK(standing(stage).size() == 2);
}

TEST_CASE("what is wrong with the options is said before anybody is asked") {
  const Plan stage;
  for (const auto* command :
       {"check --warn 0", "check --warn 101%", "check --cap much", "check --warn 90 --cap 80",
        "check --warn -5", "alarm show", "alarm show one", "alarm ack everything",
        "alarm mute 1 --for tomorrow", "alarm mute 1 --for 0d", "alarm mute 1 --for 7d --off"}) {
    CAPTURE(command);
    const auto refused = stage.run(command);
    CHECK(refused.code == 2);
    CHECK(has(refused.err, "hint"));
  }
  CHECK(stage.carrier.requests().empty());
}

TEST_CASE("alarms are listed, shown, and taken note of") {
  Plan stage;
  CHECK(has(stage.run("alarm").err, "no alarm stands"));
  CHECK(has(stage.run("alarm list --all").err, "there was no alarm yet"));
  stage.use(960);
  CHECK(stage.run("check").code == 8);
  const auto alarms = standing(stage);
  REQUIRE(alarms.size() == 2);
  CHECK(alarms.at(0).at("kind") == "level");
  const auto usage = stage.run("usage");
  CHECK(usage.code == 0);
  CHECK(has(usage.err, "95 % of the limit was reached: 960.0 MB of 1.0 GB used"));
  CHECK(has(usage.err, "`esimctl alarm list`"));
  const auto shown = stage.on_terminal("alarm show 1");
  CHECK(shown.code == 0);
  CHECK(has(shown.out, "use less, or buy more"));
  CHECK(stage.run("alarm show 77").code == 3);
  CHECK(stage.run("alarm ack 77").code == 3);
  CHECK(stage.run("alarm mute 77").code == 3);
  CHECK(Json::parse(stage.run("alarm ack all --json").out).at("changed") == true);
  CHECK(Json::parse(stage.run("alarm ack 1 --json").out).at("changed") == false);
  CHECK_FALSE(has(stage.run("usage").err, "alarm"));
  // It stands all the same.
  CHECK(stage.run("check").code == 8);
  CHECK(standing(stage).size() == 2);
  CHECK(has(stage.run("alarm list").out, "acknowledged"));
  stage.next_month();
  CHECK(stage.run("check").code == 0);
  CHECK(standing(stage).empty());
  CHECK(Json::parse(stage.run("alarm list --all --json").out).at("alarms").size() == 2);
}

TEST_CASE("nobody is told of what is muted, until it is not") {
  Plan stage;
  stage.use(830);
  CHECK(stage.run("check").code == 11);
  CHECK(stage.run("alarm mute 1 --for 60d").code == 0);
  CHECK_FALSE(has(stage.run("usage").err, "alarm"));
  stage.next_month();
  CHECK(stage.run("check").code == 0);
  stage.pass(std::chrono::days(3));
  stage.use(850);
  const auto fresh = [&] {
    const auto json = Json::parse(stage.run("check --json").out);
    const auto alarms = standing(stage);
    const auto level =
        std::ranges::find(alarms, Json("level"), [](const Json& each) { return each.at("kind"); });
    REQUIRE(level != alarms.end());
    CHECK(json.at("standing") == "warning");
    const auto& ids = json.at("new");
    return std::pair(level->at("id").get<int>(),
                     std::ranges::find(ids, level->at("id")) != ids.end());
  };
  const auto [id, told] = fresh();
  CHECK(id > 1);
  CHECK_FALSE(told);
  // Counter-run: with an end to that it is told.
  CHECK(stage.run("alarm mute " + std::to_string(id) + " --off").code == 0);
  CHECK(fresh() == std::pair(id, true));
}

TEST_CASE("alarms of an account go with it") {
  Plan stage;
  stage.use(830);
  CHECK(stage.run("check").code == 11);
  CHECK(stage.run("account remove work --yes").code == 0);
  CHECK(Json::parse(stage.run("alarm list --all --json").out).at("alarms").empty());
  const auto nothing = stage.run("check");
  CHECK(nothing.code == 0);
  CHECK(has(nothing.err, "`esimctl account add CARRIER` adds an account"));
}

TEST_CASE("a leak at night is found by a check, and said with what to do") {
  Plan stage;
  std::uint64_t used = 10;
  stage.use(used);
  REQUIRE(stage.run(std::string("check ") + line).code == 0);
  // As if somebody had looked every two hours: 1 MB each by day, and at night from 2 to 6 this.
  const auto live = [&](int days, std::uint64_t at_night) {
    auto history = store::History::open_existing(stage.setting.state_directory);
    const auto lines = history.newest();
    const auto mine = std::ranges::find_if(
        lines, [](const auto& each) { return each.snapshot.line.iccid == line; });
    REQUIRE(mine != lines.end());
    auto snapshot = mine->snapshot;
    std::vector<usage::Snapshot> looks;
    for (int look = 0; look < 12 * days; ++look) {
      stage.pass(2h);
      const auto hour = (*stage.setting.now - floor<std::chrono::days>(*stage.setting.now)) / 1h;
      used += hour > 2 && hour <= 6 ? at_night : 1;
      snapshot.used = usage::DataSize::of_bytes(static_cast<std::int64_t>(used) * 1'000'000);
      snapshot.fetched_at = *stage.setting.now;
      looks.push_back(snapshot);
    }
    history.put("work", looks);
    stage.use(used);
    stage.pass(1h);
  };
  live(12, 0);
  CHECK(stage.run(std::string("check --refresh ") + line).code == 0);
  stage.pass(-1h);
  live(3, 12);
  const auto found = stage.run(std::string("check --refresh ") + line);
  CHECK(found.code == 11);
  CHECK(has(found.out, "a night between 2 and 6 o'clock"));
  const auto alarms = standing(stage);
  REQUIRE(!alarms.empty());
  CHECK(alarms.back().at("finding").at("detector") == "quiet-hours");
  CHECK(alarms.back().at("advice") == "find-background-traffic");
}

TEST_CASE("the numbers of alarms are completed, and `all` where it may stand") {
  Plan stage;
  stage.use(830);
  CHECK(stage.run("check").code == 11);
  const auto show = cli_test::run({"__complete", "words", "alarm", "show", ""}, stage.setting);
  CHECK(show.out == "1\t" + std::string(line) + " of “work” · level\n");
  const auto ack = cli_test::run({"__complete", "words", "alarm", "ack", ""}, stage.setting);
  CHECK(has(ack.out, "all\n"));
  CHECK(has(ack.out, "1\t"));
}

TEST_CASE("alarms and checks as they are printed") {
  Plan stage;
  stage.use(830);
  const auto golden_of = [&](const std::string& name, const std::string& command) {
    auto setting = stage.setting;
    const auto as_text = [&](const Result& result) {
      return "$ esimctl " + command + "\n" + result.out + "--- stderr\n" + result.err +
             "--- exit " + std::to_string(result.code) + "\n";
    };
    cli_test::compare("json/" + name + ".json",
                      cli_test::run(command + " --json=pretty", setting).out);
    cli_test::compare("plain/" + name + ".txt", as_text(cli_test::run(command, setting)));
    setting.tty = true;
    setting.width = 160;
    cli_test::compare("terminal/" + name + ".txt", as_text(cli_test::run(command, setting)));
  };
  golden_of("check", "check");
  golden_of("alarm-list", "alarm list");
  golden_of("alarm", "alarm show 1");
  golden_of("alarm-changed", "alarm mute 1 --for 7d");
  golden_of("alarm-changed.none", "alarm mute 1 --for 7d");
}

TEST_CASE("an alarm is said in words, with whose line it is and what to do") {
  usage::Alarm alarm{.id = 1,
                     .account = "work",
                     .line = "id:sim-1",
                     .name = "sim-1",
                     .kind = "forecast",
                     .percent = 0,
                     .finding = {},
                     .raised = *base::from_rfc3339("2027-03-15T12:00:00Z"),
                     .seen = {},
                     .over = {},
                     .muted_until = {},
                     .told = {},
                     .used = usage::DataSize::of_bytes(2'500'000'000),
                     .limit = usage::DataSize::of_bytes(3'000'000'000),
                     .hit = {},
                     .cycle_start = {},
                     .cycle_end = {}};
  alarm.hit.likely = *base::from_rfc3339("2027-03-20T00:00:00Z");
  CHECK(cli::spoken(alarm) ==
        "sim-1 of “work”: the limit will be reached before the cycle ends, likely on "
        "2027-03-20T00:00:00Z, since 2027-03-15T12:00:00Z; use less, or buy more, before the limit "
        "is reached");
  alarm.kind = "level";
  alarm.percent = 80;
  CHECK(cli::brief(alarm) == "80 % of the limit was reached: 2.5 GB of 3.0 GB used");
  CHECK(cli::distance(alarm).empty());
  alarm.finding = usage::Finding{.detector = usage::Detector::burn_rate,
                                 .observed = 100'000'000,
                                 .usual = 5'000'000,
                                 .score = 20,
                                 .since = alarm.raised,
                                 .sureness = usage::Sureness::high,
                                 .advice = usage::Advice::slow_down};
  CHECK(cli::distance(alarm) == "20.0 times the plan's pace");
  alarm.name = "work";
  CHECK(cli::line_of(alarm) == "“work”");
}
