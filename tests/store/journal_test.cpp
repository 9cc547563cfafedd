#include "store/journal.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/memory_journal.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace std::chrono_literals;
using lpa::DownloadOutcome;
using lpa::DownloadStage;

namespace {

const base::UtcTime noon = std::chrono::sys_days(2026y / 11 / 25) + 12h;

lpa::Eid eid(std::string_view hex = "89049032000000000000000000000001") {
  lpa::Eid made;
  std::ranges::copy(test::hex(hex), made.octets.begin());
  return made;
}

lpa::NewSession session(const std::string& matching_id = "AB12") {
  return {eid(), "smdp.example.com", matching_id, noon};
}

lpa::OutboxNotification notification(std::uint64_t number, std::string_view hex = "BF3703800101") {
  return {eid(), number, "smdp.example.com", test::hex(hex), noon};
}

std::vector<std::uint64_t> numbers(const std::vector<lpa::OutboxNotification>& list) {
  std::vector<std::uint64_t> found;
  for (const auto& each : list) found.push_back(each.sequence_number);
  return found;
}

store::Journal open(const std::filesystem::path& directory) {
  return store::Journal::open(directory, [](const std::string& sentence) { FAIL(sentence); });
}

/// The same check on the journal in a file and on the one that other tests use instead.
template <class Check>
void on_each_journal(Check check) {
  SUBCASE("in a file") {
    const test::TemporaryDirectory directory;
    auto journal = open(directory.path() / "state");
    check(journal);
  }
  SUBCASE("in memory") {
    test::MemoryJournal journal;
    check(journal);
  }
}

/// What would be found after a power cut now: what is on the disk, without what processes share.
void copy_as_after_power_cut(const std::filesystem::path& from, const std::filesystem::path& to,
                             bool with_log = true) {
  std::filesystem::remove_all(to);
  std::filesystem::create_directories(to);
  std::filesystem::copy_file(from / "journal.db", to / "journal.db");
  if (with_log) std::filesystem::copy_file(from / "journal.db-wal", to / "journal.db-wal");
}

/// Runs `work` in a process of its own; its exit code, or 128 and the signal that ended it.
template <class Work>
int status_of_child(Work work) {
  const auto child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = work();
    } catch (...) {
      code = 98;
    }
    ::_exit(code);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE(
    "a session is open from its beginning until it is finished, with the newest of each field") {
  on_each_journal([](lpa::Journal& journal) {
    const auto first = journal.begin(session("AB12"));
    const auto second = journal.begin(session("CD34"));
    REQUIRE(journal.open_sessions().size() == 2);
    CHECK_FALSE(journal.open_sessions()[0].last);

    journal.step(first, {.stage = DownloadStage::authenticate_server,
                         .at = noon + 1s,
                         .transaction_id = test::hex("0102")});
    journal.step(first, {.stage = DownloadStage::load_bound_profile_package,
                         .at = noon + 2s,
                         .detail = "segment 1 of 9",
                         .bound_profile_package = test::hex("BF360100")});
    journal.step(first, {.stage = DownloadStage::cancel_session, .at = noon + 3s});
    const auto open = journal.open_sessions();
    REQUIRE(open.size() == 2);
    CHECK(open[0].id == first);
    CHECK(open[0].begun.eid == eid());
    CHECK(open[0].begun.smdp_address == "smdp.example.com");
    CHECK(open[0].begun.matching_id == "AB12");
    CHECK(open[0].begun.started_at == noon);
    REQUIRE(open[0].last);
    CHECK(open[0].last->stage == DownloadStage::cancel_session);
    CHECK(open[0].last->at == noon + 3s);
    CHECK(open[0].last->detail.empty());
    CHECK(open[0].last->transaction_id == test::hex("0102"));
    CHECK(open[0].last->bound_profile_package == test::hex("BF360100"));

    journal.finish(first, DownloadOutcome::installed, noon + 4s);
    REQUIRE(journal.open_sessions().size() == 1);
    CHECK(journal.open_sessions()[0].id == second);
    journal.finish(second, DownloadOutcome::cancelled, noon + 5s);
    CHECK(journal.open_sessions().empty());
  });
}

TEST_CASE("every stage of a download is read as it was written") {
  on_each_journal([](lpa::Journal& journal) {
    const auto id = journal.begin(session(""));
    for (auto stage = 0; stage <= static_cast<int>(DownloadStage::cancel_session); ++stage) {
      journal.step(id, {.stage = static_cast<DownloadStage>(stage), .at = noon});
      CHECK(journal.open_sessions().at(0).last->stage == static_cast<DownloadStage>(stage));
    }
  });
}

TEST_CASE("that a notification was sent and that the card has it no more are facts of their own") {
  on_each_journal([](lpa::Journal& journal) {
    for (const std::uint64_t number : {1U, 2U, 3U}) journal.put(notification(number));
    CHECK(numbers(journal.unsent()) == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(journal.unremoved().empty());
    CHECK(journal.sent(eid(), 1, noon));
    CHECK(numbers(journal.unremoved()) == std::vector<std::uint64_t>{1});
    CHECK(journal.removed(eid(), 1, noon));
    CHECK(journal.unremoved().empty());
    CHECK(journal.removed(eid(), 2, noon));
    CHECK(numbers(journal.unsent()) == std::vector<std::uint64_t>{2, 3});
    CHECK(journal.sent(eid(), 2, noon));
    CHECK(numbers(journal.unsent()) == std::vector<std::uint64_t>{3});
    CHECK(journal.unremoved().empty());
  });
}

TEST_CASE("a notification is kept to the octet, by card and number") {
  on_each_journal([](lpa::Journal& journal) {
    auto other = notification(0xFFFFFFFFFFFFFFFFU, "BF37060001FF0A0D00");
    other.eid = eid("89086030000000000000000000000001");
    journal.put(notification(5));
    journal.put(other);
    const auto unsent = journal.unsent();
    REQUIRE(unsent.size() == 2);
    CHECK(unsent[1].eid == other.eid);
    CHECK(unsent[1].sequence_number == other.sequence_number);
    CHECK(unsent[1].address == other.address);
    CHECK(unsent[1].pending_notification == other.pending_notification);
    CHECK(unsent[1].put_at == noon);
    CHECK_FALSE(journal.sent(eid(), other.sequence_number, noon));
    CHECK_FALSE(journal.removed(other.eid, 5, noon));
    CHECK(journal.unsent().size() == 2);
  });
}

TEST_CASE("an unsent notification is never replaced, and one that was sent is") {
  on_each_journal([](lpa::Journal& journal) {
    journal.put(notification(1, "BF3701AA"));
    journal.put(notification(1, "BF3701AA"));
    CHECK(journal.unsent().size() == 1);
    CHECK(test::error_code([&] { journal.put(notification(1, "BF3701BB")); }) == "store.conflict");
    CHECK(journal.unsent().at(0).pending_notification == test::hex("BF3701AA"));
    journal.sent(eid(), 1, noon);
    journal.put(notification(1, "BF3701AA"));
    CHECK(journal.unsent().empty());
    journal.put(notification(1, "BF3701BB"));
    CHECK(journal.unsent().at(0).pending_notification == test::hex("BF3701BB"));
    CHECK(journal.unremoved().empty());
  });
}

TEST_CASE("after a power cut everything is there that was written down") {
  const test::TemporaryDirectory directory;
  const auto state = directory.path() / "state";
  const auto after = directory.path() / "after";
  const base::Bytes package(100'000, 0x5A);
  auto journal = open(state);

  const auto id = journal.begin(session());
  copy_as_after_power_cut(state, after);
  CHECK(open(after).open_sessions().size() == 1);
  copy_as_after_power_cut(state, after, false);  // counter-run: it was not in the file before
  CHECK(open(after).open_sessions().empty());

  for (auto stage = 0; stage <= static_cast<int>(DownloadStage::cancel_session); ++stage) {
    CAPTURE(stage);
    const auto loading =
        static_cast<DownloadStage>(stage) == DownloadStage::load_bound_profile_package;
    journal.step(id, {.stage = static_cast<DownloadStage>(stage),
                      .at = noon,
                      .bound_profile_package = loading ? package : base::Bytes()});
    copy_as_after_power_cut(state, after);
    const auto found = open(after).open_sessions();
    REQUIRE(found.size() == 1);
    CHECK(found[0].last->stage == static_cast<DownloadStage>(stage));
    if (loading) CHECK(found[0].last->bound_profile_package == package);
  }

  journal.put(notification(1));
  copy_as_after_power_cut(state, after);
  CHECK(numbers(open(after).unsent()) == std::vector<std::uint64_t>{1});
  journal.finish(id, DownloadOutcome::installed, noon);
  copy_as_after_power_cut(state, after);
  CHECK(open(after).open_sessions().empty());
  journal.sent(eid(), 1, noon);
  copy_as_after_power_cut(state, after);
  CHECK(open(after).unsent().empty());
  CHECK(numbers(open(after).unremoved()) == std::vector<std::uint64_t>{1});
  journal.removed(eid(), 1, noon);
  copy_as_after_power_cut(state, after);
  CHECK(open(after).unremoved().empty());
}

TEST_CASE("a log that breaks off anywhere loses its last entry at most, and is not corrupt") {
  const test::TemporaryDirectory directory;
  const auto state = directory.path() / "state";
  const auto after = directory.path() / "after";
  auto journal = open(state);
  journal.begin(session("first"));
  const auto before = std::filesystem::file_size(state / "journal.db-wal");
  journal.begin(session("second"));
  const auto size = std::filesystem::file_size(state / "journal.db-wal");
  REQUIRE(size > before);
  for (auto end = before; end < size; end += 1000) {
    CAPTURE(end);
    copy_as_after_power_cut(state, after);
    std::filesystem::resize_file(after / "journal.db-wal", end);
    const auto found = open(after).open_sessions();
    REQUIRE(found.size() == 1);
    CHECK(found[0].begun.matching_id == "first");
  }
}

TEST_CASE("what a process wrote down is there after it was killed") {
  const test::TemporaryDirectory directory;
  const auto status = status_of_child([&] {
    auto journal = store::Journal::open(directory.path(), {});
    journal.put(notification(1));
    journal.step(journal.begin(session()), {.stage = DownloadStage::prepare_download, .at = noon});
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  CHECK(status == 128 + SIGKILL);
  auto journal = open(directory.path());
  CHECK(journal.unsent().size() == 1);
  CHECK(journal.open_sessions().at(0).last->stage == DownloadStage::prepare_download);
}

TEST_CASE("processes that open and write at the same time lose nothing and never fail") {
  const test::TemporaryDirectory directory;
  const auto state = directory.path() / "state";
  constexpr int processes = 4;
  constexpr int rounds = 25;
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    const auto child = ::fork();
    if (child == 0) {
      int code = 0;
      try {
        for (int round = 0; round < rounds; ++round) {
          auto journal = store::Journal::open(state, {});
          const auto id = journal.begin(session(std::to_string(process)));
          journal.step(id, {.stage = DownloadStage::prepare_download, .at = noon});
          journal.put(notification(static_cast<std::uint64_t>(process) * rounds +
                                   static_cast<std::uint64_t>(round)));
        }
      } catch (const std::exception&) {
        code = 1;
      }
      ::_exit(code);
    }
    children.push_back(child);
  }
  for (const auto child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  auto journal = open(state);
  CHECK(journal.contents().open_sessions == processes * rounds);
  const auto unsent = numbers(journal.unsent());
  CHECK(std::set(unsent.begin(), unsent.end()).size() == processes * rounds);
  journal.require_sound();
}

TEST_CASE("what cannot be written whole is not there at all, and what was before still is") {
  const test::TemporaryDirectory directory;
  open(directory.path()).begin(session("before"));
  const auto status = status_of_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);  // NOLINT(cert-err33-c): a file that is too large shows as EFBIG
    const rlimit limit{256UL * 1024, 256UL * 1024};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 90;
    auto journal = store::Journal::open(directory.path(), {});
    const auto id = journal.open_sessions().at(0).id;
    const auto code = test::error_code([&] {
      journal.step(id, {.stage = DownloadStage::load_bound_profile_package,
                        .at = noon,
                        .bound_profile_package = base::Bytes(1024UL * 1024, 0x5A)});
    });
    if (code != "store.failed") return 91;
    if (journal.open_sessions().at(0).last) return 92;
    journal.put(notification(1));  // a small one has room
    return 0;
  });
  CHECK(status == 0);
  auto journal = open(directory.path());
  REQUIRE(journal.open_sessions().size() == 1);
  CHECK_FALSE(journal.open_sessions()[0].last);
  CHECK(journal.unsent().size() == 1);
  journal.require_sound();
}

TEST_CASE("a finished download keeps no bound profile package") {
  const test::TemporaryDirectory directory;
  auto journal = open(directory.path());
  const auto id = journal.begin(session());
  journal.step(id, {.stage = DownloadStage::load_bound_profile_package,
                    .at = noon,
                    .bound_profile_package = base::Bytes(1000, 0x5A)});
  journal.finish(id, DownloadOutcome::installed, noon);
  const auto copy = directory.path() / "copy.db";
  journal.back_up(copy);
  auto database = store::Database::open_existing(copy, std::vector<std::string_view>{""});
  CHECK(database.number("SELECT count(*) FROM download_session") == 1);
  CHECK(database.number("SELECT count(bound_profile_package) FROM download_session") == 0);
  CHECK(database.number("SELECT outcome = 'installed' AND finished_at = '2026-11-25T12:00:00Z' "
                        "FROM download_session") == 1);
}

TEST_CASE("a journal of format 1 is read") {
  const test::TemporaryDirectory directory;
  const auto script = contents_of(std::filesystem::path(ESIMCTL_TEST_DATA) / "store/journal-1.sql");
  REQUIRE_FALSE(script.empty());
  store::Database::open(directory.path() / "journal.db", std::vector<std::string_view>{script}, {});
  auto journal = open(directory.path());
  const auto sessions = journal.open_sessions();
  REQUIRE(sessions.size() == 1);
  CHECK(sessions[0].begun.matching_id == "CD34");
  CHECK(sessions[0].last->stage == DownloadStage::load_bound_profile_package);
  CHECK(sessions[0].last->detail == "segment 1");
  CHECK(sessions[0].last->bound_profile_package == test::hex("BF3603"));
  CHECK(journal.unsent().at(0).pending_notification == test::hex("BF3701"));
  CHECK(journal.contents().sessions == 2);
  journal.begin(session());
  journal.require_sound();
}
