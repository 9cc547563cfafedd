#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <vector>

#include "lpa/journal.hpp"
#include "store/database.hpp"

namespace store {

/// How much a journal holds.
struct JournalContents {
  std::int64_t format = 0;  ///< its version
  std::int64_t sessions = 0;
  std::int64_t open_sessions = 0;
  std::int64_t notifications = 0;
  std::int64_t unsent = 0;
  std::int64_t unremoved = 0;  ///< sent, and on the card yet
};

/// The journal of downloads and the outbox, in a database. Throws as Database.
class Journal final : public lpa::Journal {
 public:
  /// Where it is, in the directory for what is kept between runs.
  static std::filesystem::path file_in(const std::filesystem::path& directory);

  /// False when that directory has no journal in which a download is open or a notification
  /// unsent: one look at a file beside it, so that every command can ask.
  static bool something_waits(const std::filesystem::path& directory);

  /// As Database::open.
  static Journal open(const std::filesystem::path& directory, const Note& note);

  /// As Database::open_existing.
  static Journal open_existing(const std::filesystem::path& directory);

  lpa::SessionId begin(const lpa::NewSession& session) override;
  void step(lpa::SessionId session, const lpa::DownloadStep& step) override;
  void finish(lpa::SessionId session, lpa::DownloadOutcome outcome, base::UtcTime at) override;
  std::vector<lpa::OpenSession> open_sessions() override;
  void put(const lpa::OutboxNotification& notification) override;
  std::optional<lpa::OutboxNotification> find(const lpa::Eid& eid,
                                              std::uint64_t sequence_number) override;
  bool sent(const lpa::Eid& eid, std::uint64_t sequence_number, base::UtcTime at) override;
  bool removed(const lpa::Eid& eid, std::uint64_t sequence_number, base::UtcTime at) override;
  std::vector<lpa::OutboxNotification> unsent() override;
  std::vector<lpa::OutboxNotification> unremoved() override;

  JournalContents contents();
  void require_sound() { database_.require_sound(false); }
  void back_up(const std::filesystem::path& copy) { database_.back_up(copy); }

 private:
  Journal(Database database, const std::filesystem::path& directory);
  void write(bool may_wait, const std::function<void()>& work);
  bool mark(std::string_view sql, const lpa::Eid& eid, std::uint64_t number, base::UtcTime at);
  std::vector<lpa::OutboxNotification> outbox(std::string_view condition,
                                              std::initializer_list<Value> values = {});

  Database database_;
  std::filesystem::path mark_;  ///< is there while something may wait
};

}  // namespace store
