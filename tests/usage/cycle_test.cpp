#include "usage/cycle.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/error.hpp"

using namespace std::chrono_literals;
using std::chrono::day;
using std::chrono::days;
using std::chrono::weekday;
using usage::Cycle;
using usage::CycleAnchor;
using usage::CycleRule;
using usage::EveryDay;

namespace {

base::UtcTime at(const std::string& text) { return base::from_rfc3339(text).value(); }

std::string span(const Cycle& cycle) {
  return base::to_rfc3339(cycle.start.value()) + " " + base::to_rfc3339(cycle.end.value());
}

/// The first days of `count` cycles from the one that contains `instant`, in UTC.
std::vector<std::string> first_days(const std::string& instant, const CycleAnchor& anchor,
                                    int count) {
  std::vector<std::string> found;
  auto time = at(instant);
  for (int i = 0; i < count; ++i) {
    const auto cycle = usage::cycle_at(time, anchor, "UTC");
    found.push_back(base::to_rfc3339(cycle.start.value()).substr(0, 10));
    time = cycle.end.value();
  }
  return found;
}

using Days = std::vector<std::string>;

/// What is wrong with the cycle of that instant and the ones beside it; empty: nothing.
std::string fault_at(base::UtcTime instant, const CycleAnchor& anchor, const std::string& zone) {
  const auto cycle = usage::cycle_at(instant, anchor, zone);
  const auto start = cycle.start.value();
  const auto end = cycle.end.value();
  if (start > instant || end <= instant) return "the instant is outside: " + span(cycle);
  if (usage::cycle_at(start, anchor, zone) != cycle) return "its start has another cycle";
  if (usage::cycle_at(end - 1s, anchor, zone) != cycle) return "its end has another cycle";
  if (usage::cycle_at(start - 1s, anchor, zone).end != start) return "a gap or overlap before";
  if (usage::cycle_at(end, anchor, zone).start != end) return "a gap or overlap behind";
  if (usage::next_boundary(instant, anchor, zone) != end) return "the next boundary is elsewhere";
  return {};
}

const std::vector<std::string> zones{"UTC",
                                     "Europe/Berlin",
                                     "America/New_York",
                                     "Australia/Lord_Howe",
                                     "Asia/Gaza",
                                     "Africa/Cairo",
                                     "Pacific/Apia",
                                     "America/St_Johns",
                                     "America/Havana",
                                     "America/Sao_Paulo",
                                     "Asia/Beirut",
                                     "Pacific/Kwajalein",
                                     "Asia/Kathmandu",
                                     "Pacific/Chatham",
                                     "Africa/Casablanca",
                                     "Antarctica/Troll"};

}  // namespace

TEST_CASE("a monthly cycle goes from its day to that day of the next month") {
  const auto cycle = usage::cycle_at(at("2026-03-10T12:00:00Z"), day(5), "UTC");
  CHECK(cycle ==
        Cycle{CycleRule::monthly, at("2026-03-05T00:00:00Z"), at("2026-04-05T00:00:00Z"), "UTC"});
  CHECK(span(usage::cycle_at(at("2026-03-05T00:00:00Z"), day(5), "UTC")) ==
        "2026-03-05T00:00:00Z 2026-04-05T00:00:00Z");
  CHECK(span(usage::cycle_at(at("2026-03-04T23:59:59Z"), day(5), "UTC")) ==
        "2026-02-05T00:00:00Z 2026-03-05T00:00:00Z");
  CHECK(span(usage::cycle_at(at("2026-12-31T23:59:59Z"), day(5), "UTC")) ==
        "2026-12-05T00:00:00Z 2027-01-05T00:00:00Z");
}

TEST_CASE(
    "in a month that is too short a cycle begins on the last day, and the next is not moved") {
  CHECK(first_days("2026-01-31T08:00:00Z", day(31), 6) ==
        Days{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"});
  CHECK(first_days("2028-01-31T08:00:00Z", day(31), 3) ==
        Days{"2028-01-31", "2028-02-29", "2028-03-31"});
  CHECK(first_days("2028-01-30T08:00:00Z", day(30), 3) ==
        Days{"2028-01-30", "2028-02-29", "2028-03-30"});
  CHECK(first_days("2027-01-29T08:00:00Z", day(29), 3) ==
        Days{"2027-01-29", "2027-02-28", "2027-03-29"});
  CHECK(first_days("2028-01-28T08:00:00Z", day(28), 3) ==
        Days{"2028-01-28", "2028-02-28", "2028-03-28"});
  CHECK(first_days("2100-01-31T08:00:00Z", day(29), 3) ==
        Days{"2100-01-29", "2100-02-28", "2100-03-29"});
}

TEST_CASE("a weekly cycle begins on its weekday, a daily one every day") {
  const auto weekly = usage::cycle_at(at("2026-07-15T12:00:00Z"), std::chrono::Monday, "UTC");
  CHECK(weekly.rule == CycleRule::weekly);
  CHECK(span(weekly) == "2026-07-13T00:00:00Z 2026-07-20T00:00:00Z");
  CHECK(span(usage::cycle_at(at("2026-07-13T00:00:00Z"), std::chrono::Monday, "UTC")) ==
        span(weekly));
  CHECK(span(usage::cycle_at(at("2026-07-15T12:00:00Z"), std::chrono::Thursday, "UTC")) ==
        "2026-07-09T00:00:00Z 2026-07-16T00:00:00Z");
  const auto daily = usage::cycle_at(at("2026-07-15T12:00:00Z"), EveryDay(), "UTC");
  CHECK(daily.rule == CycleRule::daily);
  CHECK(span(daily) == "2026-07-15T00:00:00Z 2026-07-16T00:00:00Z");
}

TEST_CASE("a cycle begins at 00:00 of the plan's zone, in summer and in winter") {
  CHECK(span(usage::cycle_at(at("2026-03-10T00:00:00Z"), day(1), "Europe/Berlin")) ==
        "2026-02-28T23:00:00Z 2026-03-31T22:00:00Z");
  CHECK(span(usage::cycle_at(at("2026-11-01T12:00:00Z"), day(1), "America/New_York")) ==
        "2026-11-01T04:00:00Z 2026-12-01T05:00:00Z");
  CHECK(span(usage::cycle_at(at("2026-04-10T00:00:00Z"), day(1), "Australia/Lord_Howe")) ==
        "2026-03-31T13:00:00Z 2026-04-30T13:30:00Z");
  CHECK(span(usage::cycle_at(at("2026-10-25T12:00:00Z"), EveryDay(), "Europe/Berlin")) ==
        "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z");
}

TEST_CASE("a cycle whose first day has no 00:00 begins when that day does") {
  CHECK(span(usage::cycle_at(at("2024-04-26T12:00:00Z"), day(26), "Africa/Cairo")) ==
        "2024-04-25T22:00:00Z 2024-05-25T21:00:00Z");
  CHECK(span(usage::cycle_at(at("2024-04-26T12:00:00Z"), EveryDay(), "Africa/Cairo")) ==
        "2024-04-25T22:00:00Z 2024-04-26T21:00:00Z");
}

TEST_CASE("a day that begins twice is one cycle") {
  // At 00:01 of 7 November 2010 the clocks of St John's were put back to 23:01 of the day before.
  const std::string whole = "2010-11-07T02:30:00Z 2010-11-08T03:30:00Z";
  for (const auto* instant : {"2010-11-07T02:30:00Z", "2010-11-07T02:45:00Z",
                              "2010-11-07T03:45:00Z", "2010-11-08T03:29:59Z"}) {
    CAPTURE(instant);
    CHECK(span(usage::cycle_at(at(instant), EveryDay(), "America/St_Johns")) == whole);
    CHECK(usage::cycle_at(at(instant), day(7), "America/St_Johns").start ==
          at("2010-11-07T02:30:00Z"));
  }
}

TEST_CASE("a day that a place skipped has no cycle, and begins none") {
  CHECK(span(usage::cycle_at(at("2011-12-30T09:59:59Z"), EveryDay(), "Pacific/Apia")) ==
        "2011-12-29T10:00:00Z 2011-12-30T10:00:00Z");
  CHECK(span(usage::cycle_at(at("2011-12-30T10:00:00Z"), EveryDay(), "Pacific/Apia")) ==
        "2011-12-30T10:00:00Z 2011-12-31T10:00:00Z");
  CHECK(usage::cycle_at(at("2011-12-30T10:00:00Z"), day(30), "Pacific/Apia").start ==
        at("2011-12-30T10:00:00Z"));
}

TEST_CASE("cycles follow one another without gap or overlap, whatever the zone and the anchor") {
  CHECK(rc::check([] {
    const auto zone = *rc::gen::elementOf(zones);
    const auto anchor = *rc::gen::oneOf(
        rc::gen::map(rc::gen::inRange(1U, 32U), [](unsigned d) { return CycleAnchor(day(d)); }),
        rc::gen::map(rc::gen::inRange(28U, 32U), [](unsigned d) { return CycleAnchor(day(d)); }),
        rc::gen::map(rc::gen::inRange(0U, 7U), [](unsigned d) { return CycleAnchor(weekday(d)); }),
        rc::gen::just(CycleAnchor(EveryDay())));
    // 1985 to 2037
    const std::chrono::seconds since(*rc::gen::inRange<std::int64_t>(473'385'600, 2'114'380'800));
    const auto fault = fault_at(base::UtcTime(since), anchor, zone);
    RC_LOG() << zone << " at " << base::to_rfc3339(base::UtcTime(since));
    RC_ASSERT(fault.empty());
  }));
}

TEST_CASE("cycles follow one another around each change of the clocks") {
  for (const auto& zone : zones) {
    CAPTURE(zone);
    for (base::UtcTime instant = at("2010-01-01T00:15:00Z"); instant < at("2013-01-01T00:00:00Z");
         instant += 7h) {
      for (const CycleAnchor anchor :
           {CycleAnchor(EveryDay()), CycleAnchor(std::chrono::Sunday), CycleAnchor(day(30))}) {
        const auto fault = fault_at(instant, anchor, zone);
        if (!fault.empty()) FAIL_CHECK(base::to_rfc3339(instant) << ": " << fault);
      }
    }
  }
}

TEST_CASE("the days left are those of the plan's zone, the one under way counted") {
  const auto cycle = usage::cycle_at(at("2026-10-10T00:00:00Z"), day(1), "Europe/Berlin");
  const auto left = [&](const char* now) { return usage::days_left(cycle, at(now)).value(); };
  CHECK(left("2026-09-30T22:00:00Z") == days(31));
  CHECK(left("2026-10-30T22:59:59Z") == days(2));
  CHECK(left("2026-10-30T23:00:00Z") == days(1));
  CHECK(left("2026-10-31T22:59:59Z") == days(1));
  CHECK(left("2026-10-31T23:00:00Z") == days(0));
  CHECK(left("2026-12-24T00:00:00Z") == days(0));
}

TEST_CASE("a plan that ends at noon has that day left until then") {
  const Cycle once{CycleRule::once, std::nullopt, at("2026-05-10T12:00:00Z"), "UTC"};
  CHECK(usage::days_left(once, at("2026-05-09T12:00:00Z")) == days(2));
  CHECK(usage::days_left(once, at("2026-05-10T11:59:59Z")) == days(1));
  CHECK(usage::days_left(once, at("2026-05-10T12:00:00Z")) == days(0));
}

TEST_CASE("of a cycle whose end is unknown it is not known how many days are left") {
  CHECK(usage::days_left(Cycle{}, at("2026-05-10T12:00:00Z")) == std::nullopt);
}

TEST_CASE("a cycle that begins on no day, or in no zone, is an error") {
  const auto code = [](const CycleAnchor& anchor, const char* zone) -> std::string {
    try {
      usage::cycle_at(at("2026-05-10T12:00:00Z"), anchor, zone);
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  };
  CHECK(code(day(0), "UTC") == "usage.cycle");
  CHECK(code(day(32), "UTC") == "usage.cycle");
  CHECK(code(weekday(9), "UTC") == "usage.cycle");
  CHECK(code(day(31), "Europe/Bielefeld") == "usage.zone");
  CHECK(code(day(31), "UTC") == "none");
}
