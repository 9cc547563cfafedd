#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/read_file.hpp"
#include "cli/findings.hpp"
#include "store/database.hpp"
#include "store/history.hpp"
#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"

/// What is made of the figures that were kept: history, forecast, pictures.
namespace {

using cli_test::PlanStage;
using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto line = "89012600000000314156";
constexpr std::int64_t megabyte = 1'000'000;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// An account whose lines are looked at every six hours, from noon of 15 March on.
struct Watched : PlanStage {
  Watched() : PlanStage("telnyx") {
    REQUIRE(add("", "api_key=KEY-simulated\n").code == 0);
    look(0);
  }
  void look(std::int64_t megabytes) {
    carrier.change([&](sim::CarrierState& state) {
      for (auto& each : state.lines) {
        if (each.iccid == line) each.used_bytes += static_cast<std::uint64_t>(megabytes * megabyte);
      }
    });
    REQUIRE(run("usage --refresh").code == 0);
    *setting.now += 6h;
    carrier.advance(6h);
  }
  [[nodiscard]] Json history(const std::string& options) const {
    return Json::parse(run("usage --history --json " + options + " " + line).out).at("lines").at(0);
  }
};

std::int64_t total(const Json& traffic) {
  std::int64_t sum = 0;
  for (const auto& each : traffic) sum += each.at("bytes").get<std::int64_t>();
  return sum;
}

}  // namespace

TEST_CASE("what went through a line is told by hour, day and cycle, and comes to the same") {
  Watched stage;
  for (int i = 0; i < 20; ++i) stage.look(10);
  const auto used = Json::parse(stage.run(std::string("usage --json ") + line).out)
                        .at("lines")
                        .at(0)
                        .at("used_bytes")
                        .get<std::int64_t>();
  CHECK(used > 200 * megabyte);
  for (const auto* by : {"hour", "day", "cycle"})
    CHECK(total(stage.history(std::string("--by ") + by).at("traffic")) == used);
  const auto days = stage.history("--by day").at("traffic");
  const auto measured = [](const Json& each) { return !each.at("estimated").get<bool>(); };
  CHECK(std::ranges::count_if(days, measured) >= 4);
  CHECK(days.back().at("starts_at") == "2027-03-20T00:00:00Z");
  const auto late = stage.history("--since 2d").at("traffic");
  CHECK(late.size() < days.size());
  CHECK(late.at(0).at("starts_at") == "2027-03-19T00:00:00Z");
  CHECK(stage.history("").at("forecast").at("expected_bytes") > used);
}

TEST_CASE("history is a table for people, and lines of CSV for other programs") {
  Watched stage;
  for (int i = 0; i < 8; ++i) stage.look(10);
  const auto table = stage.run("usage --history");
  CHECK(table.code == 0);
  CHECK(has(table.out, "2027-03-16T00:00:00Z\t40000000"));
  const auto csv = stage.run(std::string("usage --history --csv ") + line);
  CHECK(csv.out.starts_with("account,line,starts_at,bytes,estimated,new_cycle\r\n"));
  CHECK(has(csv.out, "2027-03-16T00:00:00Z,40000000,false,false\r\n"));
}

TEST_CASE("a picture is drawn on the terminal, or in a file") {
  Watched stage;
  for (int i = 0; i < 4; ++i) stage.look(10);
  auto setting = stage.setting;
  setting.tty = true;
  const auto shown = cli_test::run(std::string("usage --plot ") + line, setting);
  CHECK(shown.code == 0);
  CHECK(has(shown.out, "1 Mar"));
  CHECK(has(shown.out, "work"));
  for (const auto* type : {".svg", ".html"}) {
    const auto file = (stage.directory.path() / ("use" + std::string(type))).string();
    CHECK(stage.run("usage --plot=" + file).code == 0);
    const auto text = base::read_file(file, 1'000'000);
    REQUIRE(text);
    CHECK(has(*text, "<svg"));
    CHECK(has(*text, "1 Mar"));
  }
}

TEST_CASE("what cannot be drawn or is no time is said before anybody is asked") {
  const PlanStage stage("telnyx");
  CHECK(stage.add("", "api_key=KEY-simulated\n").code == 0);
  for (const auto* command :
       {"usage --plot=use.png", "usage --history --since yesterday", "usage --history --since 3",
        "usage --history --by week", "usage --since 3d", "usage --history --plot",
        "usage --plot --json", "usage --history --csv --json"}) {
    const auto refused = stage.run(command);
    CHECK_MESSAGE(refused.code == 2, command);
    CHECK(has(refused.err, "hint"));
  }
  CHECK(stage.carrier.requests().empty());
  const auto lost = stage.run("usage --plot=/nowhere/use.svg");
  CHECK(lost.code == 1);
  CHECK(has(lost.err, "cannot write"));
}

TEST_CASE("where nothing is known it is said, and what to do") {
  const PlanStage stage("telnyx");
  for (const auto* command : {"usage", "usage --history", "usage --plot"}) {
    const auto empty = stage.run(command);
    CHECK(empty.code == 0);
    CHECK(empty.out.empty());
    CHECK_MESSAGE(has(empty.err, "`esimctl account add CARRIER` adds an account"), command);
  }
}

TEST_CASE("what is older than two days is put together, and the totals stay") {
  Watched stage;
  for (int i = 0; i < 20; ++i) stage.look(10);
  const auto kept = [&] {
    return store::Database::open_existing(store::History::file_in(stage.setting.state_directory),
                                          std::vector<std::string_view>{"", ""})
        .number("SELECT count(*) FROM snapshot");
  };
  CHECK(kept() < 63 - 15);  // three lines were told of at 21 looks
  CHECK(total(stage.history("--by hour").at("traffic")) ==
        total(stage.history("--by cycle").at("traffic")));
}

TEST_CASE("what is unusual is said in words, with what to do") {
  using usage::Advice;
  using usage::Detector;
  const usage::Finding leak{.detector = Detector::quiet_hours,
                            .observed = 120 * megabyte,
                            .usual = 3 * megabyte,
                            .score = 9,
                            .since = *base::from_rfc3339("2027-03-15T02:00:00Z"),
                            .sureness = usage::Sureness::high,
                            .advice = Advice::find_background_traffic};
  CHECK(cli::spoken(leak) ==
        "surely: 120.0 MB a night between 2 and 6 o'clock, usually 3.0 MB, since "
        "2027-03-15T02:00:00Z; look for what runs in the background: back-ups, synchronisation, "
        "updates");
  auto stale = leak;
  stale.detector = Detector::stale;
  stale.observed = std::int64_t{3} * 86400;
  stale.usual = 7200;
  stale.sureness = usage::Sureness::low;
  stale.advice = Advice::sign_in_again;
  CHECK(cli::spoken(stale) ==
        "perhaps: the figures have not changed for 3 days, usually they do within 2 hours, since "
        "2027-03-15T02:00:00Z; see whether the account can still be asked: `esimctl login`");
}
