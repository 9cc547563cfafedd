#include "usage/detect.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "usage/zone.hpp"

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;
using usage::Bucket;
using usage::DataSize;
using usage::Detector;
using usage::Finding;

namespace {

constexpr std::int64_t megabyte = 1'000'000;

base::UtcTime at(const std::string& text) { return base::from_rfc3339(text).value(); }
DataSize size(std::int64_t bytes) { return DataSize::of_bytes(bytes); }

const auto start = at("2026-07-01T00:00:00Z");

/// 10 MB in each hour by day and `night` in each of 02 to 06 by UTC.
std::vector<Bucket> steady(int count, std::int64_t night = 100'000) {
  std::vector<Bucket> made;
  for (int i = 0; i < count * 24; ++i) {
    const bool quiet = i % 24 >= 2 && i % 24 < 6;
    made.push_back({start + hours(i), size(quiet ? night : 10 * megabyte), false, false});
  }
  return made;
}

void add(std::vector<Bucket>& to, int from, int count, std::int64_t bytes) {
  for (int i = from; i < from + count; ++i)
    to.at(std::size_t(i)).size = to.at(std::size_t(i)).size + size(bytes);
}

usage::Watched watched(const std::vector<Bucket>& known) {
  const auto until = known.empty() ? start : known.back().start + 1h;
  return {.hours = known, .until = until, .zone = "UTC", .now = until, .local = false};
}

std::vector<Detector> detectors(const usage::Findings& findings) {
  std::vector<Detector> found;
  std::ranges::transform(findings.found, std::back_inserter(found), &Finding::detector);
  return found;
}

using Detectors = std::vector<Detector>;

}  // namespace

TEST_CASE("steady traffic is nothing to report") {
  const auto known = steady(40);
  CHECK(usage::detect(watched(known)) == usage::Findings{});
}

TEST_CASE("with too short a history each detector says how long until it can judge") {
  auto quiet_and_day = watched({});
  CHECK(usage::detect(quiet_and_day).not_yet ==
        std::vector<usage::NotYet>{{Detector::quiet_hours, days(7)},
                                   {Detector::day, days(7)},
                                   {Detector::drift, days(15)}});
  const auto known = steady(5);
  auto local = watched(known);
  local.local = true;
  CHECK(usage::detect(local).not_yet ==
        std::vector<usage::NotYet>{{Detector::quiet_hours, days(3)},
                                   {Detector::day, days(3)},
                                   {Detector::drift, days(12)},
                                   {Detector::hour_of_week, days(16)}});
}

TEST_CASE("traffic in the quiet hours is a leak, since the night in which it began") {
  auto known = steady(30);
  add(known, 27 * 24 + 20, 52, 2 * megabyte);
  const auto found = usage::detect(watched(known)).found;
  REQUIRE(detectors({found, {}}) == Detectors{Detector::quiet_hours});
  CHECK(found[0].observed == 8'400'000);
  CHECK(found[0].usual == 400'000);
  CHECK(found[0].score == doctest::Approx(8 * std::sqrt(2)));
  CHECK(found[0].since == start + days(28) + 2h);
  CHECK(found[0].advice == usage::Advice::find_background_traffic);
  CHECK(found[0].sureness == usage::Sureness::high);
}

TEST_CASE("the quiet hours are those of the line's own zone") {
  auto known = steady(30);
  // 03 to 05 in New York is 07 to 09 by UTC in summer.
  for (int i = 0; i < 30 * 24; ++i)
    if (i % 24 >= 6 && i % 24 < 10) known.at(std::size_t(i)).size = size(100'000);
  add(known, 29 * 24 + 7, 2, 5 * megabyte);
  auto there = watched(known);
  CHECK(detectors(usage::detect(there)).empty());
  there.zone = "America/New_York";
  CHECK(detectors(usage::detect(there)) == Detectors{Detector::quiet_hours});
}

TEST_CASE("many times the usual within a day is a spike, since its largest hour") {
  auto known = steady(30);
  add(known, 29 * 24 + 12, 1, 1200 * megabyte);
  const auto found = usage::detect(watched(known)).found;
  REQUIRE(detectors({found, {}}) == Detectors{Detector::day});
  CHECK(found[0].since == start + days(29) + 12h);
  CHECK(found[0].observed == 1400 * megabyte + 400'000);
  CHECK(found[0].usual == 200 * megabyte + 400'000);
  // Three times as much as usual is not enough where it is little.
  auto little = steady(30);
  for (auto& hour : little) hour.size = size(hour.size.bytes() / 10);
  add(little, 29 * 24 + 12, 1, 250 * megabyte);
  CHECK(detectors(usage::detect(watched(little))).empty());
}

TEST_CASE("a little more day after day is drift, and one such day is none") {
  auto known = steady(40);
  add(known, 33 * 24 + 8, 10, 5 * megabyte);
  CHECK(detectors(usage::detect(watched(known))).empty());
  for (int day = 33; day < 39; ++day) add(known, day * 24 + 8, 10, 5 * megabyte);
  const auto found = usage::detect(watched(known)).found;
  REQUIRE(detectors({found, {}}) == Detectors{Detector::drift});
  CHECK(found[0].since == start + days(33));
  CHECK(found[0].advice == usage::Advice::compare_days);
}

TEST_CASE("hours that are a guess are no finding") {
  auto known = steady(30);
  add(known, 29 * 24 + 2, 4, 10 * megabyte);
  add(known, 29 * 24 + 20, 4, 300 * megabyte);
  CHECK(detectors(usage::detect(watched(known))) ==
        Detectors{Detector::quiet_hours, Detector::day});
  for (int i = 29 * 24 + 2; i < 30 * 24; ++i) known.at(std::size_t(i)).guessed = true;
  CHECK(detectors(usage::detect(watched(known))).empty());
}

TEST_CASE("traffic at many times the plan's pace is reported before anything is learnt") {
  auto known = steady(1);
  add(known, 23, 1, 200 * megabyte);
  auto line = watched(known);
  line.cycle = usage::Cycle{usage::CycleRule::monthly, start, start + days(30), "UTC"};
  line.limit = size(10'000 * megabyte);  // 13.9 MB an hour
  const auto found = usage::detect(line).found;
  REQUIRE(detectors({found, {}}) == Detectors{Detector::burn_rate});
  CHECK(found[0].score == doctest::Approx(15.12));
  CHECK(found[0].since == start + 23h);
  // Where figures come every six hours, an hour of theirs is an average.
  line.publication = 6h;
  CHECK(detectors(usage::detect(line)).empty());
  add(known, 20, 4, 70 * megabyte);
  line.hours = known;
  CHECK(detectors(usage::detect(line)) == Detectors{Detector::burn_rate});
  line.limit.reset();
  CHECK(detectors(usage::detect(line)).empty());
}

TEST_CASE("figures that did not change for more than three times as long as usual are stale") {
  auto line = watched({});
  line.changed = start;
  line.interval = 6h;
  line.now = start + 18h;
  CHECK(detectors(usage::detect(line)).empty());
  line.now += 1s;
  const auto found = usage::detect(line).found;
  REQUIRE(detectors({found, {}}) == Detectors{Detector::stale});
  CHECK(found[0].observed == 18 * 3600 + 1);
  CHECK(found[0].usual == 6 * 3600);
  CHECK(found[0].advice == usage::Advice::sign_in_again);
}

TEST_CASE("an hour is compared with those of other weeks only where figures are not late") {
  auto known = steady(30);
  add(known, 30 * 24 - 1, 1, 150 * megabyte);
  auto line = watched(known);
  CHECK(detectors(usage::detect(line)).empty());
  line.local = true;
  CHECK(detectors(usage::detect(line)) == Detectors{Detector::hour_of_week});
}

TEST_CASE("what the provider counts and this machine does not see is reported") {
  const auto ours = steady(3);
  auto theirs = ours;
  add(theirs, 2 * 24 + 5, 2, 100 * megabyte);
  CHECK_FALSE(usage::unaccounted(watched(theirs), watched(ours)));
  add(theirs, 2 * 24 + 5, 1, 1);
  const auto found = usage::unaccounted(watched(theirs), watched(ours));
  REQUIRE(found);
  CHECK(found->observed - found->usual == 200 * megabyte + 1);
  CHECK(found->advice == usage::Advice::find_other_device);
  CHECK(usage::unaccounted(watched(ours), watched(theirs)));
  // 200 MB of 4 GB is less than a tenth.
  auto much_ours = ours;
  auto much_theirs = theirs;
  add(much_ours, 2 * 24 + 9, 1, 4000 * megabyte);
  add(much_theirs, 2 * 24 + 9, 1, 4000 * megabyte);
  CHECK_FALSE(usage::unaccounted(watched(much_theirs), watched(much_ours)));
  CHECK_FALSE(usage::unaccounted(watched({}), watched(ours)));
}

TEST_CASE("every detector and every advice has a name of its own") {
  std::vector<std::string_view> names;
  for (auto detector = Detector::quiet_hours; detector <= Detector::unaccounted;
       detector = Detector(int(detector) + 1))
    names.push_back(usage::name_of(detector));
  for (auto advice = usage::Advice::find_background_traffic;
       advice <= usage::Advice::find_other_device; advice = usage::Advice(int(advice) + 1))
    names.push_back(usage::name_of(advice));
  CHECK(names.size() == 13);
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
}
