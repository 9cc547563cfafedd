#include "base/utc.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

TEST_CASE("a time is written as RFC 3339 has it, and read back as the same") {
  const auto time = std::chrono::sys_days(2026y / 3 / 9) + 7h + 5min + 1s;
  CHECK(base::to_rfc3339(time) == "2026-03-09T07:05:01Z");
  CHECK(base::from_rfc3339("2026-03-09T07:05:01Z") == time);
  CHECK(base::to_rfc3339(base::UtcTime()) == "1970-01-01T00:00:00Z");
  CHECK(base::to_rfc3339(base::UtcTime(-1s)) == "1969-12-31T23:59:59Z");
}

TEST_CASE("what is no time, or another form of one, is not read") {
  for (const auto* text : {"", "2026-03-09", "2026-03-09 07:05:01Z", "2026-03-09T07:05:01",
                           "2026-03-09T07:05:01+01:00", "2026-02-30T07:05:01Z",
                           "2026-13-01T07:05:01Z", "2026-03-09T24:05:01Z", "2026-03-09T07:60:01Z",
                           "2026-03-09T07:05:60Z", "2026-03-0aT07:05:01Z"}) {
    CAPTURE(text);
    CHECK_FALSE(base::from_rfc3339(text));
  }
}
