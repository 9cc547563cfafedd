#include "base/spoken_time.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("a length of time is told in its largest unit, rounded down") {
  CHECK(base::spoken(-5s) == "0 seconds");
  CHECK(base::spoken(1s) == "1 second");
  CHECK(base::spoken(59s) == "59 seconds");
  CHECK(base::spoken(119s) == "1 minute");
  CHECK(base::spoken(3h + 59min) == "3 hours");
  CHECK(base::spoken(48h) == "2 days");
}
