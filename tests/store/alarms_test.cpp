#include "store/alarms.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "store/history.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

using store::KeptAlarm;
using usage::DataSize;

namespace {

constexpr auto no_note = [](const std::string&) {};

base::UtcTime at(std::int64_t seconds) { return base::UtcTime(std::chrono::seconds(seconds)); }

KeptAlarm level(const std::string& account = "work") {
  return {.account = account,
          .line = "id:sim-1",
          .name = "sim-1",
          .kind = "level",
          .percent = 80,
          .finding = {},
          .raised = at(1'800'000'000),
          .seen = at(1'800'000'100),
          .over = {},
          .muted_until = {},
          .told = {},
          .used = {},
          .limit = {},
          .hit = {},
          .cycle_start = {},
          .cycle_end = {}};
}

/// With all that there can be.
KeptAlarm full() {
  auto made = level();
  made.kind = "burn-rate";
  made.percent = 0;
  made.finding = usage::Finding{.detector = usage::Detector::burn_rate,
                                .observed = 1LL << 50,
                                .usual = 12,
                                .score = 0.1 + 0.2,
                                .since = at(1'799'999'999),
                                .sureness = usage::Sureness::medium,
                                .advice = usage::Advice::slow_down};
  made.over = at(1'800'000'200);
  made.acknowledged = true;
  made.muted_until = at(1'800'600'000);
  made.told = at(1'800'000'001);
  made.used = DataSize::of_bytes(7);
  made.limit = DataSize::of_bytes(8);
  made.hit = {at(1), at(2), at(3)};
  made.cycle_start = at(4);
  made.cycle_end = at(5);
  return made;
}

void add(store::History& history, const std::vector<KeptAlarm>& more) {
  history.change_alarms(
      {}, [&](std::vector<KeptAlarm>& all) { all.insert(all.end(), more.begin(), more.end()); });
}

}  // namespace

TEST_CASE("alarms are found again as they were kept, by numbers of their own") {
  const test::TemporaryDirectory directory;
  {
    auto history = store::History::open(directory.path(), no_note);
    add(history, {level(), full()});
  }
  auto history = store::History::open_existing(directory.path());
  const auto found = history.alarms({});
  REQUIRE(found.size() == 2);
  auto first = level();
  first.id = 1;
  auto second = full();
  second.id = 2;
  CHECK(found == std::vector{first, second});
  CHECK(history.alarm(2) == second);
  CHECK_FALSE(history.alarm(3));
  // Those that were over before are left out.
  CHECK(history.alarms(at(1'800'000'200)).size() == 2);
  CHECK(history.alarms(at(1'800'000'201)) == std::vector{first});
}

TEST_CASE("what becomes of alarms is kept, all or none") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  add(history, {level()});
  const auto kept = history.change_alarms({}, [](std::vector<KeptAlarm>& all) {
    all.front().acknowledged = true;
    all.push_back(full());
  });
  REQUIRE(kept.size() == 2);
  CHECK(kept.back().id == 2);
  CHECK(history.alarms({}) == kept);
  CHECK_THROWS_AS(history.change_alarms({},
                                        [](std::vector<KeptAlarm>& all) {
                                          all.clear();
                                          all.push_back(level());
                                          throw std::runtime_error("in the middle");
                                        }),
                  std::runtime_error);
  CHECK(history.alarms({}) == kept);
}

TEST_CASE("the number of an alarm is never used again, also when its account is forgotten") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  add(history, {level(), level("home"), level()});
  history.forget("work");
  REQUIRE(history.alarms({}).size() == 1);
  CHECK(history.alarms({}).front().account == "home");
  add(history, {level()});
  CHECK(history.alarms({}).back().id == 4);
}

TEST_CASE("an alarm that was changed from outside to what there is not is an error") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  add(history, {full()});
  for (const auto* change :
       {"kind = 'weather'", "sureness = 3", "advice = -1", "score = 'far'", "used = -1"}) {
    CAPTURE(change);
    const test::TemporaryDirectory place;
    auto other = store::History::open(place.path(), no_note);
    add(other, {full()});
    store::Database::open_existing(store::History::file_in(place.path()),
                                   std::vector<std::string_view>{"", ""})
        .run(std::string("UPDATE alarm SET ") + change);
    const auto error = test::error_of([&] { static_cast<void>(other.alarms({})); });
    REQUIRE(error);
    CHECK(error->code() == "store.corrupt");
  }
  CHECK(history.alarms({}).size() == 1);
}
