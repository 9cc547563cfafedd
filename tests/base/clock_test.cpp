#include "base/clock.hpp"

#include <chrono>
#include <stop_token>
#include <thread>

#include <doctest/doctest.h>

#include "tests/support/manual_clock.hpp"

TEST_CASE("the machine's clock never goes back and waits at least as long as it is told") {
  base::SystemClock clock;
  const auto before = clock.now();
  clock.wait(std::chrono::milliseconds(2));
  CHECK(clock.now() - before >= std::chrono::milliseconds(1));  // rounded down to milliseconds
}

TEST_CASE("the tests' clock moves only when somebody waits on it") {
  test::ManualClock clock;
  const auto before = clock.now();
  CHECK(clock.now() == before);
  clock.wait(std::chrono::hours(1));
  CHECK(clock.now() - before == std::chrono::hours(1));
  CHECK(clock.waits() == 1);
}

TEST_CASE("the time of day is the machine's, to the second") {
  base::SystemClock clock;
  const auto before = std::chrono::system_clock::now();
  const auto told = clock.utc();
  CHECK(told >= std::chrono::floor<std::chrono::seconds>(before));
  CHECK(told <= std::chrono::system_clock::now());
}

TEST_CASE("who waits until a time of day is let go at once when it is to stop") {
  base::SystemClock clock;
  clock.wait_until(clock.utc() - std::chrono::hours(1), {});  // is over
  std::stop_source stop;
  std::thread other([&] { stop.request_stop(); });
  clock.wait_until(clock.utc() + std::chrono::days(365), stop.get_token());
  other.join();
  CHECK(stop.stop_requested());

  test::ManualClock manual(base::UtcTime{});
  manual.wait_until(base::UtcTime(std::chrono::hours(1)), {});
  CHECK(manual.passed() == std::chrono::hours(1));
  manual.wait_until(base::UtcTime(std::chrono::hours(9)), stop.get_token());
  CHECK(manual.passed() == std::chrono::hours(1));
}
