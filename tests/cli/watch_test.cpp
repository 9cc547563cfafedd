#include "app/watch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "app/alarm_command.hpp"
#include "base/fd.hpp"
#include "base/file_lock.hpp"
#include "base/read_file.hpp"
#include "tests/cli/golden_file.hpp"
#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/manual_clock.hpp"

/// `watch`, on a clock that moves when it waits.
namespace {

using cli_test::PlanStage;
using cli_test::Result;
using namespace std::chrono_literals;
using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Moves the carrier along, and asks to stop at a time.
class WatchedClock final : public base::Clock {
 public:
  WatchedClock(PlanStage& stage, base::UtcTime end)
      : stage_(stage), now_(*stage.setting.now), end_(end) {}

  TimePoint now() override { return TimePoint(now_.time_since_epoch()); }
  base::UtcTime utc() override { return now_; }
  void wait(Duration length) override {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(length);
    now_ += seconds;
    stage_.carrier.advance(seconds);
    if (now_ >= end_) stop_.request_stop();
  }
  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  PlanStage& stage_;
  base::UtcTime now_;
  base::UtcTime end_;
  std::stop_source stop_;
};

struct Stage : PlanStage {
  Stage() : PlanStage("telnyx") { REQUIRE(add("", "api_key=KEY-simulated\n").code == 0); }

  Result watch(const std::string& words, std::chrono::seconds length) {
    WatchedClock clock(*this, *setting.now + length);
    auto own = setting;
    own.clock = &clock;
    own.stop = clock.token();
    const auto result = cli_test::run("watch" + (words.empty() ? "" : " " + words), own);
    *setting.now = clock.utc();
    return result;
  }
  /// Of the first line, in per cent of a limit of a gigabyte.
  void use(int percent) {
    carrier.change([&](sim::CarrierState& state) {
      for (auto& line : state.lines) {
        if (line.iccid != "89012600000000314156") continue;
        line.limit_bytes = 1'000'000'000;
        line.used_bytes = static_cast<std::uint64_t>(percent) * 10'000'000;
      }
    });
  }
};

std::vector<Json> events(const std::string& text, const std::string& kind) {
  std::vector<Json> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    auto event = Json::parse(line);
    if (event.at("event") == kind) found.push_back(std::move(event));
  }
  return found;
}

}  // namespace

TEST_CASE("watch looks over and over until it is to stop, and that is success") {
  Stage stage;
  const auto result = stage.watch("--json --interval 2h", 13h);
  CHECK(result.code == 0);
  const auto reads = events(result.out, "read");
  REQUIRE(reads.size() == 7);
  for (std::size_t i = 1; i < reads.size(); ++i) {
    CHECK(reads[i].at("at") == reads[i - 1].at("next_at"));
    CHECK(reads[i].at("accounts") == Json{"work"});
  }
  CHECK(events(result.out, "fault").empty());
}

TEST_CASE("watch never asks more often than the carrier allows") {
  Stage stage;
  CHECK(stage.watch("--interval 1m", 1h).code == 0);
  const auto often = stage.carrier.requests().size();
  Stage once;
  CHECK(once.watch("--interval 1h", 30min).code == 0);
  const auto one_look = once.carrier.requests().size();
  CHECK(often == one_look * (1h / 5min));  // the floor in its file
  Stage other;
  CHECK(other.watch("--interval 20m", 1h).code == 0);  // counter-run
  CHECK(other.carrier.requests().size() == one_look * 3);
}

TEST_CASE("an alarm is told once, as a line, and to a program without a shell") {
  Stage stage;
  stage.use(10);
  CHECK(events(stage.watch("--json --interval 1h", 2h).out, "alarm").empty());
  stage.use(85);
  const auto heard = stage.directory.path() / "heard";
  const auto program = stage.directory.path() / "program";
  std::ofstream(program)
      << "#!/bin/sh\n{ cat; echo \"$ESIMCTL_ALARM_KIND of $ESIMCTL_ALARM_ACCOUNT "
         "$1\"; } >>\""
      << heard.string() << "\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  WatchedClock clock(stage, *stage.setting.now + 5h);
  auto own = stage.setting;
  own.clock = &clock;
  own.stop = clock.token();
  const auto told = cli_test::run(
      {"watch", "--json", "--interval", "1h", "--run", program.string() + " '$HOME'"}, own);
  CHECK(told.code == 0);
  auto alarms = events(told.out, "alarm");
  std::erase_if(alarms, [](const Json& each) { return each.at("alarm").at("kind") != "level"; });
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].at("alarm").at("percent") == 80);
  CHECK(events(told.out, "fault").empty());
  const auto text = base::read_file(heard, 100'000);
  REQUIRE(text);
  CHECK(has(*text, "level of work $HOME\n"));
  CHECK(Json::parse(text->substr(0, text->find('\n'))).at("event") == "alarm");
}

TEST_CASE("what a program does wrong that hears of alarms is told, and ends nothing") {
  Stage stage;
  stage.use(97);
  const auto told = stage.watch("--json --interval 1h --run false", 3h);
  CHECK(told.code == 0);
  const auto faults = events(told.out, "fault");
  REQUIRE_FALSE(faults.empty());
  CHECK(faults[0].at("error").at("code") == "watch.command");
  CHECK(events(told.out, "read").size() >= 3);
}

TEST_CASE("where the desktop cannot be told it is said, and nothing ends") {
  Stage stage;
  stage.use(97);
  stage.setting.open_library = [](const std::string&) {
    return std::optional<base::SharedLibrary>();
  };
  const auto told = stage.watch("--json --interval 1h --notify", 3h);
  CHECK(told.code == 0);
  const auto faults = events(told.out, "fault");
  REQUIRE_FALSE(faults.empty());
  CHECK(faults[0].at("error").at("code") == "desktop.library");
  CHECK(events(told.out, "read").size() >= 3);
}

TEST_CASE("a program that hears of alarms is ended when it takes too long, or has to stop") {
  store::KeptAlarm alarm;
  alarm.kind = "level";
  const auto why = [&](const std::vector<std::string>& words, std::chrono::milliseconds limit,
                       const std::stop_token& stop = {}) {
    const auto error =
        test::error_of([&] { app::run_alarm_command(words, alarm, "{}\n", stop, limit); });
    return error ? std::string(error->what()) : std::string();
  };
  CHECK(why({"true"}, 30s).empty());
  CHECK(has(why({"sh", "-c", "exit 3"}, 30s), "ended with exit code 3"));
  CHECK(has(why({"esimctl-is-not-there"}, 30s), "cannot be run"));
  CHECK(has(why({"sh", "-c", "tail -f /dev/null & wait"}, 50ms), "took too long"));
  std::stop_source stop;
  stop.request_stop();
  CHECK(has(why({"tail", "-f", "/dev/null"}, 60s, stop.get_token()), "was ended"));
}

TEST_CASE("what fails is told and tried again, later and later, and is over when it works again") {
  Stage stage;
  CHECK(stage.watch("--interval 1h", 10min).code == 0);
  stage.carrier.change([](sim::CarrierState& state) {
    auto fault = sim::CarrierFault();
    fault.fault = "status";
    fault.status = 500;
    state.faults.push_back(fault);
  });
  const auto failing = stage.watch("--json --interval 1h", 8h);
  CHECK(failing.code == 0);
  const auto faults = events(failing.out, "fault");
  CHECK(faults.size() >= 4);
  CHECK(faults.size() <= 16);
  for (const auto& each : faults) CHECK(each.at("account") == "work");
  stage.carrier.change([](sim::CarrierState& state) { state.faults.clear(); });
  const auto mended = stage.watch("--json --interval 1h", 3h);
  CHECK(events(mended.out, "fault").empty());
  CHECK_FALSE(events(mended.out, "read").empty());
}

TEST_CASE("one watch runs at a time, and the second says which one") {
  Stage stage;
  test::ManualClock clock;
  {
    const auto lock = base::FileLock::acquire(
        std::filesystem::path(stage.setting.state_directory) / "watching.lock", clock, {});
    REQUIRE(std::holds_alternative<base::FileLock>(lock));
    const auto second = stage.watch("", 1h);
    CHECK(second.code == 1);
    CHECK(has(second.err, "another watch runs already, as process " + std::to_string(::getpid())));
    CHECK(stage.carrier.requests().empty());
  }
  CHECK(stage.watch("", 1h).code == 0);  // counter-run
}

TEST_CASE("what can never work ends at once") {
  Stage stage;
  CHECK(stage.watch("nobody", 1h).code == 3);
  for (const auto* words : {"--interval 10s", "--interval soon", "--warn 0%", "--cap much",
                            "--metrics metrics.txt", "--run  "})
    CHECK_MESSAGE(stage.watch(words, 1h).code == 2, words);
  PlanStage empty("telnyx");
  const auto nothing = empty.run("watch");
  CHECK(nothing.code == 3);
  CHECK(has(nothing.err, "esimctl account add"));
}

TEST_CASE("who stops it before the first look asks nobody") {
  Stage stage;
  std::stop_source stop;
  stop.request_stop();
  stage.setting.stop = stop.get_token();
  CHECK(stage.run("watch").code == 0);
  CHECK(stage.carrier.requests().empty());
}

TEST_CASE("systemd hears that it is ready, how it is, that it is alive, and that it ends") {
  Stage stage;
  const auto name = stage.directory.path() / "notify";
  const base::Fd manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(name.string(), static_cast<char*>(address.sun_path));
  REQUIRE(::bind(manager.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
          0);
  stage.setting.service_manager = base::ServiceManager(name.string(), 30min);
  CHECK(stage.watch("--interval 1h", 30min).code == 0);  // a socket keeps ten at a time
  std::vector<std::string> heard;
  std::array<char, 2000> text{};
  for (ssize_t size = 0; (size = ::recv(manager.number(), text.data(), text.size(), 0)) > 0;)
    heard.emplace_back(text.data(), static_cast<std::size_t>(size));
  REQUIRE(heard.size() >= 4);
  CHECK(heard.front() == "READY=1");
  CHECK(heard[1].starts_with("STATUS=89"));
  CHECK(std::ranges::count(heard, "WATCHDOG=1") >= 30 / 15);
  CHECK(heard.back() == "STOPPING=1");
  Stage quiet;
  quiet.setting.service_manager = base::ServiceManager(name.string());
  CHECK(quiet.watch("--interval 1h", 90min).code == 0);
  while (::recv(manager.number(), text.data(), text.size(), 0) > 0)
    CHECK_FALSE(std::string_view(text.data()).starts_with("WATCHDOG"));
}

TEST_CASE("metrics are there after each look, for the owner and the group") {
  Stage stage;
  stage.use(85);
  const auto file = stage.directory.path() / "esimctl.prom";
  CHECK(stage.watch("--interval 1h --metrics " + file.string(), 2h).code == 0);
  const auto text = base::read_file(file, 100'000);
  REQUIRE(text);
  CHECK(has(*text,
            "esimctl_line_limit_bytes{account=\"work\",line=\"89012600000000314156\"} "
            "1000000000\n"));
  CHECK(has(*text, "esimctl_account_failed{account=\"work\"} 0\n"));
  CHECK(text->ends_with("# EOF\n"));
  struct stat state{};
  REQUIRE(::stat(file.c_str(), &state) == 0);
  CHECK((state.st_mode & 0777U) == 0640U);
  const auto lost = stage.watch("--json --interval 1h --metrics /nowhere/esimctl.prom", 2h);
  CHECK(lost.code == 0);
  CHECK(events(lost.out, "fault").at(0).at("error").at("code") == "watch.metrics");
}

TEST_CASE("the events of watch, and its metrics") {
  Stage stage;
  stage.use(85);
  const auto file = stage.directory.path() / "esimctl.prom";
  const auto result = stage.watch("--json --interval 1h --metrics " + file.string(), 30min);
  stage.carrier.change([](sim::CarrierState& state) {
    auto fault = sim::CarrierFault();
    fault.fault = "status";
    fault.status = 500;
    state.faults.push_back(fault);
  });
  const auto failing = stage.watch("--json --interval 1h", 1h);
  const auto shown = [](const std::string& kind, const std::string& out) {
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
      const auto event = nlohmann::ordered_json::parse(line);
      if (event.at("event") == kind)
        return cli_test::compare("json/watch-event." + kind + ".json", event.dump(2) + "\n");
    }
    FAIL(kind);
  };
  shown("read", result.out);
  shown("alarm", result.out);
  shown("fault", failing.out);
  cli_test::compare("metrics.prom", base::read_file(file, 100'000).value_or(""));
}

TEST_CASE("people read a line for each event") {
  Stage stage;
  stage.use(85);
  const auto result = stage.watch("--interval 1h", 30min);
  CHECK(has(result.out, "2027-03-15T12:00:00Z alarm: 89012600000000314156 of “work”: "));
  CHECK(has(result.out, "2027-03-15T12:00:00Z 89012600000000271823 of “work”: 205.0 MB used; "));
  CHECK(has(result.out, "; 89012600000000314156 of “work”: 850.0 MB used (85 %), warning; "));
  CHECK(has(result.out, ", again at 2027-03-15T13:00:00Z\n"));
}

TEST_CASE("usage --live redraws one screen, and leaves the terminal as it was") {
  Stage stage;
  stage.use(85);
  WatchedClock clock(stage, *stage.setting.now + 2h);
  auto own = stage.setting;
  own.clock = &clock;
  own.stop = clock.token();
  own.tty = true;
  const auto shown = cli_test::run("usage --live", own);
  CHECK(shown.code == 0);
  CHECK(shown.out.starts_with("\x1b[?1049h\x1b[?25l"));
  const auto end = shown.out.find("\x1b[?25h\x1b[?1049l");
  REQUIRE(end != std::string::npos);
  CHECK(has(shown.out, "850.0 MB of 1.0 GB used, 150.0 MB left"));
  CHECK(has(shown.out, "] 85 %"));
  std::size_t screens = 0;
  for (auto at = shown.out.find("\x1b[H"); at != std::string::npos;
       at = shown.out.find("\x1b[H", at + 1))
    ++screens;
  CHECK(screens >= 60);  // each minute
  CHECK_FALSE(has(shown.out.substr(end), "\x1b[H"));
}

TEST_CASE("usage --live takes no alarm away from watch, and needs a terminal") {
  Stage stage;
  stage.use(85);
  WatchedClock clock(stage, *stage.setting.now + 1h);
  auto own = stage.setting;
  own.clock = &clock;
  own.stop = clock.token();
  own.tty = true;
  CHECK(cli_test::run("usage --live", own).code == 0);
  *stage.setting.now = clock.utc();
  CHECK_FALSE(events(stage.watch("--json --interval 1h", 1h).out, "alarm").empty());
  const auto refused = stage.run("usage --live");
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "`esimctl usage`"));
  CHECK(stage.run("usage --live --json").code == 2);
  CHECK(stage.run("usage --live --history").code == 2);
}
