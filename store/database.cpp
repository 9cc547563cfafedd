#include "store/database.hpp"

#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;
namespace fs = std::filesystem;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr std::chrono::milliseconds longest_wait = 10s;
constexpr auto poll_interval = 10ms;
constexpr mode_t owner_only = 0600;

std::string shown(const fs::path& file) { return base::clean(file.string(), 1000); }

Error corrupt(const fs::path& file, std::string_view fault) {
  return Error(ErrorKind::failure, "store.corrupt",
               fmt::format("{} is damaged: {}", shown(file), base::clean(fault)))
      .hint("copy it and the files beside it before anything else is tried");
}

Error failed(const fs::path& file, std::string_view reason) {
  return {ErrorKind::failure, "store.failed",
          fmt::format("cannot use {}: {}", shown(file), reason)};
}

Error failed(const fs::path& file, int number) {
  return failed(file, std::generic_category().message(number));
}

Error full(const fs::path& file) {
  return Error(ErrorKind::failure, "store.full",
               fmt::format("there is no room to write {}; nothing was written", shown(file)))
      .hint("make room on the disk, then do it again");
}

/// Held by whoever opens a database of this directory, so that two do not make it, or set it aside,
/// at once. It is on the directory itself: to close another descriptor of the database would
/// release the locks that SQLite has on it (POSIX fcntl).
base::Fd lock_for_opening(const fs::path& file) {
  base::Fd fd(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open()) throw failed(file, errno);
  base::SystemClock clock;
  const auto end = clock.now() + longest_wait;
  while (::flock(fd.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw failed(file, errno);
    if (clock.now() >= end) {
      throw Error(ErrorKind::failure, "store.busy",
                  fmt::format("another esimctl is opening {} and does not end", shown(file)));
    }
    clock.wait(poll_interval);
  }
  return fd;
}

void make_directory(const fs::path& file) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (!error) fs::permissions(file.parent_path(), fs::perms::owner_all, error);
  if (error) throw failed(file, error.value());
}

/// Made before SQLite does it, which would let others read it.
void make_file(const fs::path& file) {
  const base::Fd made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
  if (!made.open() && errno != EEXIST) throw failed(file, errno);
  if (::chmod(file.c_str(), owner_only) != 0) throw failed(file, errno);
}

/// What SQLite keeps in files of their own beside a database.
constexpr std::string_view beside[] = {"-wal", "-shm", "-journal"};  // NOLINT(*-avoid-c-arrays)

bool any_exists(const fs::path& file) {
  bool found = fs::exists(file);
  for (const auto suffix : beside) found = found || fs::exists(file.string() + std::string(suffix));
  return found;
}

/// What stands beside it goes first: a new database must not find the log of the old one.
void set_aside(const fs::path& file, const std::string& fault, const Note& note) {
  int number = 1;
  fs::path place;
  do {
    place = fmt::format("{}.corrupt-{}", file.string(), number++);
  } while (any_exists(place));
  try {
    for (const auto suffix : beside) {
      const fs::path from = file.string() + std::string(suffix);
      if (fs::exists(from)) fs::rename(from, place.string() + std::string(suffix));
    }
    fs::rename(file, place);
  } catch (const fs::filesystem_error& error) {
    throw failed(file, error.code().message()).hint("it is damaged, and could not be set aside");
  }
  if (note) {
    note(fmt::format("{}; it is kept as {}, and a new one is begun", fault,
                     shown(place.filename())));
  }
}

fs::path mark_of_damage(const fs::path& file) { return file.string() + "-damaged"; }

/// So that who opens the file next looks through all of it.
void mark_damaged(const fs::path& file) {
  std::error_code error;
  if (fs::file_size(file, error) <= always_looked_through || error) return;
  const base::Fd made(
      ::open(mark_of_damage(file).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, owner_only));
}

bool is_to_be_looked_through(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error || size <= always_looked_through || fs::exists(mark_of_damage(file), error);
}

void remove_mark(const fs::path& file) {
  std::error_code error;
  fs::remove(mark_of_damage(file), error);
}

/// SQLite would take it for new, and remove the log.
void require_not_emptied(const fs::path& file) {
  std::error_code error;
  const fs::path log = file.string() + "-wal";
  if (fs::file_size(file, error) != 0 || error) return;
  const auto size = fs::file_size(log, error);
  if (!error && size > 0) throw corrupt(file, "it is empty, and its log is not");
}

/// A statement, for as long as it runs.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement(Statement&&) = delete;
  Statement& operator=(Statement&&) = delete;

  int bind(int place, const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      return sqlite3_bind_int64(statement_, place, *number);
    // A null pointer would bind NULL; the text lives longer than the statement.
    if (const auto* text = std::get_if<std::string_view>(&value))
      return sqlite3_bind_text64(statement_, place, text->empty() ? "" : text->data(), text->size(),
                                 nullptr, SQLITE_UTF8);
    if (const auto* octets = std::get_if<base::ByteView>(&value)) {
      const void* data = octets->data();
      return sqlite3_bind_blob64(statement_, place, octets->empty() ? "" : data, octets->size(),
                                 nullptr);
    }
    return sqlite3_bind_null(statement_, place);
  }

  int step() { return sqlite3_step(statement_); }
  [[nodiscard]] Row row() const { return Row(statement_); }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

bool Row::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Row::number(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Row::text(int column) const {
  const auto octets = this->octets(column);
  return {octets.begin(), octets.end()};
}

base::Bytes Row::octets(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const auto size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? base::Bytes() : base::Bytes(data, data + size);
}

void Database::Closer::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void Database::fail(int code) const {
  auto* connection = connection_.get();
  switch (code & 0xFF) {  // the primary code of an extended one
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      mark_damaged(file_);
      throw corrupt(file_, sqlite3_errstr(code));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      throw Error(ErrorKind::failure, "store.busy",
                  fmt::format("another program keeps {} locked", shown(file_)));
    case SQLITE_FULL:
      throw full(file_);
    default:
      break;
  }
  if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC)
    throw failed(file_, "it cannot be written; nothing was");
  const auto number = connection == nullptr ? 0 : sqlite3_system_errno(connection);
  const std::string text =
      connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection);
  throw failed(file_, number == 0 ? base::clean(text)
                                  : fmt::format("{} ({})", base::clean(text),
                                                std::generic_category().message(number)));
}

Database::Database(fs::path file) : file_(std::move(file)) {
  sqlite3* made = nullptr;
  const auto code =
      sqlite3_open_v2(file_.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
  connection_.reset(made);  // also of a failure, which is told by it
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(made, int(longest_wait.count()));
  // What a file has in it does not get to run.
  sqlite3_db_config(made, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(made, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // What of a large file is read is looked at more closely.
  sqlite3_exec(made, "PRAGMA cell_size_check = ON", nullptr, nullptr, nullptr);
}

void Database::set_checkpoint_on_close(bool on) {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

void Database::require_known_version(Migrations migrations) {
  const auto version = number("PRAGMA user_version");
  if (version < 0 || version > std::int64_t(migrations.size())) {
    throw Error(ErrorKind::failure, "store.newer",
                fmt::format("{} has format {}, and this esimctl knows formats up to {}",
                            shown(file_), version, migrations.size()))
        .hint("use the newer esimctl that wrote it; the file was left as it is");
  }
}

void Database::migrate(Migrations migrations) {
  const auto newest = std::int64_t(migrations.size());
  while (number("PRAGMA user_version") < newest) {
    in_transaction([&] {
      const auto version = number("PRAGMA user_version");  // another may have been here first
      if (version >= newest) return;
      run_script(std::string(migrations[std::size_t(version)]));
      run(fmt::format("PRAGMA user_version = {}", version + 1));
    });
  }
}

Database Database::open_sound(const fs::path& file, Migrations migrations) {
  require_not_emptied(file);
  Database database(file);
  // Until it is known whether the file is for this program, closing it must not change it.
  database.set_checkpoint_on_close(false);
  database.require_known_version(migrations);
  if (is_to_be_looked_through(file)) {
    database.require_sound(true);
    remove_mark(file);
  }
  database.set_checkpoint_on_close(true);
  database.run("PRAGMA foreign_keys = ON");
  database.run("PRAGMA synchronous = FULL");
  std::string mode;
  database.run("PRAGMA journal_mode = WAL", {}, [&](const Row& row) { mode = row.text(0); });
  if (mode != "wal") throw failed(file, "its file system cannot keep a write-ahead log");
  database.migrate(migrations);
  return database;
}

Database Database::open(const fs::path& file, Migrations migrations, const Note& note) {
  make_directory(file);
  const auto lock = lock_for_opening(file);
  make_file(file);
  std::string fault;
  try {
    return open_sound(file, migrations);
  } catch (const Error& error) {
    if (error.code() != "store.corrupt") throw;
    fault = error.what();
  }
  set_aside(file, fault, note);
  remove_mark(file);
  make_file(file);
  return open_sound(file, migrations);
}

Database Database::open_existing(const fs::path& file, Migrations migrations) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    throw Error(ErrorKind::not_found, "store.none", fmt::format("there is no {} yet", shown(file)))
        .hint("the first download begins it");
  }
  const auto lock = lock_for_opening(file);
  return open_sound(file, migrations);
}

void Database::run(std::string_view sql, std::initializer_list<Value> values,
                   const std::function<void(const Row&)>& row) {
  sqlite3_stmt* prepared = nullptr;
  auto code =
      sqlite3_prepare_v2(connection_.get(), sql.data(), int(sql.size()), &prepared, nullptr);
  if (code != SQLITE_OK) fail(code);
  Statement statement(prepared);
  int place = 0;
  for (const auto& value : values) {
    code = statement.bind(++place, value);
    if (code != SQLITE_OK) fail(code);
  }
  while ((code = statement.step()) == SQLITE_ROW) {
    if (row) row(statement.row());
  }
  if (code != SQLITE_DONE) fail(code);
}

std::int64_t Database::number(std::string_view sql) {
  std::int64_t found = 0;
  run(sql, {}, [&](const Row& row) { found = row.number(0); });
  return found;
}

void Database::run_script(const std::string& script) {
  const auto code = sqlite3_exec(connection_.get(), script.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void Database::in_transaction(const std::function<void()>& work) {
  run("BEGIN IMMEDIATE");
  try {
    work();
    run("COMMIT");
  } catch (...) {
    // Some failures have ended it already; then this one says so and nothing else.
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

std::int64_t Database::last_id() const { return sqlite3_last_insert_rowid(connection_.get()); }

std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_.get()); }

void Database::require_sound(bool quick) {
  std::string fault;
  run(quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)", {},
      [&](const Row& row) { fault = row.text(0); });
  if (fault != "ok") throw corrupt(file_, fault);
  if (quick) return;
  run("PRAGMA foreign_key_check", {}, [&](const Row& row) {
    throw corrupt(file_, fmt::format("a row of {} has lost what it belongs to", row.text(0)));
  });
}

void Database::copy_from(Database& source) {
  auto* backup = sqlite3_backup_init(connection_.get(), "main", source.connection_.get(), "main");
  if (backup == nullptr) fail(sqlite3_extended_errcode(connection_.get()));
  const auto stepped = sqlite3_backup_step(backup, -1);
  const auto finished = sqlite3_backup_finish(backup);
  if (finished != SQLITE_OK) fail(finished);
  if (stepped != SQLITE_DONE) fail(stepped);
  run("PRAGMA journal_mode = DELETE");  // one file, which stands for itself
}

void Database::back_up(const fs::path& copy) {
  {
    const base::Fd made(::open(copy.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
    if (!made.open()) {
      throw Error(
          ErrorKind::usage, "store.backup-file",
          fmt::format("cannot make {}: {}", shown(copy), std::generic_category().message(errno)))
          .hint("name a file that is not there yet, in a directory where you may write");
    }
  }
  try {
    Database target(copy);
    target.copy_from(*this);
  } catch (...) {
    ::unlink(copy.c_str());
    throw;
  }
}

}  // namespace store
