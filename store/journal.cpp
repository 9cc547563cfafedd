#include "store/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;
using namespace std::string_view_literals;

/// Times are text as RFC 3339 has it, EIDs their digits, stages and outcomes the names below.
constexpr std::array migrations{// 1
                                R"(
CREATE TABLE download_session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  eid TEXT NOT NULL,
  smdp_address TEXT NOT NULL,
  matching_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  transaction_id BLOB,
  bound_profile_package BLOB,
  outcome TEXT,
  finished_at TEXT
) STRICT;
CREATE TABLE download_step (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES download_session (id),
  stage TEXT NOT NULL,
  at TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX download_step_session ON download_step (session);
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  eid TEXT NOT NULL,
  sequence_number INTEGER NOT NULL,
  address TEXT NOT NULL,
  pending_notification BLOB NOT NULL,
  put_at TEXT NOT NULL,
  sent_at TEXT,
  removed_at TEXT,
  UNIQUE (eid, sequence_number)
) STRICT;
)"sv};

constexpr std::array outcomes{"installed"sv, "failed"sv, "cancelled"sv};

constexpr auto unsent_ones = "sent_at IS NULL"sv;
constexpr auto unremoved_ones = "sent_at IS NOT NULL AND removed_at IS NULL"sv;

/// The digits of an EID are its octets in hex.
std::string digits(const lpa::Eid& eid) { return base::to_hex(eid.octets); }

/// SQLite has signed numbers only; it is the same one when it is read.
std::int64_t stored(std::uint64_t number) { return static_cast<std::int64_t>(number); }

[[noreturn]] void refuse(std::string_view what, const std::string& text) {
  throw Error(ErrorKind::failure, "store.corrupt",
              fmt::format("the journal has “{}” where {} should be", base::clean(text), what));
}

lpa::Eid read_eid(const std::string& text) {
  lpa::Eid eid;
  const auto octets = base::from_hex(text);
  if (!octets || octets->size() != eid.octets.size()) refuse("an EID", text);
  std::ranges::copy(*octets, eid.octets.begin());
  return eid;
}

base::UtcTime read_time(const std::string& text) {
  const auto time = base::from_rfc3339(text);
  if (!time) refuse("a time", text);
  return *time;
}

lpa::DownloadStage read_stage(const std::string& text) {
  const auto* found = std::ranges::find(lpa::stage_names, text);
  if (found == lpa::stage_names.end()) refuse("a stage of a download", text);
  return static_cast<lpa::DownloadStage>(found - lpa::stage_names.begin());
}

std::filesystem::path mark_in(const std::filesystem::path& directory) {
  return directory / "journal.waits";
}

/// It has to last as the journal does: with its name in the directory.
void make_mark(const std::filesystem::path& mark) {
  if (::access(mark.c_str(), F_OK) == 0) return;
  const base::Fd file(::open(mark.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const base::Fd directory(::open(mark.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.open() || !directory.open() || ::fsync(directory.number()) != 0) {
    throw Error(ErrorKind::failure, errno == ENOSPC ? "store.full" : "store.failed",
                fmt::format("{} cannot be made: {}", base::clean(mark.string(), 200),
                            std::generic_category().message(errno)));
  }
}

Value or_null(base::ByteView octets) { return octets.empty() ? Value(nullptr) : Value(octets); }

}  // namespace

std::filesystem::path Journal::file_in(const std::filesystem::path& directory) {
  return directory / "journal.db";
}

Journal::Journal(Database database, const std::filesystem::path& directory)
    : database_(std::move(database)), mark_(mark_in(directory)) {}

bool Journal::something_waits(const std::filesystem::path& directory) {
  std::error_code error;
  return std::filesystem::exists(mark_in(directory), error);
}

Journal Journal::open(const std::filesystem::path& directory, const Note& note) {
  return {Database::open(file_in(directory), migrations, note), directory};
}

Journal Journal::open_existing(const std::filesystem::path& directory) {
  return {Database::open_existing(file_in(directory), migrations), directory};
}

/// Does `work` in a transaction. The mark is made before what waits is committed, and taken away
/// after the last of it was, while nobody else writes.
void Journal::write(bool may_wait, const std::function<void()>& work) {
  database_.in_transaction([&] {
    if (may_wait) make_mark(mark_);
    work();
  });
  if (may_wait) return;
  database_.in_transaction([&] {
    const auto waiting = database_.number(
        fmt::format("SELECT EXISTS (SELECT 1 FROM download_session WHERE outcome IS NULL) OR "
                    "EXISTS (SELECT 1 FROM outbox WHERE {})",
                    unsent_ones));
    if (waiting == 0) ::unlink(mark_.c_str());
  });
}

lpa::SessionId Journal::begin(const lpa::NewSession& session) {
  lpa::SessionId id = 0;
  write(true, [&] {
    database_.run(
        "INSERT INTO download_session (eid, smdp_address, matching_id, started_at) "
        "VALUES (?, ?, ?, ?)",
        {digits(session.eid), session.smdp_address, session.matching_id,
         base::to_rfc3339(session.started_at)});
    id = database_.last_id();
  });
  return id;
}

void Journal::step(lpa::SessionId session, const lpa::DownloadStep& step) {
  database_.in_transaction([&] {
    database_.run("INSERT INTO download_step (session, stage, at, detail) VALUES (?, ?, ?, ?)",
                  {session, lpa::stage_name(step.stage), base::to_rfc3339(step.at), step.detail});
    database_.run(
        "UPDATE download_session SET transaction_id = coalesce(?, transaction_id), "
        "bound_profile_package = coalesce(?, bound_profile_package) WHERE id = ?",
        {or_null(step.transaction_id), or_null(step.bound_profile_package), session});
  });
}

void Journal::finish(lpa::SessionId session, lpa::DownloadOutcome outcome, base::UtcTime at) {
  write(false, [&] {
    database_.run(
        "UPDATE download_session SET outcome = ?, finished_at = ?, bound_profile_package = NULL "
        "WHERE id = ?",
        {outcomes.at(static_cast<std::size_t>(outcome)), base::to_rfc3339(at), session});
  });
}

std::vector<lpa::OpenSession> Journal::open_sessions() {
  std::vector<lpa::OpenSession> found;
  const auto read = [&](const Row& row) {
    lpa::OpenSession session;
    session.id = row.number(0);
    session.begun = {read_eid(row.text(1)), row.text(2), row.text(3), read_time(row.text(4))};
    if (!row.null(7)) {
      session.last = lpa::DownloadStep{.stage = read_stage(row.text(7)),
                                       .at = read_time(row.text(8)),
                                       .detail = row.text(9),
                                       .transaction_id = row.octets(5),
                                       .bound_profile_package = row.octets(6)};
    }
    found.push_back(std::move(session));
  };
  database_.run(
      "SELECT s.id, eid, smdp_address, matching_id, started_at, transaction_id, "
      "bound_profile_package, stage, at, detail FROM download_session AS s "
      "LEFT JOIN download_step AS t "
      "ON t.id = (SELECT max(id) FROM download_step WHERE session = s.id) "
      "WHERE outcome IS NULL ORDER BY s.id",
      {}, read);
  return found;
}

void Journal::put(const lpa::OutboxNotification& notification) {
  const auto eid = digits(notification.eid);
  const auto number = stored(notification.sequence_number);
  write(true, [&] {
    bool same = false;
    bool waits = false;
    database_.run(
        "SELECT pending_notification, sent_at FROM outbox WHERE eid = ? AND sequence_number = ?",
        {eid, number}, [&](const Row& row) {
          same = row.octets(0) == notification.pending_notification;
          waits = row.null(1);
        });
    if (same) return;
    if (waits) {
      throw Error(ErrorKind::failure, "store.conflict",
                  fmt::format("another notification {} of this eUICC was not sent yet",
                              notification.sequence_number));
    }
    database_.run("DELETE FROM outbox WHERE eid = ? AND sequence_number = ?", {eid, number});
    database_.run(
        "INSERT INTO outbox (eid, sequence_number, address, pending_notification, put_at) "
        "VALUES (?, ?, ?, ?, ?)",
        {eid, number, notification.address, notification.pending_notification,
         base::to_rfc3339(notification.put_at)});
  });
}

bool Journal::mark(std::string_view sql, const lpa::Eid& eid, std::uint64_t number,
                   base::UtcTime at) {
  bool known = false;
  write(false, [&] {
    database_.run(sql, {base::to_rfc3339(at), digits(eid), stored(number)});
    known = database_.changed_rows() > 0;
  });
  return known;
}

bool Journal::sent(const lpa::Eid& eid, std::uint64_t sequence_number, base::UtcTime at) {
  return mark(
      "UPDATE outbox SET sent_at = coalesce(sent_at, ?) WHERE eid = ? AND sequence_number = ?", eid,
      sequence_number, at);
}

bool Journal::removed(const lpa::Eid& eid, std::uint64_t sequence_number, base::UtcTime at) {
  return mark(
      "UPDATE outbox SET removed_at = coalesce(removed_at, ?) WHERE eid = ? AND sequence_number = "
      "?",
      eid, sequence_number, at);
}

std::vector<lpa::OutboxNotification> Journal::outbox(std::string_view condition,
                                                     std::initializer_list<Value> values) {
  std::vector<lpa::OutboxNotification> found;
  const auto read = [&](const Row& row) {
    found.push_back({read_eid(row.text(0)), static_cast<std::uint64_t>(row.number(1)), row.text(2),
                     row.octets(3), read_time(row.text(4))});
  };
  database_.run(fmt::format("SELECT eid, sequence_number, address, pending_notification, put_at "
                            "FROM outbox WHERE {} ORDER BY id",
                            condition),
                values, read);
  return found;
}

std::optional<lpa::OutboxNotification> Journal::find(const lpa::Eid& eid,
                                                     std::uint64_t sequence_number) {
  auto found = outbox("eid = ? AND sequence_number = ?", {digits(eid), stored(sequence_number)});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<lpa::OutboxNotification> Journal::unsent() { return outbox(unsent_ones); }

std::vector<lpa::OutboxNotification> Journal::unremoved() { return outbox(unremoved_ones); }

JournalContents Journal::contents() {
  const auto count = [&](std::string_view table, std::string_view condition) {
    return database_.number(fmt::format("SELECT count(*) FROM {} WHERE {}", table, condition));
  };
  return {.format = database_.number("PRAGMA user_version"),
          .sessions = count("download_session", "true"),
          .open_sessions = count("download_session", "outcome IS NULL"),
          .notifications = count("outbox", "true"),
          .unsent = count("outbox", unsent_ones),
          .unremoved = count("outbox", unremoved_ones)};
}

}  // namespace store
