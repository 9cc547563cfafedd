#include "usage/polling.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "usage/zone.hpp"

namespace {

using base::UtcTime;
using usage::DataSize;
using usage::Polled;
using namespace std::chrono_literals;

UtcTime at(const char* text) { return base::from_rfc3339(text).value(); }

DataSize mb(std::int64_t count) { return DataSize::of_bytes(count * 1'000'000); }

/// At noon, far from the quiet hours.
Polled noon() { return {.asked = at("2027-03-15T12:00:00Z"), .floor = 300s}; }

std::chrono::seconds pause(const Polled& polled) { return usage::next_poll(polled) - polled.asked; }

}  // namespace

TEST_CASE("a line is asked again after half the time that a busy hour needs to the threshold") {
  struct Row {
    std::int64_t to_threshold;
    std::int64_t an_hour;
    std::chrono::seconds pause;
  };
  for (const auto& [to_threshold, an_hour, expected] :
       {Row{100, 100, 30min}, Row{100, 50, 1h}, Row{400, 50, 4h}, Row{600, 50, 6h},
        Row{6000, 50, 6h}, Row{1, 100, 5min}, Row{0, 100, 5min}, Row{100, 0, 6h}, Row{0, 0, 6h}}) {
    auto polled = noon();
    polled.to_threshold = mb(to_threshold);
    polled.an_hour = mb(an_hour);
    CHECK(pause(polled) == expected);
  }
}

TEST_CASE("what nothing limits is asked seldom, and what is not known yet every hour") {
  auto polled = noon();
  polled.an_hour = mb(100);
  CHECK(pause(polled) == 6h);
  polled.an_hour.reset();
  CHECK(pause(polled) == 6h);
  polled.to_threshold = mb(100);
  CHECK(pause(polled) == 1h);
}

TEST_CASE("the quiet hours begin and end with a look, by the clock of the line") {
  struct Row {
    const char* asked;
    const char* zone;
    const char* next;
  };
  for (const auto& [asked, zone, next] : {
           Row{"2027-03-15T23:00:00Z", "UTC", "2027-03-16T02:00:00Z"},
           Row{"2027-03-16T02:00:00Z", "UTC", "2027-03-16T06:00:00Z"},
           Row{"2027-03-16T01:59:00Z", "UTC", "2027-03-16T02:04:00Z"},  // the floor wins
           Row{"2027-03-15T23:00:00Z", "America/New_York", "2027-03-16T05:00:00Z"},
           Row{"2027-03-16T05:00:00Z", "America/New_York", "2027-03-16T06:00:00Z"},
           Row{"2027-03-15T23:00:00Z", "Europe/Berlin", "2027-03-16T01:00:00Z"},
           // The clock goes from 02:00 to 03:00, and on another day from 03:00 to 02:00.
           Row{"2027-03-28T00:30:00Z", "Europe/Berlin", "2027-03-28T01:00:00Z"},
           Row{"2027-03-28T01:00:00Z", "Europe/Berlin", "2027-03-28T04:00:00Z"},
           Row{"2027-10-30T23:00:00Z", "Europe/Berlin", "2027-10-31T00:00:00Z"},
           Row{"2027-10-31T00:00:00Z", "Europe/Berlin", "2027-10-31T05:00:00Z"},
       }) {
    CHECK(base::to_rfc3339(usage::next_poll({.asked = at(asked), .zone = zone, .floor = 300s})) ==
          next);
  }
}

TEST_CASE("a provider that wants no request yet gets none") {
  auto polled = noon();
  polled.not_before = polled.asked + 10h;
  CHECK(pause(polled) == 10h);
  polled.not_before = polled.asked - 1h;
  CHECK(pause(polled) == 6h);
}

TEST_CASE("a busy hour is one in ten") {
  std::vector<usage::Bucket> hours;
  const auto start = at("2027-03-14T00:00:00Z");
  for (int i = 0; i < 30; ++i) hours.push_back({start + i * 1h, mb(i % 5 == 0 ? 50 : 1)});
  CHECK(usage::busy_hour(hours, start + 30h) == mb(50));
  for (auto& each : hours) each.size = mb(1);
  hours[3].size = mb(900);  // once is not often
  CHECK(usage::busy_hour(hours, start + 30h) == mb(1));
  CHECK_FALSE(usage::busy_hour(std::vector(hours.begin(), hours.begin() + 23), start + 23h));
  CHECK_FALSE(usage::busy_hour(hours, start + std::chrono::days(40)));
  CHECK_FALSE(usage::busy_hour({}, start));
  const std::vector<usage::Bucket> days{{start, mb(240)}, {start + 24h, mb(240)}};
  CHECK(usage::busy_hour(days, start + 48h) == mb(10));
}

TEST_CASE("no line is asked sooner than its provider allows, or later than six hours") {
  CHECK(rc::check([] {
    const auto number = [](std::int64_t from, std::int64_t to) {
      return *rc::gen::inRange<std::int64_t>(from, to);
    };
    Polled polled{.asked = UtcTime(std::chrono::seconds(number(0, 4'000'000'000)))};
    if (number(0, 4) > 0)
      polled.to_threshold = DataSize::of_bytes(number(0, std::numeric_limits<std::int64_t>::max()));
    if (number(0, 4) > 0)
      polled.an_hour = DataSize::of_bytes(number(0, std::numeric_limits<std::int64_t>::max()));
    polled.zone = *rc::gen::element<std::string>("UTC", "Europe/Berlin", "Pacific/Apia",
                                                 "Asia/Kathmandu", "America/St_Johns");
    polled.floor = std::chrono::seconds(number(0, std::int64_t{6} * 3600));
    const auto next = usage::next_poll(polled);
    RC_ASSERT(next >= polled.asked + polled.floor);
    RC_ASSERT(next > polled.asked);
    RC_ASSERT(next <= polled.asked + 6h);
    // A look that would have been due at 02:00 or 06:00 is not missed, but for the floor.
    for (auto time = polled.asked + polled.floor + 1min; time < next; time += 1min) {
      const auto shown = usage::local_time(time, polled.zone);
      const auto minute = floor<std::chrono::minutes>(shown - floor<std::chrono::days>(shown));
      RC_ASSERT(minute != 2h);
      RC_ASSERT(minute != 6h);
    }
    polled.floor = 12h;
    RC_ASSERT(usage::next_poll(polled) == polled.asked + 12h);
    polled.not_before = polled.asked + 20h;
    RC_ASSERT(usage::next_poll(polled) == polled.asked + 20h);
  }));
}
