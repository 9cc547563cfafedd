#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"

/// What this machine counts itself, and what is taken over from files.
namespace {

using cli_test::PlanStage;
using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::int64_t megabyte = 1'000'000;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// A machine with one interface, whose counters the test sets.
struct Machine : PlanStage {
  Machine() : PlanStage("telnyx") {
    setting.interfaces = (directory.path() / "net").string();
    setting.boot_id = (directory.path() / "boot_id").string();
    write(setting.boot_id, "boot-1\n");
    write(place() / "ifindex", "3\n");
    count(0);
  }
  [[nodiscard]] std::filesystem::path place() const {
    return std::filesystem::path(setting.interfaces) / "wwan0";
  }
  void count(std::int64_t bytes) const {
    write(place() / "statistics/rx_bytes", std::to_string(bytes) + "\n");
    write(place() / "statistics/tx_bytes", "7\n");
  }
  void go_on(std::chrono::seconds time) { *setting.now += time; }
  [[nodiscard]] Json history(const std::string& options) const {
    return Json::parse(run("usage --history --json " + options).out).at("lines");
  }
};

std::int64_t total(const Json& traffic) {
  std::int64_t sum = 0;
  for (const auto& each : traffic) sum += each.at("bytes").get<std::int64_t>();
  return sum;
}

}  // namespace

TEST_CASE("an interface is counted from when it is named, over restarts of the machine") {
  Machine machine;
  CHECK(machine.run("usage").code == 0);
  CHECK(has(machine.run("usage --local wwan0").out, "wwan0 is counted from now on"));
  for (int i = 1; i <= 4; ++i) {
    machine.go_on(6h);
    machine.count(std::int64_t{i} * 10 * megabyte);
    CHECK(machine.run("usage").code == 0);
  }
  machine.go_on(6h);
  write(machine.setting.boot_id, "boot-2\n");
  machine.count(5 * megabyte);
  const auto lines = machine.history("--by hour");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].at("account") == "");
  CHECK(lines[0].at("id") == "wwan0");
  CHECK(total(lines[0].at("traffic")) == 45 * megabyte + 7);
  CHECK(total(machine.history("wwan0")[0].at("traffic")) == 45 * megabyte + 7);
  // An interface that is gone keeps what was counted.
  std::filesystem::remove_all(machine.place());
  machine.go_on(6h);
  CHECK(total(machine.history("")[0].at("traffic")) == 45 * megabyte + 7);
  CHECK(has(machine.run("usage --forget wwan0").out, "forgotten"));
  CHECK(machine.history("").empty());
}

TEST_CASE("an interface that is not there is no counter, and those that are there are told") {
  const Machine machine;
  for (const auto* name : {"eth7", "..", "a/b"}) {
    const auto refused = machine.run(std::string("usage --local ") + name);
    CHECK(refused.code == 3);
    CHECK(has(refused.err, "there is wwan0"));
  }
  CHECK(machine.run("usage --forget wwan0").code == 3);
}

TEST_CASE("what the carrier counts and the interface of the line does not is told") {
  Machine machine;
  REQUIRE(machine.add("", "api_key=KEY-simulated\n").code == 0);
  REQUIRE(machine.run("usage --refresh").code == 0);
  const std::string line = "89012600000000314156";
  CHECK(machine.run("account link " + line).code == 2);
  CHECK(machine.run("account link " + line + " --interface eth7").code == 3);
  CHECK(has(machine.run("account link " + line + " --interface wwan0").out,
            "is now on the interface wwan0"));
  CHECK(has(machine.run("account link " + line + " --interface wwan0").out, "is already"));
  for (int i = 1; i <= 40; ++i) {
    machine.go_on(1h);
    machine.carrier.advance(1h);
    machine.count(std::int64_t{i} * 10 * megabyte);
    machine.carrier.change([&](sim::CarrierState& state) {
      for (auto& each : state.lines)
        if (each.iccid == line) each.used_bytes += 30 * megabyte;
    });
    REQUIRE(machine.run("usage --refresh").code == 0);
  }
  const auto found = [&] {
    std::string names;
    const auto shown = machine.history(line).at(0);
    for (const auto& each : shown.at("findings"))
      names += each.at("detector").get<std::string>() + " ";
    return names;
  };
  CHECK(has(found(), "unaccounted"));
  CHECK(machine.run("account unlink " + line).code == 0);
  CHECK_FALSE(has(found(), "unaccounted"));  // counter-run: nothing to compare with
}

TEST_CASE("what is exported can be imported, and twice is once") {
  Machine machine;
  CHECK(machine.run("usage --local wwan0").code == 0);
  for (int i = 1; i <= 10; ++i) {
    machine.go_on(8h);
    machine.count(i * megabyte);
    CHECK(machine.run("usage").code == 0);
  }
  const auto csv = machine.run("usage --export").out;
  CHECK(csv.starts_with("account,line,zone,starts_at,step,bytes,estimated,new_cycle\r\n"));
  CHECK(csv == machine.run("usage --export wwan0 --csv").out);
  CHECK(has(machine.run("usage wwan0").err, "`esimctl usage --history` shows counters"));
  const auto file = (machine.directory.path() / "use.csv").string();
  write(file, csv);
  CHECK(has(machine.run("usage --import " + file + " --as copy").out, "days added, 0 known"));
  CHECK(has(machine.run("usage --import - --as copy", csv).out, "0 days added"));
  const auto lines = machine.history("--by cycle");
  REQUIRE(lines.size() == 2);
  CHECK(total(lines[0].at("traffic")) == total(lines[1].at("traffic")));
  const auto exported = Json::parse(machine.run("usage --export copy --json").out);
  CHECK(total(exported.at("lines").at(0).at("traffic")) == 10 * megabyte);
  CHECK(machine.run("usage --export nobody").code == 3);
}

TEST_CASE("what a carrier's line used before is brought to it once") {
  const cli_test::PlanStage stage("telnyx");
  REQUIRE(stage.add("", "api_key=KEY-simulated\n").code == 0);
  const std::string file = "starts_at,bytes\n2027-03-01T00:00:00Z,1000\n2027-03-14T23:00:00Z,500\n";
  CHECK(stage.run("usage --import - 447700900421", file).code == 3);  // not known yet
  const auto used = Json::parse(stage.run("usage 447700900421 --json").out)
                        .at("lines")
                        .at(0)
                        .at("used_bytes")
                        .get<std::int64_t>();
  const auto history = [&] {
    const auto all = stage.run("usage --history --by cycle --since 30d --json 447700900421");
    return Json::parse(all.out).at("lines").at(0).at("traffic");
  };
  CHECK(total(history()) == used);
  const auto brought = stage.run("usage --import - 447700900421", file);
  CHECK(brought.code == 0);
  CHECK(has(brought.out, "2 days added"));
  CHECK(total(history()) == used);
  const auto by_day =
      Json::parse(stage.run("usage --history --by day --since 30d --json 447700900421").out);
  CHECK(by_day.at("lines").at(0).at("traffic").at(0).at("bytes") == 1000);
  const auto again = stage.run("usage --import - 447700900421", file);
  CHECK(again.code == 2);
  CHECK(has(again.err, "has a history already"));
  CHECK(stage.run("usage --import - work", file).code == 2);  // of several lines
}

TEST_CASE("what cannot be imported is told, and changes nothing") {
  const Machine machine;
  const auto refused = [&](const std::string& command, const std::string& text) {
    const auto done = machine.run(command, text);
    CHECK_MESSAGE(done.code == 2, command);
    CHECK(has(done.err, "hint"));
    return done.err;
  };
  const std::string day = "time,bytes\n2026-11-01,5\n";
  CHECK(has(refused("usage --import -", day), "does not say what was counted"));
  CHECK(has(refused("usage --import - --as -x", day), "no counter can be called"));
  CHECK(has(refused("usage --import - --as x", "time,bytes\n2026-11-01,5\nx,1\n"),
            "line 3, column 1"));
  CHECK(has(refused("usage --import - --as x", "{}"), "/jsonversion"));
  CHECK(has(refused("usage --import - --as x", "line,time,bytes\na,2026-11-01,5\nb,2026-11-01,5\n"),
            "2 lines"));
  refused("usage --import nowhere.csv", "");
  refused("usage --import - work --as x", day);
  CHECK(machine.run("usage --import - work", day).code == 3);
  refused("usage --as x", "");
  refused("usage --import - --export", day);
  CHECK(machine.history("").empty());
  CHECK(machine.run("usage --import - --as x", day).code == 0);
  CHECK(has(refused("usage --import - --as x", "time,zone,bytes\n2026-11-01,Europe/Berlin,5\n"),
            "by days of"));
}
