#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utc.hpp"
#include "store/alarms.hpp"
#include "store/database.hpp"
#include "usage/money.hpp"
#include "usage/rollup.hpp"
#include "usage/series.hpp"
#include "usage/snapshot.hpp"

namespace store {

/// What an account has left, as it was said at a moment.
struct KeptBalance {
  std::string account;
  usage::Money money;
  base::UtcTime fetched_at;
};

/// A snapshot and the account that it is of.
struct KeptSnapshot {
  std::string account;
  usage::Snapshot snapshot;
};

/// What went through a line.
struct KeptTraffic {
  std::vector<usage::Bucket> buckets;  ///< by time: of days first, then of hours
  std::string zone;                    ///< by which they are days and hours
  std::optional<base::UtcTime> until;  ///< up to when it is known; empty: nothing is
  usage::Series recent;                ///< of what was not rolled up yet: the last two days
};

/// What providers said, and this machine's counters, in a database. Throws as Database.
///
/// What is read is kept for 48 hours, then rolled up to hours, and after 90 days to days, which
/// are kept for ever; `compact` does it.
class History {
 public:
  static std::filesystem::path file_in(const std::filesystem::path& directory);
  static bool there(const std::filesystem::path& directory);

  /// As Database::open and Database::open_existing.
  static History open(const std::filesystem::path& directory, const Note& note);
  static History open_existing(const std::filesystem::path& directory);

  void put(const std::string& account, const usage::Snapshot& snapshot);
  /// All of them, or none. What is older than what was rolled up comes too late, and is not
  /// counted.
  void put(const std::string& account, std::span<const usage::Snapshot> snapshots);
  void put(const KeptBalance& balance);

  /// The newest of each line, by account and line.
  std::vector<KeptSnapshot> newest();
  /// The newest of each account.
  std::vector<KeptBalance> newest_balances();

  /// The same of a counter of this machine, whose days are those of `zone`.
  void put_local(const std::string& counter, const std::string& zone,
                 std::span<const usage::Reading> readings);

  /// Of a line from `since` on, to the hour. Throws what usage/zone.hpp has, too.
  KeptTraffic traffic(const std::string& account, const usage::Line& line, base::UtcTime since,
                      base::UtcTime now);
  KeptTraffic local_traffic(const std::string& counter, base::UtcTime since, base::UtcTime now);

  /// Takes over traffic that was counted elsewhere, by time and each start once, as that of a
  /// counter, by days of its zone, which is `zone` for a new one. A day that is known already stays
  /// unless the new one has more, so that the same changes nothing; so does each from the first
  /// reading on that is still kept as it was read. Returns how many days were taken.
  std::size_t put_counted(const std::string& counter, const std::string& zone,
                          std::span<const usage::Bucket> buckets);

  /// Takes over traffic of a line from before it was read for the first time here, by time and each
  /// start once. What of the first figure is in none of it is a guess of the time until then.
  /// Returns how many buckets were taken; empty, and nothing is changed, where the line was never
  /// read, is kept by days of another zone, or has a history already that was put together.
  std::optional<std::size_t> put_before(const std::string& account, const usage::Line& line,
                                        const std::string& zone,
                                        std::span<const usage::Bucket> buckets);

  /// The counters of this machine, by name; and those that are read here, and when last.
  std::vector<std::string> local_counters();
  std::vector<std::pair<std::string, base::UtcTime>> counters_read();

  /// By whose days a counter is kept; empty when there is none of that name.
  std::optional<std::string> zone_of_counter(const std::string& counter);

  /// Rolls up what is old enough, line by line; no total changes. What was done before it throws
  /// stays done.
  void compact(base::UtcTime now);

  /// Forgets what is of that account, or of that counter of this machine.
  void forget(std::string_view account);
  void forget_counter(std::string_view counter);

  /// Alarms, by their id: those that stand, and those that were over at `since` or later.
  std::vector<KeptAlarm> alarms(base::UtcTime since);
  std::optional<KeptAlarm> alarm(std::int64_t id);
  /// What `change` makes of those of `alarms(since)` is kept: what is new gets an id, nothing may
  /// be taken out. Nobody else changes any meanwhile. Returns them as they are kept.
  std::vector<KeptAlarm> change_alarms(base::UtcTime since,
                                       const std::function<void(std::vector<KeptAlarm>&)>& change);

 private:
  explicit History(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace store
