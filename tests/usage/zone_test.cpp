#include "usage/zone.hpp"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "tests/support/errors.hpp"

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;

namespace {

base::UtcTime at(const char* text) { return base::from_rfc3339(text).value(); }

std::string start(std::chrono::year_month_day day, const std::string& zone) {
  return base::to_rfc3339(usage::start_of_day(local_days(day), zone));
}

}  // namespace

TEST_CASE("a day begins at 00:00 of the place") {
  CHECK(start(2026y / 7 / 1, "UTC") == "2026-07-01T00:00:00Z");
  CHECK(start(2026y / 7 / 1, "Etc/UTC") == "2026-07-01T00:00:00Z");
  CHECK(start(2026y / 7 / 1, "Europe/Berlin") == "2026-06-30T22:00:00Z");
  CHECK(start(2026y / 1 / 1, "Europe/Berlin") == "2025-12-31T23:00:00Z");
  CHECK(start(2026y / 7 / 1, "America/New_York") == "2026-07-01T04:00:00Z");
  CHECK(start(2026y / 7 / 1, "Asia/Kathmandu") == "2026-06-30T18:15:00Z");
}

TEST_CASE("the clocks of the years to come are known, which a database without them would show") {
  CHECK(start(2036y / 1 / 10, "America/New_York") == "2036-01-10T05:00:00Z");
  CHECK(start(2036y / 7 / 10, "America/New_York") == "2036-07-10T04:00:00Z");
}

TEST_CASE("a day without 00:00 begins when the clocks are put on") {
  // 26 April 2024 in Cairo goes from 00:00 to 01:00 at once, 30 March 2019 in Gaza does too.
  CHECK(start(2024y / 4 / 26, "Africa/Cairo") == "2024-04-25T22:00:00Z");
  CHECK(start(2024y / 4 / 27, "Africa/Cairo") == "2024-04-26T21:00:00Z");
  CHECK(usage::local_day(at("2024-04-25T21:59:59Z"), "Africa/Cairo") == local_days(2024y / 4 / 25));
  CHECK(usage::local_day(at("2024-04-25T22:00:00Z"), "Africa/Cairo") == local_days(2024y / 4 / 26));
  CHECK(start(2019y / 3 / 29, "Asia/Gaza") == "2019-03-28T22:00:00Z");
  CHECK(start(2019y / 3 / 30, "Asia/Gaza") == "2019-03-29T21:00:00Z");
}

TEST_CASE("a day with 00:00 twice begins the first time") {
  CHECK(start(2021y / 10 / 29, "Asia/Gaza") == "2021-10-28T21:00:00Z");
  CHECK(start(2021y / 10 / 30, "Asia/Gaza") == "2021-10-29T22:00:00Z");
}

TEST_CASE("a day that a place skipped begins with the next one") {
  CHECK(start(2011y / 12 / 30, "Pacific/Apia") == "2011-12-30T10:00:00Z");
  CHECK(start(2011y / 12 / 31, "Pacific/Apia") == "2011-12-30T10:00:00Z");
}

TEST_CASE("before a day begins no clock shows it, and from then on it has been shown") {
  for (const std::string zone :
       {"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Gaza",
        "Africa/Cairo", "Pacific/Apia", "America/St_Johns", "America/Havana", "Asia/Beirut",
        "America/Sao_Paulo", "Atlantic/Azores", "Antarctica/Troll", "Pacific/Kwajalein"}) {
    CAPTURE(zone);
    for (local_days day(1985y / 1 / 1); day < local_days(2037y / 1 / 1); day += days(1)) {
      const auto begins = usage::start_of_day(day, zone);
      const bool right =
          usage::local_day(begins, zone) >= day && usage::local_day(begins - 1s, zone) < day;
      if (!right) FAIL_CHECK(base::to_rfc3339(begins));
    }
  }
}

TEST_CASE("a zone that nobody knows is an error") {
  for (const std::string zone :
       {"", "Europe/Bielefeld", "utc", "Europe/berlin", "localtime", "posixrules", "zone.tab",
        "right/Europe/Berlin", "../../../etc/passwd", "/etc/localtime"}) {
    CAPTURE(zone);
    CHECK(test::error_code([&] { usage::start_of_day(local_days(2026y / 1 / 1), zone); }) ==
          "usage.zone");
    CHECK(test::error_code([&] { usage::local_day(at("2026-01-01T00:00:00Z"), zone); }) ==
          "usage.zone");
  }
}

TEST_CASE("an instant of no calendar's years is an error") {
  for (const auto instant : {base::UtcTime::min(), at("0000-12-31T23:59:59Z"),
                             at("9999-01-01T00:00:00Z"), base::UtcTime::max()}) {
    CHECK(test::error_code([&] { usage::local_day(instant, "UTC"); }) == "usage.cycle");
    CHECK(test::error_code([&] { usage::local_day(instant, "Europe/Berlin"); }) == "usage.cycle");
  }
  CHECK(usage::local_day(at("9998-12-31T23:59:59Z"), "UTC") == local_days(9998y / 12 / 31));
}

TEST_CASE("without a time zone database UTC is known, and other zones are an error" *
          doctest::skip()) {  // tests/usage/without-tzdata hides the database and runs it
  CHECK(start(2026y / 7 / 1, "UTC") == "2026-07-01T00:00:00Z");
  CHECK(usage::local_day(at("2026-07-01T00:00:00Z"), "UTC") == local_days(2026y / 7 / 1));
  for (const std::string zone : {"Europe/Berlin", "Etc/UTC", "Europe/Bielefeld"})
    CHECK(test::error_code([&] { usage::start_of_day(local_days(2026y / 1 / 1), zone); }) ==
          "usage.no-tzdata");
}
