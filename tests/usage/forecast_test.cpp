#include "usage/forecast.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using std::chrono::days;
using usage::Bucket;
using usage::DataSize;

namespace {

constexpr std::int64_t megabyte = 1'000'000;

base::UtcTime at(const std::string& text) { return base::from_rfc3339(text).value(); }
DataSize size(std::int64_t bytes) { return DataSize::of_bytes(bytes); }

const auto start = at("2026-07-01T00:00:00Z");
const usage::Cycle july{usage::CycleRule::monthly, start, start + days(30), "UTC"};

/// So many days up to `end`, each with that much.
std::vector<Bucket> even_days(base::UtcTime end, int count, std::int64_t bytes) {
  std::vector<Bucket> made;
  for (int back = count; back > 0; --back)
    made.push_back({end - days(back), size(bytes), false, false});
  return made;
}

}  // namespace

TEST_CASE("a line that uses the same each day will have used that much at the end") {
  const auto now = start + days(10);
  const auto past = even_days(now, 42, 100 * megabyte);
  const auto made = usage::forecast({.days = past,
                                     .left_out = {},
                                     .cycle = july,
                                     .used = size(1000 * megabyte),
                                     .limit = size(2500 * megabyte),
                                     .now = now,
                                     .lag = {}});
  REQUIRE(made);
  CHECK(made->expected == size(3000 * megabyte));
  CHECK(made->low == made->expected);
  CHECK(made->high == made->expected);
  CHECK(made->per_day == size(100 * megabyte));
  CHECK(made->hit.likely == start + days(25));
  CHECK(made->hit.earliest == made->hit.latest);
  CHECK(made->safe_per_day == size(75 * megabyte));
}

TEST_CASE("a limit that will not be reached has no day on which it is") {
  const auto now = start + days(10);
  const auto past = even_days(now, 42, 100 * megabyte);
  usage::Outlook outlook{.days = past,
                         .left_out = {},
                         .cycle = july,
                         .used = size(1000 * megabyte),
                         .limit = size(3001 * megabyte),
                         .now = now,
                         .lag = {}};
  CHECK(usage::forecast(outlook)->hit == usage::HitDates{});
  outlook.limit.reset();
  CHECK(usage::forecast(outlook)->hit == usage::HitDates{});
  CHECK_FALSE(usage::forecast(outlook)->safe_per_day);
  outlook.limit = size(1000 * megabyte);
  CHECK(usage::forecast(outlook)->hit.earliest == now);
  CHECK(usage::forecast(outlook)->safe_per_day == size(0));
}

TEST_CASE("early in a cycle the weeks before count for more than its first days") {
  const auto now = start + days(1);
  const auto past = even_days(start, 28, 100 * megabyte);
  const auto made = usage::forecast({.days = past,
                                     .left_out = {},
                                     .cycle = july,
                                     .used = size(900 * megabyte),
                                     .limit = {},
                                     .now = now,
                                     .lag = {}});
  // Between 100, as the days were before, and 100 + 1/8 of the 800 that the first was over it.
  CHECK(made->middle == size((900 + 29 * 100) * megabyte));
  CHECK(made->per_day == size(150 * megabyte));
  CHECK(made->expected == size((900 + 29 * 150) * megabyte));
}

TEST_CASE("what is not published yet is taken off what may be used each day") {
  const auto now = start + days(10);
  const auto past = even_days(now, 42, 100 * megabyte);
  const auto made = usage::forecast({.days = past,
                                     .left_out = {},
                                     .cycle = july,
                                     .used = size(1000 * megabyte),
                                     .limit = size(3000 * megabyte),
                                     .now = now,
                                     .lag = 12h});
  CHECK(made->safe_per_day == size(1950 * megabyte / 20));
}

TEST_CASE("days that are left out are not expected again, but stay used") {
  const auto now = start + days(10);
  auto past = even_days(now, 42, 100 * megabyte);
  past.back().size = size(2100 * megabyte);
  usage::Outlook outlook{.days = past,
                         .left_out = {},
                         .cycle = july,
                         .used = size(3000 * megabyte),
                         .limit = {},
                         .now = now,
                         .lag = {}};
  const auto with = usage::forecast(outlook);
  const std::vector left_out{past.back().start};
  outlook.left_out = left_out;
  const auto without = usage::forecast(outlook);
  CHECK(without->expected == size(5000 * megabyte));
  CHECK(without->high == without->expected);
  CHECK(with->expected > without->expected);
  CHECK(with->high > without->high);
}

TEST_CASE("weekends are drawn from weekends") {
  // On a Friday evening, with two days left: by the days alone it would be anything.
  const auto now = at("2026-07-18T00:00:00Z");
  auto past = even_days(now, 42, 100 * megabyte);
  for (auto& day : past) {
    const std::chrono::weekday on(std::chrono::floor<days>(day.start));
    if (on == std::chrono::Saturday || on == std::chrono::Sunday) day.size = size(400 * megabyte);
  }
  auto weekend = july;
  weekend.start = now - days(12);
  weekend.end = now + days(2);
  const auto made = usage::forecast({.days = past,
                                     .left_out = {},
                                     .cycle = weekend,
                                     .used = size(0),
                                     .limit = {},
                                     .now = now,
                                     .lag = {}});
  CHECK(made->low == size(800 * megabyte));
  CHECK(made->high == size(800 * megabyte));
}

TEST_CASE("nothing is said of a cycle that is unknown or over, or before there is anything") {
  const auto now = start + days(10);
  const auto past = even_days(now, 42, 100 * megabyte);
  usage::Outlook outlook{.days = past,
                         .left_out = {},
                         .cycle = {},
                         .used = size(1),
                         .limit = {},
                         .now = now,
                         .lag = {}};
  CHECK_FALSE(usage::forecast(outlook));
  outlook.cycle = july;
  CHECK(usage::forecast(outlook));
  CHECK(usage::forecast(outlook) == usage::forecast(outlook));
  outlook.now = july.end.value();
  CHECK_FALSE(usage::forecast(outlook));
  outlook.now = start + 1h;
  outlook.days = {};
  CHECK_FALSE(usage::forecast(outlook));
  outlook.now = start + 6h;
  CHECK(usage::forecast(outlook)->expected == size(120));
}

TEST_CASE("a cycle over the change of clocks has days of the zone") {
  const auto begin = at("2026-03-24T23:00:00Z");
  const usage::Cycle spring{usage::CycleRule::monthly, begin, at("2026-04-24T22:00:00Z"),
                            "Europe/Berlin"};
  std::vector<Bucket> past;
  for (int back = 42; back > 0; --back)
    past.push_back({begin - days(back), size(100 * megabyte), false, false});
  const auto made = usage::forecast({.days = past,
                                     .left_out = {},
                                     .cycle = spring,
                                     .used = size(0),
                                     .limit = size(1000 * megabyte),
                                     .now = begin,
                                     .lag = {}});
  REQUIRE(made->hit.likely);
  // The fifth of them has 23 hours, so ten days' worth takes an hour more than ten dates.
  CHECK(made->hit.likely == begin + days(10));
}
