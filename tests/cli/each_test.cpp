#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/outcome.hpp"
#include "sim/state.hpp"
#include "tests/cli/harness.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using cli_test::Setting;

/// Waits for so many at the same time.
class Meeting {
 public:
  explicit Meeting(std::size_t all) : missing_(all) {}

  /// True when all came while this one waited.
  bool arrive() {
    std::unique_lock lock(mutex_);
    --missing_;
    changed_.notify_all();
    return changed_.wait_for(lock, patience, [&] { return missing_ == 0; });
  }

 private:
  static constexpr auto patience = std::chrono::seconds(20);  // only a failing test takes it
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t missing_;
};

std::vector<nlohmann::json> lines_of(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Setting readers(std::initializer_list<std::string> names, const sim::State& state = sim::fresh()) {
  Setting setting;
  for (const auto& name : names)
    setting.readers[name] = [state] { return std::make_unique<test::SimulatedCard>(state); };
  return setting;
}

}  // namespace

TEST_CASE("each asks all cards at the same time") {
  constexpr std::size_t count = 6;
  Meeting meeting(count);
  std::atomic<int> met = 0;
  Setting setting;
  for (std::size_t i = 0; i < count; ++i) {
    setting.readers["Reader " + std::to_string(i)] = [&] {
      return std::make_unique<test::SimulatedCard>(
          sim::fresh(), [&, first = true](sim::Card& card, base::ByteView command) mutable {
            if (std::exchange(first, false) && meeting.arrive()) ++met;
            return card.transmit(command);
          });
    };
  }
  const auto result = cli_test::run("each -- list", setting);
  CHECK(result.code == 0);
  CHECK(met == count);
  CHECK(lines_of(result.out).size() == count);
}

TEST_CASE(
    "each prints a line for every card, in the order of the readers, and ends with the worst") {
  auto setting = readers({"A", "B", "C"});
  setting.readers["B"] = nullptr;
  auto locked = sim::fresh();
  locked.options.isdr = false;
  setting.readers["C"] = [locked] { return std::make_unique<test::SimulatedCard>(locked); };
  const auto result = cli_test::run("each -- enable Travel", setting);
  CHECK(result.code == 5);
  const auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["card"] == "A");
  CHECK(lines[0]["exit"] == 0);
  CHECK(lines[0]["result"]["changed"] == true);
  CHECK(lines[1]["card"] == "C");
  CHECK(lines[1]["result"].is_null());
  CHECK(lines[1]["error"]["code"] == "card.not-euicc");
}

TEST_CASE("each can be for the cards of some readers only") {
  const auto setting = readers({"Big 0", "Big 1", "Small 0"});
  CHECK(lines_of(cli_test::run("--card big each -- smdp", setting).out).size() == 2);
  CHECK(cli_test::run("--card huge each -- smdp", setting).code == 3);
}

TEST_CASE("each never asks a question") {
  auto setting = readers({"A"});
  setting.tty = true;
  setting.input = "4156\n";
  const auto refused = cli_test::run("each -- delete Travel", setting);
  CHECK(refused.code == 9);
  CHECK(lines_of(refused.out).at(0)["error"]["code"] == "prompt.impossible");
  CHECK(cli_test::run("each --yes -- delete Travel", setting).code == 0);
}

TEST_CASE("what each cannot do is a usage error before any card is asked") {
  const auto setting = readers({"A"});
  for (const std::string line :
       {"each", "each -- lsit", "each -- list --card A", "each -- batch", "each -- each -- list"}) {
    CAPTURE(line);
    const auto result = cli_test::run(line, setting);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
  }
  CHECK(cli_test::run("each -- list").code == 5);
}

TEST_CASE("--card all is for commands that only read") {
  const auto setting = readers({"A", "B"});
  for (const std::string command : {"list", "info", "show Travel", "smdp", "notification list"})
    CHECK(cli_test::run(command + " --card all", setting).code == 0);
  for (const std::string command :
       {"enable Travel", "disable Home", "rename Home X", "delete Travel --yes", "smdp --clear",
        "smdp a.example", "notification remove 1 --force", "reset --default-smdp --yes"}) {
    CAPTURE(command);
    const auto result = cli_test::run(command + " --card all", setting);
    CHECK(result.code == 2);
    CHECK(contains(result.err, "esimctl each -- COMMAND"));
  }
}

TEST_CASE("--card all is every card for what uses several by itself too") {
  const auto setting = readers({"A", "B"});
  CHECK(nlohmann::json::parse(cli_test::run("cards --json --card all", setting).out)["cards"]
            .size() == 2);
  CHECK(lines_of(cli_test::run("--card all each -- smdp", setting).out).size() == 2);
  CHECK(cli_test::run("--card all explain 5", setting).code == 0);
}

TEST_CASE("--card all leaves out what is no eUICC, unless there is nothing else") {
  auto setting = readers({"A"});
  auto plain = sim::fresh();
  plain.options.isdr = false;
  setting.readers["B"] = [plain] { return std::make_unique<test::SimulatedCard>(plain); };
  const auto both = cli_test::run("smdp --card all", setting);
  CHECK(both.code == 0);
  CHECK_FALSE(contains(both.out, "B\t"));
  setting.readers.erase("A");
  CHECK(cli_test::run("smdp --card all", setting).code == 5);
}

TEST_CASE("of many exit codes an error wins, then 8, 11, 12") {
  CHECK(cli::worse_exit(0, 12) == 12);
  CHECK(cli::worse_exit(12, 11) == 11);
  CHECK(cli::worse_exit(11, 8) == 8);
  CHECK(cli::worse_exit(8, 11) == 8);
  CHECK(cli::worse_exit(8, 3) == 3);
  CHECK(cli::worse_exit(3, 8) == 3);
  CHECK(cli::worse_exit(7, 5) == 7);
  CHECK(cli::worse_exit(0, 0) == 0);
}
