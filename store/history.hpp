#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utc.hpp"
#include "store/database.hpp"
#include "usage/money.hpp"
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

/// By what a line of an account is known from one run to the next: the first of its names that it
/// has.
std::string line_key(const usage::Line& line);

/// What providers said, in a database. Throws as Database.
class History {
 public:
  static std::filesystem::path file_in(const std::filesystem::path& directory);
  static bool there(const std::filesystem::path& directory);

  /// As Database::open and Database::open_existing.
  static History open(const std::filesystem::path& directory, const Note& note);
  static History open_existing(const std::filesystem::path& directory);

  void put(const std::string& account, const usage::Snapshot& snapshot);
  void put(const KeptBalance& balance);

  /// The newest of each line, by account and line.
  std::vector<KeptSnapshot> newest();
  /// The newest of each account.
  std::vector<KeptBalance> newest_balances();

  /// Forgets what is of that account.
  void forget(std::string_view account);

 private:
  explicit History(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace store
