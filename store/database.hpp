#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite: the one place that knows it.
namespace store {

/// A value of a statement. What text and octets stand for has to live until it was run.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view, base::ByteView>;

/// A row that was found; good until the next one.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] bool null(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] base::Bytes octets(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// How a database came to be what it is: script n makes version n + 1 of version n, in one
/// transaction.
using Migrations = std::span<const std::string_view>;

/// Hears a sentence about something unusual.
using Note = std::function<void(const std::string& sentence)>;

/// A file of up to this many bytes is looked through whenever it is opened. A larger one is when
/// damage was met in it before, of which `FILE-damaged` beside it tells; else only as far as it is
/// read, and whether it is as long as it should be.
inline constexpr std::uintmax_t always_looked_through = 4UL * 1024 * 1024;

/// One SQLite file, for one thread: what was committed lasts (WAL, synchronous=FULL). Other
/// processes may use it at the same time; each waits for the others up to ten seconds.
///
/// Throws Error, all of kind failure where no other is named: `store.newer` for a file of a newer
/// esimctl, which stays untouched; `store.corrupt`; `store.full`; `store.busy`; `store.failed` for
/// everything else.
class Database {
 public:
  /// Opens the file and brings it to the newest version, makes it (0600) and its directory (0700)
  /// when they are not there. A corrupt file is not used: it is renamed to `FILE.corrupt-N`, a new
  /// one made, and `note` told.
  static Database open(const std::filesystem::path& file, Migrations migrations, const Note& note);

  /// The same of a file that is there, and which stays in its place when it is corrupt. Throws
  /// Error `store.none` (not_found) when it is not there.
  static Database open_existing(const std::filesystem::path& file, Migrations migrations);

  /// Runs one statement with its `?` bound to `values`.
  void run(std::string_view sql, std::initializer_list<Value> values = {},
           const std::function<void(const Row&)>& row = {});

  /// A statement whose one row has one number.
  std::int64_t number(std::string_view sql);

  /// All of `work` or, when it throws, nothing. Nobody else writes meanwhile.
  void in_transaction(const std::function<void()>& work);

  [[nodiscard]] std::int64_t last_id() const;
  [[nodiscard]] std::int64_t changed_rows() const;  ///< by the last statement

  /// Looks through every page. `quick` leaves out whether indexes fit their tables. Throws Error
  /// `store.corrupt` with the first fault.
  void require_sound(bool quick);

  /// A copy as it is now, 0600, which others may go on changing. Throws Error `store.backup-file`
  /// (usage) when the file is there already or cannot be made.
  void back_up(const std::filesystem::path& copy);

 private:
  struct Closer {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(std::filesystem::path file);
  static Database open_sound(const std::filesystem::path& file, Migrations migrations);
  void require_known_version(Migrations migrations);
  void migrate(Migrations migrations);
  void copy_from(Database& source);
  void run_script(const std::string& script);
  void set_checkpoint_on_close(bool on);
  [[noreturn]] void fail(int code) const;

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Closer> connection_;
};

}  // namespace store
