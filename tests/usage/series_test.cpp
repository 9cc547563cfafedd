#include "usage/series.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace std::chrono_literals;
using usage::DataSize;
using usage::Delta;
using usage::Remark;
using usage::Series;
using usage::series_of;
using usage::Snapshot;

namespace {

base::UtcTime at(const std::string& text) { return base::from_rfc3339(text).value(); }
const auto noon = at("2026-07-15T12:00:00Z");
const auto later = noon + 24h * 3650;

/// The cycles of 30 days from the first of July on.
usage::Cycle cycle(int number) {
  const auto start = at("2026-07-01T00:00:00Z") + 30 * 24h * number;
  return {usage::CycleRule::monthly, start, start + 30 * 24h, "UTC"};
}

/// With the time that the figure is of.
Snapshot said(base::UtcTime time, std::int64_t used, std::int64_t limit = 1'000'000) {
  Snapshot made{};
  made.used = DataSize::of_bytes(used);
  made.limit = DataSize::of_bytes(limit);
  made.as_of = time;
  made.fetched_at = time;
  return made;
}

/// Without.
Snapshot heard(base::UtcTime time, std::int64_t used, std::int64_t limit = 1'000'000) {
  auto made = said(time, used, limit);
  made.as_of.reset();
  return made;
}

Snapshot in(const usage::Cycle& cycle, Snapshot snapshot) {
  snapshot.cycle = cycle;
  return snapshot;
}

std::vector<std::int64_t> sizes(const Series& series) {
  std::vector<std::int64_t> found;
  for (const auto& delta : series.deltas)
    if (delta.size != DataSize()) found.push_back(delta.size.bytes());
  return found;
}

std::vector<Remark> remarks(const Series& series) {
  std::vector<Remark> found;
  for (const auto& remarked : series.remarks) found.push_back(remarked.remark);
  return found;
}

using Sizes = std::vector<std::int64_t>;
using Remarks = std::vector<Remark>;

/// The sums between the starts of cycles.
Sizes by_cycle(const Series& series) {
  Sizes sums;
  for (const auto& delta : series.deltas) {
    if (sums.empty() || delta.new_cycle) sums.push_back(0);
    sums.back() += delta.size.bytes();
  }
  return sums;
}

}  // namespace

TEST_CASE("between two figures went through what the later one is more") {
  const auto series = series_of({said(noon, 100), said(noon + 1h, 130)}, later);
  REQUIRE(series.deltas.size() == 1);
  CHECK(series.deltas[0] == Delta{noon, noon + 1h, DataSize::of_bytes(30), false, false});
  CHECK(series.remarks.empty());
  CHECK(series.counted.bytes == 130);
  CHECK(series.changed == noon + 1h);
  CHECK(series_of(std::vector<Snapshot>{}, later).deltas.empty());
  CHECK(series_of({Snapshot{}}, later).deltas.empty());
}

TEST_CASE("what a cycle had before anybody looked is counted from its start, and is a guess") {
  const auto series = series_of({in(cycle(0), said(noon, 100))}, later);
  REQUIRE(series.deltas.size() == 1);
  CHECK(series.deltas[0] ==
        Delta{at("2026-07-01T00:00:00Z"), noon, DataSize::of_bytes(100), true, true});
}

TEST_CASE("a figure that comes again counts when it was first seen") {
  const auto series = series_of({heard(noon, 100), heard(noon, 100), heard(noon + 1h, 100),
                                 heard(noon + 2h, 130), heard(noon + 3h, 130)},
                                later);
  CHECK(sizes(series) == Sizes{30});
  CHECK(series.changed == noon + 2h);
  CHECK(series.last == 3);
}

TEST_CASE("a new cycle counts from its start, and nothing of the old one is in it") {
  const auto start = cycle(1).start.value();
  const auto series = series_of(
      {in(cycle(0), said(start - 2h, 700'000)), in(cycle(1), said(start + 2h, 900'000))}, later);
  CHECK(by_cycle(series) == Sizes{700'000, 900'000});
  CHECK(series.deltas.back().from == start);
  CHECK(remarks(series) == Remarks{Remark::new_cycle});
}

TEST_CASE("without a known cycle a counter that falls below a twentieth of the limit began anew") {
  const auto fell_to = [](std::int64_t used) {
    return series_of({said(noon, 700'000), said(noon + 1h, used)}, later);
  };
  CHECK(sizes(fell_to(49'999)) == Sizes{49'999});
  CHECK(remarks(fell_to(49'999)) == Remarks{Remark::new_cycle});
  CHECK(sizes(fell_to(50'000)).empty());
  CHECK(remarks(fell_to(50'000)) == Remarks{Remark::jumped_back});
}

TEST_CASE("after the end of the cycle any fall is a new one") {
  auto old = in(cycle(0), said(noon, 700'000));
  old.cycle->start.reset();
  const auto end = cycle(0).end.value();
  CHECK(sizes(series_of({old, said(end + 1h, 300'000)}, later)) == Sizes{300'000});
  CHECK(remarks(series_of({old, said(end - 1h, 300'000)}, later)) == Remarks{Remark::jumped_back});
}

TEST_CASE("figures of the old cycle that come after its end are the old cycle's") {
  const auto start = cycle(1).start.value();
  const auto series = series_of({in(cycle(0), said(start - 3h, 700'000)),
                                 in(cycle(1), said(start - 1h, 710'000)),  // as of before
                                 in(cycle(1), said(start + 2h, 5'000))},
                                later);
  CHECK(by_cycle(series) == Sizes{710'000, 5'000});
  // The same figure again is no second use of it.
  const auto again =
      series_of({in(cycle(0), heard(start - 3h, 700'000)), in(cycle(1), heard(start + 1h, 700'000)),
                 in(cycle(1), heard(start + 2h, 5'000))},
                later);
  CHECK(by_cycle(again) == Sizes{700'000, 5'000});
}

TEST_CASE("a small correction counts as nothing, and what makes up for it is not counted twice") {
  const auto series = series_of({said(noon, 0), said(noon + 1h, 100'000), said(noon + 2h, 99'500),
                                 said(noon + 3h, 99'700), said(noon + 4h, 101'000)},
                                later);
  CHECK(sizes(series) == Sizes{100'000, 1'000});
  REQUIRE(series.remarks.size() == 1);
  CHECK(series.remarks[0] == usage::Remarked{Remark::correction, noon + 2h, 500});
  CHECK_FALSE(series.jumped_back);
}

TEST_CASE("a counter that jumps back is reported, and is gone on with when it stays there") {
  std::vector<Snapshot> snapshots{said(noon, 0), said(noon + 1h, 500'000),
                                  said(noon + 2h, 300'000)};
  CHECK(series_of(snapshots, later).jumped_back);
  CHECK(sizes(series_of(snapshots, later)) == Sizes{500'000});
  SUBCASE("it stays") {
    snapshots.push_back(said(noon + 3h, 310'000));
    CHECK(sizes(series_of(snapshots, later)) == Sizes{500'000, 10'000});
  }
  SUBCASE("it was one wrong answer") {
    snapshots.push_back(said(noon + 3h, 501'000));
    CHECK(sizes(series_of(snapshots, later)) == Sizes{500'000, 1'000});
  }
  const auto series = series_of(snapshots, later);
  CHECK(series.remarks.at(0) == usage::Remarked{Remark::jumped_back, noon + 2h, 200'000});
}

TEST_CASE("what went through while nobody looked is spread over that time, and is a guess") {
  std::vector<Snapshot> snapshots;
  for (int hour = 0; hour < 6; ++hour) snapshots.push_back(said(noon + 1h * hour, 100L * hour));
  const auto near = series_of(snapshots, later);
  CHECK(std::ranges::none_of(near.deltas, &Delta::guessed));
  snapshots.push_back(said(noon + 15h, 900));
  const auto series = series_of(snapshots, later);
  CHECK(series.deltas.back() == Delta{noon + 5h, noon + 15h, DataSize::of_bytes(400), true, false});
  CHECK(remarks(series) == Remarks{Remark::gap});
}

TEST_CASE("a top-up is another limit and no new cycle") {
  SUBCASE("the limit rises with what is left") {
    const auto series =
        series_of({said(noon, 400'000), said(noon + 1h, 410'000, 2'000'000)}, later);
    CHECK(sizes(series) == Sizes{10'000});
    CHECK(series.remarks.at(0) == usage::Remarked{Remark::limit_changed, noon + 1h, 1'000'000});
  }
  SUBCASE("only what is left is told") {
    const auto left = [](base::UtcTime time, std::int64_t remaining) {
      Snapshot made{};
      made.remaining = DataSize::of_bytes(remaining);
      made.as_of = made.fetched_at = time;
      return made;
    };
    const auto series = series_of(
        {left(noon, 500), left(noon + 1h, 450), left(noon + 2h, 1450), left(noon + 3h, 1400)},
        later);
    CHECK(sizes(series) == Sizes{50, 50});
    CHECK(series.remarks.at(0) == usage::Remarked{Remark::limit_changed, noon + 2h, 1000});
  }
}

TEST_CASE("figures that do not say their time are half as old as they usually take to change") {
  std::vector<Snapshot> snapshots;
  for (int i = 0; i < 96; ++i) snapshots.push_back(heard(noon + 15min * i, 100L * (i / 24)));
  const auto series = series_of(snapshots, later);
  CHECK(series.lag == 3h);
  CHECK(series.interval == 6h);
  CHECK(series.deltas.back() ==
        Delta{noon + 9h, noon + 15h, DataSize::of_bytes(100), false, false});
  // Somebody who looks once a day sees another figure each time, and learns nothing about it.
  CHECK(
      series_of({heard(noon, 1), heard(noon + 24h, 2), heard(noon + 48h, 3), heard(noon + 72h, 4)},
                later)
          .lag == 0s);
}

TEST_CASE("a night without traffic is a night without traffic, and no slow trickle") {
  std::vector<Snapshot> snapshots;
  for (int i = 0; i < 20; ++i) snapshots.push_back(heard(noon + 1h * i, 100L * (i / 2)));
  for (int i = 20; i < 30; ++i) snapshots.push_back(heard(noon + 1h * i, 900));
  snapshots.push_back(heard(noon + 30h, 1000));
  const auto series = series_of(snapshots, later);
  CHECK(series.deltas.back().to - series.deltas.back().from <= 3h);
  CHECK_FALSE(series.deltas.back().guessed);
}

TEST_CASE("bytes are exact up to the largest there are") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto series = series_of(
      {said(noon, 1, most), said(noon + 1h, most, most), said(noon + 2h, most - 7, most)}, later);
  CHECK(sizes(series) == Sizes{most - 1});
  CHECK(remarks(series) == Remarks{Remark::correction});
}

TEST_CASE("a reading of the future is left out, and a clock ahead at the provider is set back") {
  const auto series = series_of({said(noon, 1), said(noon + 1h, 9)}, noon);
  CHECK(series.deltas.empty());
  CHECK(remarks(series) == Remarks{Remark::from_future});
  auto ahead = said(noon + 1h, 9);
  ahead.as_of = noon + 5h;
  CHECK(series_of({said(noon, 1), ahead}, noon + 1h).deltas.at(0).to == noon + 1h);
}

namespace {

/// Cycles of a counter: what each reading adds, or a correction that it takes back.
struct Told {
  std::vector<Snapshot> snapshots;
  Sizes highest;  ///< of each cycle
};

Told counter(int least_cycles = 1) {
  Told made;
  const bool exact = *rc::gen::arbitrary<bool>();
  const auto cycles = *rc::gen::inRange(least_cycles, least_cycles + 3);
  for (int number = 0; number < cycles; ++number) {
    auto time = cycle(number).start.value();
    // Less than before and more than a twentieth of the limit: only the cycle tells that it is new.
    std::int64_t used = 300'000 - 50'000 * number;
    std::int64_t highest = 0;
    const auto readings = *rc::gen::inRange(1, 30);
    for (int i = 0; i < readings; ++i) {
      time += std::chrono::minutes(*rc::gen::inRange(61, 1400));
      const bool corrected = i > 0 && *rc::gen::inRange(0, 8) == 0;
      used += corrected ? -(highest / 200) : *rc::gen::inRange<std::int64_t>(0, 20'000);
      used = std::max(used, highest - highest / 100);
      highest = std::max(highest, used);
      made.snapshots.push_back(in(cycle(number), exact ? said(time, used) : heard(time, used)));
    }
    made.highest.push_back(highest);
  }
  return made;
}

}  // namespace

TEST_CASE("over a cycle all deltas together are what the counter came to, in any order") {
  CHECK(rc::check([] {
    auto told = counter();
    const auto in_order = series_of(told.snapshots, later);
    RC_ASSERT(by_cycle(in_order) == told.highest);
    // Each again, and all in another order.
    told.snapshots.insert(told.snapshots.end(), told.snapshots.begin(), told.snapshots.end());
    std::ranges::reverse(told.snapshots);
    const auto turned = *rc::gen::inRange<std::size_t>(0, told.snapshots.size());
    std::ranges::rotate(told.snapshots, told.snapshots.begin() + std::ptrdiff_t(turned));
    RC_ASSERT(by_cycle(series_of(told.snapshots, later)) == told.highest);
  }));
}

TEST_CASE("without knowing the cycles the same sums would be wrong") {
  CHECK(rc::check([] {
    auto told = counter(2);
    for (auto& snapshot : told.snapshots) snapshot.cycle.reset();
    RC_ASSERT(by_cycle(series_of(told.snapshots, later)) != told.highest);
  }));
}

TEST_CASE("a series that goes on where another ended makes the same total") {
  CHECK(rc::check([] {
    const auto told = counter();
    const auto ordered = usage::in_order(told.snapshots);
    const auto cut = std::ptrdiff_t(*rc::gen::inRange<std::size_t>(1, ordered.size() + 1));
    const auto before =
        series_of(std::vector<Snapshot>(ordered.begin(), ordered.begin() + cut), later);
    const auto after = series_of(
        std::vector<Snapshot>(ordered.begin() + std::ptrdiff_t(before.last), ordered.end()), later,
        before.counted);
    auto all = before;
    all.deltas.insert(all.deltas.end(), after.deltas.begin(), after.deltas.end());
    RC_ASSERT(by_cycle(all) == told.highest);
  }));
}

TEST_CASE("where counting goes on from, figures of the old cycle stay the old cycle's") {
  const auto end = cycle(1).start.value();
  const std::vector<Snapshot> all{in(cycle(0), heard(end - 2h, 700)),
                                  in(cycle(1), heard(end + 2h, 750)),
                                  in(cycle(1), heard(end + 20h, 900))};
  CHECK(by_cycle(series_of(all, later)) == Sizes{750, 900});
  const auto before = series_of({all[0], all[1]}, later).counted;
  CHECK(before == usage::Counted{750, cycle(0).start, cycle(0).end});
  CHECK(sizes(series_of({all[1], all[2]}, later, before)) == Sizes{900});
  const usage::Counted of_new{750, cycle(1).start, cycle(1).end};
  CHECK(sizes(series_of({all[1], all[2]}, later, of_new)) == Sizes{150});
}

TEST_CASE("a counter of this machine begins anew with its epoch, and wraps within it") {
  using Readings = std::vector<usage::Reading>;
  const auto counted = [](const Readings& readings) { return sizes(series_of(readings, later)); };
  CHECK(counted({{noon, 100, "a"}, {noon + 1h, 150, "a"}, {noon + 2h, 30, "b"}}) == Sizes{50, 30});
  constexpr std::int64_t wrap = 1LL << 32;
  const Readings wrapped{{noon, wrap - 10, "a"}, {noon + 1h, 5, "a"}};
  CHECK(counted(wrapped) == Sizes{15});
  CHECK(remarks(series_of(wrapped, later)) == Remarks{Remark::wrapped});
  const auto wide = series_of(Readings{{noon, wrap + 10, "a"}, {noon + 1h, 5, "a"}}, later);
  CHECK(sizes(wide).empty());
  CHECK(wide.jumped_back);
  CHECK(remarks(wide) == Remarks{Remark::jumped_back});
  CHECK(counted({{noon + 1h, 150, "a"}, {noon, 100, "a"}, {noon + 1h, 150, "a"}}) == Sizes{50});
  CHECK(series_of(Readings{}, later).deltas.empty());
}

TEST_CASE("a 32-bit counter that is read often enough gives the whole traffic") {
  CHECK(rc::check([] {
    constexpr std::int64_t wrap = 1LL << 32;
    std::int64_t total = 0;
    std::int64_t at_first = *rc::gen::inRange<std::int64_t>(0, wrap);
    std::vector<usage::Reading> readings{{noon, at_first, "boot"}};
    const auto count = *rc::gen::inRange(1, 20);
    for (int i = 1; i <= count; ++i) {
      total += *rc::gen::inRange<std::int64_t>(0, wrap);
      readings.push_back({noon + 1h * i, (at_first + total) % wrap, "boot"});
    }
    const auto found = sizes(series_of(readings, later));
    RC_ASSERT(std::accumulate(found.begin(), found.end(), std::int64_t(0)) == total);
  }));
}
