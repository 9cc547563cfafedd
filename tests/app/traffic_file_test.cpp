/// What traffic in files is read as, and that what is exported comes back.

#include "app/traffic_file.hpp"

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "store/history.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;

namespace {

base::UtcTime at(const std::string& text) { return base::from_rfc3339(text).value(); }

const auto now = at("2026-11-25T12:00:00Z");

std::vector<app::FiledSeries> csv(const std::string& text) {
  return app::read_traffic_csv(text, now);
}

std::string fault(const std::string& text) {
  const auto error = test::error_of([&] { csv(text); });
  return error ? error->what() : "none";
}

std::string fault_of_json(const std::string& text) {
  const auto error = test::error_of([&] { app::read_vnstat(text, "UTC", now); });
  return error ? error->what() : "none";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// By the days or the cycles of the zone, which are the figures that people compare.
std::vector<std::pair<base::UtcTime, std::int64_t>> sums(const std::vector<usage::Bucket>& all) {
  std::vector<std::pair<base::UtcTime, std::int64_t>> made;
  for (const auto& each : all) made.emplace_back(each.start, each.size.bytes());
  return made;
}

usage::Snapshot said(base::UtcTime time, std::int64_t used, const std::string& zone) {
  usage::Snapshot made{};
  made.line.provider_id = "sim-1";
  made.used = usage::DataSize::of_bytes(used);
  made.limit = usage::DataSize::of_bytes(1LL << 40);
  made.as_of = made.fetched_at = time;
  const auto first = at("2026-03-01T00:00:00Z");
  const auto begun = first + (time - first) / days(30) * days(30);
  made.cycle = usage::Cycle{usage::CycleRule::monthly, begun, begun + days(30), zone};
  return made;
}

constexpr auto vnstat = R"({"vnstatversion":"2.10","jsonversion":"2","interfaces":[{"name":"wwan0",
"alias":"","created":{"date":{"year":2026,"month":10,"day":1}},"traffic":{"total":{"rx":0,"tx":0},
"fiveminute":[],
"hour":[{"id":1,"date":{"year":2026,"month":11,"day":23},"time":{"hour":20,"minute":0},"timestamp":1795464000,"rx":5,"tx":5},
        {"id":2,"date":{"year":2026,"month":11,"day":24},"time":{"hour":0,"minute":0},"rx":7,"tx":1}],
"day":[{"id":1,"date":{"year":2026,"month":11,"day":22},"rx":100,"tx":0},
       {"id":2,"date":{"year":2026,"month":11,"day":23},"rx":200,"tx":1},
       {"id":3,"date":{"year":2026,"month":11,"day":24},"rx":8,"tx":0}],
"month":[{"id":1,"date":{"year":2026,"month":10},"rx":31000,"tx":0},
         {"id":2,"date":{"year":2026,"month":11},"rx":2409,"tx":0}],
"year":[],"top":[]}}]})";

}  // namespace

TEST_CASE("any CSV with a time and bytes is read: hours are added up, a date is a day") {
  const auto made =
      csv("Time,note,BYTES\n2026-11-01T10:05:00Z,\"a, \"\"b\"\"\",5\r\n2026-11-01 10:55:00,,6\n\n"
          "1793530800,,7\n2026-11-02,,8\n");
  REQUIRE(made.size() == 1);
  CHECK(made[0].name.empty());
  const std::vector<usage::Bucket> wanted{
      {at("2026-11-01T10:00:00Z"), usage::DataSize::of_bytes(11), false, false, false},
      {at("2026-11-01T11:00:00Z"), usage::DataSize::of_bytes(7), false, false, false},
      {at("2026-11-02T00:00:00Z"), usage::DataSize::of_bytes(8), false, false, true}};
  CHECK(made[0].buckets == wanted);
  CHECK(csv("date,rx,tx\n2026-11-02,3,4\n")[0].buckets[0].size.bytes() == 7);
}

TEST_CASE("what is wrong with a CSV is told by line and column") {
  CHECK(has(fault(""), "line 1, column 1"));
  CHECK(has(fault("a,b\n"), "the header needs"));
  CHECK(has(fault("time,bytes\n2026-11-01,1\nyesterday,1\n"), "line 3, column 1: this is no time"));
  CHECK(has(fault("time,bytes\n2026-02-30,1\n"), "line 2, column 1"));
  CHECK(has(fault("time,bytes\n2026-11-01\n"), "line 2, column 2"));
  CHECK(has(fault("time,bytes\n2026-11-01,-1\n"), "line 2, column 2"));
  CHECK(has(fault("time,bytes\n2026-11-01,1e3\n"), "line 2, column 2"));
  CHECK(has(fault("time,bytes\n2026-11-01,1000000000000001\n"), "line 2, column 2"));
  CHECK(has(fault("time,bytes\n2026-11-28,1\n"), "later than now"));
  CHECK(has(fault("time,zone,bytes\n2026-11-01,Nowhere/City,1\n"), "line 2, column 2"));
  CHECK(has(fault("time,zone,bytes\n2026-11-01,UTC,1\n2026-11-02,Europe/Berlin,1\n"),
            "another zone"));
  CHECK(has(fault("starts_at,step,bytes\n2026-11-01T00:00:00Z,week,1\n"), "line 2, column 2"));
  CHECK(has(fault("time,bytes,estimated\n2026-11-01,1,perhaps\n"), "line 2, column 3"));
  CHECK(has(fault("time,bytes\n\"2026-11-01,1\n"), "a quote never ends"));
  CHECK(has(fault("time,bytes\n\"2026-11-01\"x,1\n"), "closing quote"));
  CHECK(has(fault("time,bytes\n2026\"11,1\n"), "line 2, column 1: a quote stands within"));
  CHECK(has(fault("time,bytes\n" + std::string(5000, '1')), "too long"));
  CHECK(has(fault("time,bytes" + std::string(70, ',')), "too many fields"));
  std::string many = "time,bytes\n";
  for (int i = 0; i <= 1000; ++i) many += "2026-11-01,1000000000000000\n";
  CHECK(has(fault(many), "line 1002, column 2: together"));
}

TEST_CASE("of vnStat the finest figures are taken, and no octet is lost or counted twice") {
  const auto made = app::read_vnstat(vnstat, "UTC", now);
  REQUIRE(made.size() == 1);
  CHECK(made[0].name == "wwan0");
  const auto by_day = usage::days_of(made[0].buckets, "UTC");
  std::map<base::UtcTime, std::int64_t> days_of_it;
  for (const auto& each : by_day) days_of_it[each.start] = each.size.bytes();
  CHECK(days_of_it[at("2026-11-22T00:00:00Z")] == 100);
  CHECK(days_of_it[at("2026-11-23T00:00:00Z")] == 201);  // its hours are not all there any more
  CHECK(days_of_it[at("2026-11-24T00:00:00Z")] == 8);
  CHECK(days_of_it[at("2026-10-15T00:00:00Z")] == 1000);
  CHECK(days_of_it[at("2026-11-21T00:00:00Z")] == 100);  // 2409 less 309, over 21 days
  CHECK(usage::total(made[0].buckets).bytes() == 31000 + 2409);
  CHECK(made[0].buckets.front().guessed);
  CHECK_FALSE(made[0].buckets.back().guessed);
}

TEST_CASE("what is wrong with the JSON of vnStat is told by a pointer") {
  CHECK(has(fault_of_json("{"), "no JSON"));
  CHECK(has(fault_of_json(R"({"jsonversion":"1"})"), "/jsonversion"));
  CHECK(has(fault_of_json(R"({"jsonversion":"2"})"), "no interfaces"));
  const std::string start = R"({"jsonversion":"2","interfaces":[{"name":"a","traffic":{"day":)";
  CHECK(has(fault_of_json(start + "{}}}]}"), "/interfaces/0/traffic/day: "));
  CHECK(has(fault_of_json(start + "[3]}}]}"), "/interfaces/0/traffic/day/0: there is no date"));
  const auto date = start + R"([{"date":{"year":2026,"month":11,"day":)";
  CHECK(has(fault_of_json(date + R"(31},"rx":1,"tx":1}]}}]})"), "no such day"));
  CHECK(has(fault_of_json(date + R"(3},"rx":-1,"tx":1}]}}]})"), "/interfaces/0/traffic/day/0/rx"));
  CHECK(has(fault_of_json(date + R"(3},"rx":1}]}}]})"), "there is no tx"));
  CHECK(has(fault_of_json(date + R"(28},"rx":1,"tx":1}]}}]})"), "later than now"));
}

TEST_CASE("what is exported and imported comes to the same by day and by cycle") {
  CHECK(rc::check([] {
    const test::TemporaryDirectory directory;
    auto history = store::History::open(directory.path(), {});
    const std::string zone = *rc::gen::element<std::string>("UTC", "Europe/Berlin", "Asia/Kolkata");
    auto time = at("2026-03-02T00:00:00Z");
    std::int64_t used = 0;
    base::UtcTime begun;
    for (int i = *rc::gen::inRange(1, 40); i > 0; --i) {
      time += std::chrono::minutes(*rc::gen::inRange(1, 9'000));
      auto told = said(time, 0, zone);
      if (told.cycle->start != begun) used = 0;
      begun = *told.cycle->start;
      used += *rc::gen::inRange<std::int64_t>(1, 1'000'000);
      told.used = usage::DataSize::of_bytes(used);
      history.put("work", told);
    }
    if (*rc::gen::arbitrary<bool>()) history.compact(time + days(*rc::gen::inRange(0, 200)));
    const auto line = said(time, 0, zone).line;
    const auto kept = history.traffic("work", line, base::UtcTime(), time);
    const std::vector<app::FiledSeries> filed{
        {.account = "work", .name = "sim-1", .zone = kept.zone, .buckets = kept.buckets}};
    const auto read = app::read_traffic_csv(app::traffic_csv(filed), time);
    if (kept.buckets.empty()) return;
    RC_ASSERT(read == filed);
    for (int times = 0; times < 2; ++times) {
      history.put_counted("copy", read[0].zone, read[0].buckets);
      if (*rc::gen::arbitrary<bool>()) history.compact(time + days(*rc::gen::inRange(0, 200)));
    }
    const auto copy = history.local_traffic("copy", base::UtcTime(), time);
    RC_ASSERT(sums(usage::days_of(copy.buckets, copy.zone)) ==
              sums(usage::days_of(kept.buckets, kept.zone)));
    RC_ASSERT(sums(usage::cycles_of(copy.buckets)) == sums(usage::cycles_of(kept.buckets)));
  }));
}
