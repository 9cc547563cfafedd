#include "base/clock.hpp"

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
