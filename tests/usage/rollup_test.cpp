#include "usage/rollup.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace std::chrono_literals;
using usage::Bucket;
using usage::DataSize;
using usage::Delta;

namespace {

base::UtcTime at(const std::string& text) { return base::from_rfc3339(text).value(); }
DataSize size(std::int64_t bytes) { return DataSize::of_bytes(bytes); }

Delta delta(const std::string& from, const std::string& to, std::int64_t bytes) {
  return {at(from), at(to), size(bytes), false, false};
}

std::vector<Bucket> hours(const std::vector<Delta>& deltas, const std::string& zone = "UTC") {
  return usage::with_deltas({}, deltas, zone);
}

std::vector<std::string> shown(const std::vector<Bucket>& buckets) {
  std::vector<std::string> made;
  for (const auto& bucket : buckets)
    made.push_back(base::to_rfc3339(bucket.start) + " " + std::to_string(bucket.size.bytes()) +
                   (bucket.guessed ? " guessed" : "") + (bucket.new_cycle ? " cycle" : ""));
  return made;
}

using Shown = std::vector<std::string>;

/// Deltas one after another, with cycles now and then.
std::vector<Delta> some_deltas() {
  std::vector<Delta> made;
  auto time = at("2026-03-20T07:13:00Z") + std::chrono::hours(*rc::gen::inRange(0, 6000));
  const auto count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) {
    const auto from = time + std::chrono::seconds(*rc::gen::inRange(0, 5000));
    time = from + std::chrono::seconds(*rc::gen::inRange(1, 200'000));
    made.push_back({from, time, size(*rc::gen::inRange<std::int64_t>(0, 1LL << 50)),
                    *rc::gen::inRange(0, 5) == 0, *rc::gen::inRange(0, 6) == 0});
  }
  return made;
}

std::int64_t sum(const std::vector<Delta>& deltas) {
  std::int64_t made = 0;
  for (const auto& delta : deltas) made += delta.size.bytes();
  return made;
}

}  // namespace

TEST_CASE("a delta is spread evenly over its hours, to the last byte") {
  CHECK(shown(hours({delta("2026-07-15T10:30:00Z", "2026-07-15T12:30:00Z", 10)})) ==
        Shown{"2026-07-15T10:00:00Z 2", "2026-07-15T11:00:00Z 5", "2026-07-15T12:00:00Z 3"});
  // An hour in which nothing went through is known all the same.
  CHECK(shown(hours({delta("2026-07-15T10:00:00Z", "2026-07-15T12:00:00Z", 0)})) ==
        Shown{"2026-07-15T10:00:00Z 0", "2026-07-15T11:00:00Z 0"});
  CHECK(hours({}).empty());
}

TEST_CASE("what comes later is added to the hours that are there") {
  const auto first = hours({delta("2026-07-15T10:00:00Z", "2026-07-15T10:20:00Z", 5)});
  const std::vector<Delta> more{delta("2026-07-15T09:50:00Z", "2026-07-15T10:00:00Z", 1),
                                delta("2026-07-15T10:20:00Z", "2026-07-15T10:40:00Z", 7)};
  CHECK(shown(usage::with_deltas(first, more, "UTC")) ==
        Shown{"2026-07-15T09:00:00Z 1", "2026-07-15T10:00:00Z 12"});
}

TEST_CASE("hours are those of the zone, and a day that is put on or back has as many as it has") {
  const auto of_day = [](const std::string& from, const std::string& to, const std::string& zone) {
    return hours({delta(from, to, 1000)}, zone).size();
  };
  CHECK(of_day("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Berlin") == 23);
  CHECK(of_day("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "Europe/Berlin") == 25);
  const auto nepal =
      hours({delta("2026-07-14T18:15:00Z", "2026-07-15T18:15:00Z", 24)}, "Asia/Kathmandu");
  CHECK(nepal.size() == 24);
  CHECK(nepal.front().start == at("2026-07-14T18:15:00Z"));
  CHECK(shown(usage::days_of(nepal, "Asia/Kathmandu")) == Shown{"2026-07-14T18:15:00Z 24"});
}

TEST_CASE("a day of the zone has what went through on it, also when clocks are changed") {
  const auto days = [](const std::string& zone, const std::string& from, const std::string& to) {
    return shown(usage::days_of(hours({delta(from, to, 48'000)}, zone), zone));
  };
  CHECK(days("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z") ==
        Shown{"2026-03-28T23:00:00Z 23489", "2026-03-29T22:00:00Z 24511"});
  CHECK(days("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z") ==
        Shown{"2026-10-24T22:00:00Z 24489", "2026-10-25T23:00:00Z 23511"});
  CHECK(days("America/New_York", "2026-07-15T03:00:00Z", "2026-07-15T05:00:00Z") ==
        Shown{"2026-07-14T04:00:00Z 24000", "2026-07-15T04:00:00Z 24000"});
}

TEST_CASE("a cycle that begins within an hour parts it, and the day as well") {
  std::vector<Delta> deltas{delta("2026-07-15T10:00:00Z", "2026-07-15T14:37:00Z", 50),
                            delta("2026-07-15T14:37:00Z", "2026-07-15T14:50:00Z", 7),
                            delta("2026-07-15T14:50:00Z", "2026-07-15T16:00:00Z", 14)};
  deltas[1].new_cycle = true;
  const auto made = hours(deltas);
  CHECK(shown(usage::days_of(made, "UTC")) ==
        Shown{"2026-07-15T00:00:00Z 50", "2026-07-15T14:37:00Z 21 cycle"});
  CHECK(shown(usage::cycles_of(made)) ==
        Shown{"2026-07-15T10:00:00Z 50", "2026-07-15T14:37:00Z 21 cycle"});
}

TEST_CASE("a guess within a day leaves the day right, one over midnight does not") {
  auto within = delta("2026-07-15T03:00:00Z", "2026-07-15T09:00:00Z", 60);
  within.guessed = true;
  const auto day = delta("2026-07-15T00:00:00Z", "2026-07-16T00:00:00Z", 24);
  CHECK(shown(usage::days_of(hours({day, within}), "UTC")) == Shown{"2026-07-15T00:00:00Z 84"});
  auto over = delta("2026-07-15T23:00:00Z", "2026-07-16T01:00:00Z", 10);
  over.guessed = true;
  CHECK(shown(usage::days_of(hours({day, over}), "UTC")) ==
        Shown{"2026-07-15T00:00:00Z 29 guessed", "2026-07-16T00:00:00Z 5 guessed"});
}

TEST_CASE("rolled up to hours, days and cycles no total changes, in any zone") {
  CHECK(rc::check([] {
    const auto zone = *rc::gen::element<std::string>(
        "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Gaza",
        "Africa/Cairo", "America/St_Johns", "America/Havana", "Asia/Kathmandu");
    const auto deltas = some_deltas();
    const auto made = hours(deltas, zone);
    RC_ASSERT(usage::total(made).bytes() == sum(deltas));
    RC_ASSERT(std::ranges::is_sorted(made, std::ranges::less_equal(), &Bucket::start) ||
              made.size() < 2);
    const auto days = usage::days_of(made, zone);
    RC_ASSERT(usage::total(days).bytes() == sum(deltas));
    // Each cycle has the same, of hours, of days, and of both.
    const auto cut = std::ptrdiff_t(days.size() / 2);
    std::vector<Bucket> mixed(days.begin(), days.begin() + cut);
    if (cut < std::ssize(days))
      std::ranges::copy_if(made, std::back_inserter(mixed), [&](const Bucket& bucket) {
        return bucket.start >= days.at(std::size_t(cut)).start;
      });
    const auto sizes = [](const std::vector<Bucket>& cycles) {
      std::vector<DataSize> found;
      std::ranges::transform(cycles, std::back_inserter(found), &Bucket::size);
      return found;
    };
    RC_ASSERT(sizes(usage::cycles_of(days)) == sizes(usage::cycles_of(made)));
    RC_ASSERT(sizes(usage::cycles_of(mixed)) == sizes(usage::cycles_of(made)));
    // Once more changes nothing.
    RC_ASSERT(usage::days_of(days, zone) == days);
  }));
}
