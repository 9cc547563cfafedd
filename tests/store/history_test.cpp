#include "store/history.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_directory.hpp"

namespace {

constexpr auto no_note = [](const std::string&) {};

base::UtcTime at(std::int64_t seconds) { return base::UtcTime(std::chrono::seconds(seconds)); }

usage::Snapshot full() {
  return {.line = {.iccid = "8944100000000042176",
                   .eid = "89049032000000000000000000042164",
                   .msisdn = "12065550140",
                   .imsi = "310260000004217",
                   .provider_id = "sim-1"},
          .plan = "Annual",
          .expires_at = at(1'900'000'000),
          .cycle = usage::Cycle{.rule = usage::CycleRule::weekly,
                                .start = at(1'800'000'000),
                                .end = at(1'800'604'800),
                                .zone = "Europe/Berlin"},
          .limit = usage::DataSize::of_bytes(5'000'000'000),
          .limit_behaviour = usage::LimitBehaviour::billed,
          .used = usage::DataSize::of_bytes(7),
          .remaining = usage::DataSize::of_bytes(4'999'999'993),
          .balance = {},
          .as_of = at(1'800'000'100),
          .fetched_at = at(1'800'000'200),
          .source = "Somebody",
          .confidence = "a guess"};
}

}  // namespace

TEST_CASE("a snapshot is found again as it was kept, with all that is not known") {
  const test::TemporaryDirectory directory;
  auto unlimited = full();
  unlimited.line = {};
  unlimited.limit = usage::Unlimited{};
  unlimited.cycle.reset();
  unlimited.used.reset();
  unlimited.remaining.reset();
  unlimited.as_of.reset();
  unlimited.expires_at.reset();
  unlimited.plan.reset();
  {
    auto history = store::History::open(directory.path(), no_note);
    history.put("work", full());
    history.put("home", unlimited);
  }
  auto history = store::History::open_existing(directory.path());
  const auto newest = history.newest();
  REQUIRE(newest.size() == 2);
  CHECK(newest.at(0).account == "home");
  CHECK(newest.at(0).snapshot == unlimited);
  CHECK(newest.at(1).snapshot == full());
}

TEST_CASE("the newest of each line of each account counts, and an account can be forgotten") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  history.put("work", full());
  auto later = full();
  later.used = usage::DataSize::of_bytes(8);
  history.put("work", later);
  history.put("home", full());
  auto other = full();
  other.line = {.iccid = {}, .eid = {}, .msisdn = {}, .imsi = {}, .provider_id = "sim-2"};
  history.put("work", other);
  REQUIRE(history.newest().size() == 3);
  CHECK(history.newest().at(1).snapshot == later);
  history.put(
      {.account = "work", .money = usage::Money::parse("12.50", "USD"), .fetched_at = at(1)});
  history.put({.account = "work", .money = usage::Money::parse("-3", "USD"), .fetched_at = at(2)});
  REQUIRE(history.newest_balances().size() == 1);
  CHECK(history.newest_balances().front().money.amount() == "-3.00");
  CHECK(history.newest_balances().front().fetched_at == at(2));
  history.forget("work");
  CHECK(history.newest().size() == 1);
  CHECK(history.newest_balances().empty());
}
