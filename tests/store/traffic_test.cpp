/// How the history keeps traffic.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/history.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;
using usage::DataSize;

namespace {

constexpr auto no_note = [](const std::string&) {};
const base::UtcTime start = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

usage::Line line(const std::string& id = "sim-1") {
  usage::Line made;
  made.provider_id = id;
  return made;
}

usage::Snapshot said(base::UtcTime time, std::int64_t used) {
  usage::Snapshot made{};
  made.line = line();
  made.used = DataSize::of_bytes(used);
  made.limit = DataSize::of_bytes(1LL << 40);
  made.as_of = made.fetched_at = time;
  // Thirty days from the first on, over and over.
  const auto begun = start + (time - start) / days(30) * days(30);
  made.cycle = usage::Cycle{usage::CycleRule::monthly, begun, begun + days(30), "Europe/Berlin"};
  return made;
}

/// Of that many days, every so often, `per_reading` more each time.
std::vector<usage::Snapshot> readings(days length, std::chrono::seconds every,
                                      std::int64_t per_reading = 1000) {
  std::vector<usage::Snapshot> made;
  std::int64_t used = 0;
  for (auto time = start + every; time <= start + length; time += every) {
    if (!made.empty() && said(time, 0).cycle != made.back().cycle) used = 0;
    used += per_reading;
    made.push_back(said(time, used));
  }
  return made;
}

std::int64_t total(store::History& history, base::UtcTime now,
                   base::UtcTime since = base::UtcTime()) {
  return usage::total(history.traffic("work", line(), since, now).buckets).bytes();
}

std::vector<std::int64_t> by_cycle(store::History& history, base::UtcTime now) {
  std::vector<std::int64_t> found;
  for (const auto& cycle :
       usage::cycles_of(history.traffic("work", line(), base::UtcTime(), now).buckets))
    found.push_back(cycle.size.bytes());
  return found;
}

}  // namespace

TEST_CASE("what is read is traffic at once, and compaction changes no total and no cycle") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  const auto all = readings(days(100), 1h);
  history.put("work", all);
  const auto now = start + days(100);
  const std::vector<std::int64_t> cycles{719'000, 720'000, 720'000, 241'000};
  CHECK(total(history, now) == 2'400'000);
  CHECK(by_cycle(history, now) == cycles);
  for (int i = 0; i < 2; ++i) {  // the second time there is nothing to do
    history.compact(now);
    CHECK(total(history, now) == 2'400'000);
    CHECK(by_cycle(history, now) == cycles);
  }
  REQUIRE(history.newest().size() == 1);
  CHECK(history.newest()[0].snapshot == all.back());
  const auto kept = history.traffic("work", line(), base::UtcTime(), now);
  CHECK(kept.zone == "Europe/Berlin");
  CHECK(kept.until == now);
  CHECK(kept.recent.deltas.size() == 48);
  // Ten days that are days, and ninety of hours; a day in which a cycle begins has two parts.
  CHECK(kept.buckets.size() < 15 + 91 * 24);
  CHECK(kept.buckets.at(3).start - kept.buckets.at(2).start == 24h);
  CHECK(total(history, now, now - 24h) == 24'000);
  CHECK(history.traffic("work", line("other"), base::UtcTime(), now).buckets.empty());
}

TEST_CASE("compaction at any times, between any readings, keeps the totals of cycles") {
  CHECK(rc::check([] {
    const test::TemporaryDirectory directory;
    auto history = store::History::open(directory.path(), no_note);
    std::vector<std::int64_t> highest;
    std::vector<usage::Snapshot> all;
    auto time = start;
    std::int64_t used = 0;
    const bool exact = *rc::gen::arbitrary<bool>();
    for (int i = *rc::gen::inRange(1, 40); i > 0; --i) {
      time += std::chrono::minutes(*rc::gen::inRange(1, 20'000));
      if (all.empty() || said(time, 0).cycle != all.back().cycle) {
        used = 0;
        highest.push_back(0);
      }
      const bool corrected = *rc::gen::inRange(0, 6) == 0;
      used += corrected ? -used / 200 : *rc::gen::inRange<std::int64_t>(1, 1'000'000);
      used = std::max(used, highest.back() - highest.back() / 100);
      highest.back() = std::max(highest.back(), used);
      all.push_back(said(time, used));
      if (!exact) all.back().as_of.reset();
      history.put("work", all.back());
      if (*rc::gen::inRange(0, 3) == 0) history.compact(time + hours(*rc::gen::inRange(0, 3000)));
    }
    auto without = usage::series_of(all, time);
    const auto found = by_cycle(history, time);
    RC_ASSERT(found == [&] {
      std::vector<std::int64_t> sums;
      for (const auto& cycle : usage::cycles_of(usage::with_deltas({}, without.deltas, "UTC")))
        sums.push_back(cycle.size.bytes());
      return sums;
    }());
  }));
}

TEST_CASE("what comes to a day that was put together long ago joins it") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  const auto first = start + hours(10);
  history.put("work", said(first, 1000));
  history.compact(first + days(100));
  history.put("work", said(first + days(20), 5000));
  history.compact(first + days(200));
  CHECK(by_cycle(history, first + days(200)) == std::vector<std::int64_t>{5000});
  CHECK(total(history, first + days(200)) == 5000);
}

TEST_CASE("what a line used before it was read here can be brought, and comes to what is said") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  const auto first = start + days(70);  // ten days into the third cycle
  std::vector<usage::Bucket> hourly;
  for (auto time = start; time < first; time += hours(1))
    hourly.push_back({.start = time, .size = DataSize::of_bytes(1000)});
  const auto bring = [&] { return history.put_before("work", line(), "Europe/Berlin", hourly); };
  CHECK_FALSE(bring());  // nobody knows the line yet
  history.put("work", said(first, 250'000));
  CHECK(by_cycle(history, first) == std::vector<std::int64_t>{250'000});
  CHECK_FALSE(history.put_before("work", line(), "UTC", hourly));
  CHECK(bring() == hourly.size());
  const std::vector<std::int64_t> cycles{1'440'000, 250'000};  // the file has no cycles
  CHECK(by_cycle(history, first) == cycles);
  CHECK_FALSE(bring());
  history.put("work", said(first + hours(2), 252'000));
  history.compact(first + days(100));
  CHECK(by_cycle(history, first + hours(3)) == std::vector<std::int64_t>{1'440'000, 252'000});
}

TEST_CASE("a counter of this machine is kept the same way") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  std::vector<usage::Reading> counted;
  for (int i = 0; i < 100 * 24; ++i)
    counted.push_back({start + hours(i), (i % 500) * 1000L, "boot " + std::to_string(i / 500)});
  history.put_local("wwan0", "UTC", counted);
  const auto now = start + days(100);
  const auto sum = [&] {
    return usage::total(history.local_traffic("wwan0", base::UtcTime(), now).buckets).bytes();
  };
  const auto before = sum();
  CHECK(before == (4 * 499 + 399) * 1000);
  history.compact(now);
  CHECK(sum() == before);
  CHECK(history.local_counters() == std::vector<std::string>{"wwan0"});
  history.put_local("wwan0", "UTC", std::vector<usage::Reading>{{now, 500'000, "boot 4"}});
  CHECK(sum() == before + 101'000);
}

TEST_CASE("what was counted elsewhere is taken over once, and more of a day takes its place") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  const auto hour = [](int number, std::int64_t bytes) {
    return usage::Bucket{start + hours(number), DataSize::of_bytes(bytes), false, false, false};
  };
  std::vector<usage::Bucket> told;
  for (int i = 0; i < 60; ++i) told.push_back(hour(i, 10));
  const auto now = start + days(200);
  const auto sum = [&] {
    return usage::total(history.local_traffic("wwan0", base::UtcTime(), now).buckets).bytes();
  };
  CHECK(history.put_counted("wwan0", "UTC", told) == 3);
  CHECK(history.put_counted("wwan0", "UTC", told) == 0);
  CHECK(sum() == 600);
  history.compact(now);  // all of it are days now
  CHECK(history.put_counted("wwan0", "UTC", told) == 0);
  CHECK(sum() == 600);
  told.push_back(hour(60, 5));  // the third day went on
  CHECK(history.put_counted("wwan0", "UTC", told) == 1);
  CHECK(sum() == 605);
  CHECK(history.zone_of_counter("wwan0") == "UTC");
  CHECK_FALSE(history.zone_of_counter("wwan1"));
  // What is read here goes before what a file has of the same time.
  history.put_local("wwan0", "UTC", std::vector<usage::Reading>{{start + hours(72), 0, "boot"}});
  told.push_back(hour(73, 1000));
  CHECK(history.put_counted("wwan0", "UTC", told) == 0);
  CHECK(sum() == 605);
  REQUIRE(history.counters_read().size() == 1);
  CHECK(history.counters_read()[0].second == start + hours(72));
  history.forget_counter("wwan0");
  CHECK(history.local_counters().empty());
  CHECK(history.counters_read().empty());
}

TEST_CASE("ninety days of a reading every five minutes stay small") {
  const test::TemporaryDirectory directory;
  {
    auto history = store::History::open(directory.path(), no_note);
    const auto all = readings(days(90), 5min);
    REQUIRE(all.size() == 90 * 288);
    for (int day = 0; day < 90; ++day) {
      history.put("work", std::span(all).subspan(std::size_t(day) * 288, 288));
      if (day % 5 == 4) history.compact(start + days(day + 1));
    }
    history.compact(start + days(90));
    CHECK(total(history, start + days(90)) == 90 * 288'000);
  }
  // Twenty such lines over ten years have forty times as many days, and no more of all else.
  CHECK(std::filesystem::file_size(store::History::file_in(directory.path())) < 2'000'000);
}

TEST_CASE("a history of format 1 is read, and has traffic") {
  const test::TemporaryDirectory directory;
  std::ifstream file(std::filesystem::path(ESIMCTL_TEST_DATA) / "store/history-1.sql");
  const std::string script(std::istreambuf_iterator<char>(file), {});
  REQUIRE_FALSE(script.empty());
  store::Database::open(store::History::file_in(directory.path()),
                        std::vector<std::string_view>{script}, {});
  auto history = store::History::open_existing(directory.path());
  CHECK(history.newest().at(0).snapshot.used == DataSize::of_bytes(350));
  CHECK(history.newest_balances().at(0).money.amount() == "12.50");
  CHECK(total(history, start + 24h) == 250);
  history.compact(start + days(10));
  CHECK(total(history, start + days(10)) == 250);
}

TEST_CASE("an account that is forgotten leaves no traffic") {
  const test::TemporaryDirectory directory;
  auto history = store::History::open(directory.path(), no_note);
  history.put("work", readings(days(10), 1h));
  history.compact(start + days(10));
  history.forget("work");
  CHECK(history.traffic("work", line(), base::UtcTime(), start + days(10)).buckets.empty());
}

namespace {

/// Whether a child could write no more at some time, and said so; `work` runs until it throws.
template <class Work>
std::string code_with_full_disk(const std::filesystem::path& directory, const Work& work) {
  int pipe_ends[2];  // NOLINT(*-avoid-c-arrays)
  if (::pipe(pipe_ends) != 0) return "no pipe";
  const auto child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);  // NOLINT(cert-err33-c): a file that is too large shows as EFBIG
    const rlimit limit{400UL * 1024, 400UL * 1024};
    std::string code = "no limit";
    if (::setrlimit(RLIMIT_FSIZE, &limit) == 0) {
      auto history = store::History::open(directory, no_note);
      code = test::error_code([&] { work(history); });
    }
    if (::write(pipe_ends[1], code.data(), code.size()) < 0) ::_exit(1);
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  std::string code(64, '\0');
  const auto got = ::read(pipe_ends[0], code.data(), code.size());
  ::close(pipe_ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  code.resize(got > 0 ? std::size_t(got) : 0);
  return code;
}

}  // namespace

TEST_CASE("a disk that is full loses nothing that was written") {
  const test::TemporaryDirectory directory;
  const auto all = readings(days(12), 30min);
  store::History::open(directory.path(), no_note).put("work", all);
  const auto now = start + days(12);
  SUBCASE("while something is put") {
    CHECK(code_with_full_disk(directory.path(), [&](store::History& history) {
            history.put("home", readings(days(100), 5min));
          }) == "store.failed");
  }
  SUBCASE("while it is rolled up") {
    const auto roll_up = [](store::History& history) {
      for (int i = 1;; ++i) history.compact(start + days(2) + hours(i));
    };
    CHECK(code_with_full_disk(directory.path(), roll_up) == "store.failed");
  }
  auto history = store::History::open_existing(directory.path());
  CHECK(total(history, now) == 576'000);
  CHECK(history.newest().size() == 1);
  history.compact(now);
  CHECK(total(history, now) == 576'000);
}
