#include "store/database.hpp"

#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;
using Scripts = std::vector<std::string_view>;

const Scripts one{"CREATE TABLE kept (text TEXT NOT NULL) STRICT"};
const Scripts two{one[0], "ALTER TABLE kept ADD COLUMN number INTEGER NOT NULL DEFAULT 7"};

store::Database open(const fs::path& file, const Scripts& scripts = one) {
  return store::Database::open(file, scripts, [](const std::string& note) { FAIL(note); });
}

void insert(store::Database& database, const std::string& text) {
  database.run("INSERT INTO kept (text) VALUES (?)", {text});
}

std::int64_t count(store::Database& database) {
  return database.number("SELECT count(*) FROM kept");
}

std::string contents_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

unsigned mode_of(const fs::path& file) {
  struct stat status{};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

/// A database of several pages, closed.
std::string sound_file(const fs::path& file) {
  {
    auto database = open(file);
    for (int i = 0; i < 50; ++i) insert(database, std::string(1000, 'x'));
  }
  return contents_of(file);
}

}  // namespace

TEST_CASE("what was committed lasts: the log is flushed with each transaction") {
  const test::TemporaryDirectory directory;
  auto database = open(directory.path() / "a.db");
  CHECK(database.number("PRAGMA synchronous") == 2);  // FULL
  CHECK(database.number("PRAGMA foreign_keys") == 1);
  CHECK(database.number("PRAGMA busy_timeout") == 10'000);
  CHECK(database.number("SELECT journal_mode = 'wal' FROM pragma_journal_mode") == 1);
}

TEST_CASE("a database and all that stands beside it is for its owner alone") {
  const test::TemporaryDirectory directory;
  const auto place = directory.path() / "state/esimctl";
  const auto old_mask = ::umask(0);
  auto database = open(place / "a.db");
  insert(database, "a");
  ::umask(old_mask);
  CHECK(mode_of(place) == 0700);
  for (const auto* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    CAPTURE(name);
    CHECK(mode_of(place / name) == 0600);
  }
  database.back_up(place / "copy.db");
  CHECK(mode_of(place / "copy.db") == 0600);
}

TEST_CASE("a file that others may read is closed to them") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  sound_file(file);
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  open(file);
  CHECK(mode_of(file) == 0600);
}

TEST_CASE("text and octets come back as they went in, empty ones and NUL included") {
  const test::TemporaryDirectory directory;
  auto database = store::Database::open(
      directory.path() / "a.db", Scripts{"CREATE TABLE t (a TEXT, b BLOB, c INTEGER, d BLOB)"}, {});
  const std::string text("a\0'; DROP TABLE t; --", 21);
  const base::Bytes octets{0, 0xFF, 0x0A, 0};
  database.run("INSERT INTO t VALUES (?, ?, ?, ?)", {text, octets, std::int64_t{-5}, nullptr});
  database.run("INSERT INTO t VALUES (?, ?, ?, ?)",
               {std::string(), base::Bytes(), std::int64_t{0}, base::Bytes()});
  int rows = 0;
  database.run("SELECT a, b, c, d FROM t ORDER BY rowid", {}, [&](const store::Row& row) {
    const bool first = rows++ == 0;
    CHECK(row.text(0) == (first ? text : ""));
    CHECK(row.octets(1) == (first ? octets : base::Bytes()));
    CHECK(row.number(2) == (first ? -5 : 0));
    CHECK(row.null(3) == first);
  });
  CHECK(rows == 2);
}

TEST_CASE("a transaction that fails leaves nothing") {
  const test::TemporaryDirectory directory;
  auto database = open(directory.path() / "a.db");
  CHECK_THROWS_AS(database.in_transaction([&] {
    insert(database, "half");
    throw std::runtime_error("in between");
  }),
                  std::runtime_error);
  CHECK(count(database) == 0);
  CHECK(test::error_code([&] {
          database.in_transaction([&] {
            insert(database, "half");
            database.run("INSERT INTO kept (text) VALUES (NULL)");
          });
        }) == "store.failed");
  CHECK(count(database) == 0);
  insert(database, "whole");
  CHECK(count(database) == 1);
}

TEST_CASE("a database without room for more says so and stays as it was") {
  const test::TemporaryDirectory directory;
  auto database = open(directory.path() / "a.db");
  insert(database, "before");
  database.run("PRAGMA max_page_count = 5");
  CHECK(test::error_code([&] {
          database.in_transaction([&] {
            insert(database, "small");
            insert(database, std::string(100'000, 'x'));
          });
        }) == "store.full");
  CHECK(count(database) == 1);
  database.require_sound(false);
}

TEST_CASE("each migration is done once, and keeps the rows") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  {
    auto database = open(file, one);
    insert(database, "of version 1");
  }
  for (int round = 0; round < 2; ++round) {
    auto database = open(file, two);
    CHECK(database.number("PRAGMA user_version") == 2);
    CHECK(database.number("SELECT number FROM kept WHERE text = 'of version 1'") == 7);
  }
}

TEST_CASE("a migration that fails leaves the version before it") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  sound_file(file);
  const Scripts broken{one[0], "CREATE TABLE more (a); INSERT INTO nowhere VALUES (1)"};
  CHECK(test::error_code([&] { open(file, broken); }) == "store.failed");
  auto database = open(file, one);
  CHECK(database.number("PRAGMA user_version") == 1);
  CHECK(database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'more'") == 0);
  CHECK(count(database) == 50);
}

TEST_CASE("a file of a newer version is refused and left as it is, byte for byte") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  open(file, two);
  const auto before = contents_of(file);
  const auto error = test::error_of([&] { open(file, one); });
  REQUIRE(error);
  CHECK(error->code() == "store.newer");
  CHECK(base::exit_code(error->kind()).number == 1);
  CHECK(contents_of(file) == before);
  CHECK(test::error_code([&] { store::Database::open_existing(file, one); }) == "store.newer");
  CHECK(contents_of(file) == before);
  CHECK_FALSE(fs::exists(file.string() + ".corrupt-1"));
  CHECK(open(file, two).number("PRAGMA user_version") == 2);
}

TEST_CASE("of a newer version the log is left as it is, too") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  const auto copy = directory.path() / "copy/a.db";
  auto newer = open(file, two);
  insert(newer, "in the log alone");
  fs::create_directory(copy.parent_path());
  fs::copy_file(file, copy);
  fs::copy_file(file.string() + "-wal", copy.string() + "-wal");
  const auto before = contents_of(copy);
  const auto log = contents_of(copy.string() + "-wal");
  REQUIRE_FALSE(log.empty());
  CHECK(test::error_code([&] { open(copy, one); }) == "store.newer");
  CHECK(contents_of(copy) == before);
  CHECK(contents_of(copy.string() + "-wal") == log);
  auto opened = open(copy, two);
  CHECK(count(opened) == 1);
}

TEST_CASE("a damaged file is set aside whole, and a new one begun") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  const auto sound = sound_file(file);
  REQUIRE(sound.size() > 40'000);
  auto header = sound;
  header.replace(0, 16, "this is no datab");
  auto page = sound;
  page.replace(2 * 4096UL, 4096, std::string(4096, '\x5A'));
  const std::vector<std::string> cases{
      header,                     // the first octets
      page,                       // a page in the middle
      sound.substr(0, 40'000),    // cut within a page
      sound.substr(0, 4096),      // the first page alone
      sound.substr(0, 300),       // less than a header and its schema
      std::string(10'000, '\0'),  // zeros
      "not a database at all\n",
  };
  int number = 0;
  for (const auto& damaged : cases) {
    CAPTURE(number);
    write(file, damaged);
    CHECK(test::error_code([&] { store::Database::open_existing(file, one); }) == "store.corrupt");
    CHECK(contents_of(file) == damaged);
    std::vector<std::string> notes;
    auto database = store::Database::open(
        file, one, [&](const std::string& sentence) { notes.push_back(sentence); });
    CHECK(count(database) == 0);
    insert(database, "new");
    const auto aside = "a.db.corrupt-" + std::to_string(++number);
    CHECK(contents_of(directory.path() / aside) == damaged);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find(aside) != std::string::npos);
  }
}

TEST_CASE("damage in a large file is met when it is read, and then the file is set aside") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  {
    auto database = open(file);
    database.in_transaction([&] {
      for (int i = 0; i < 6000; ++i) insert(database, std::string(1000, 'x'));
    });
  }
  const auto sound = contents_of(file);
  REQUIRE(sound.size() > store::always_looked_through);
  auto damaged = sound;
  damaged.replace(700 * 4096UL, 4096, std::string(4096, '\x5A'));
  write(file, damaged);
  {
    auto database = open(file);  // nothing of it was read yet
    const auto read_all = [&] { database.run("SELECT sum(length(text)) FROM kept"); };
    CHECK(test::error_code(read_all) == "store.corrupt");
  }
  CHECK(test::error_code([&] { store::Database::open_existing(file, one); }) == "store.corrupt");
  CHECK(contents_of(file) == damaged);
  std::vector<std::string> notes;
  auto database = store::Database::open(
      file, one, [&](const std::string& sentence) { notes.push_back(sentence); });
  CHECK(count(database) == 0);
  CHECK(notes.size() == 1);
  CHECK(contents_of(directory.path() / "a.db.corrupt-1") == damaged);
  CHECK_FALSE(fs::exists(file.string() + "-damaged"));
}

TEST_CASE("a large file that was cut is set aside at once, and one that is sound again is used") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  {
    auto database = open(file);
    database.in_transaction([&] {
      for (int i = 0; i < 6000; ++i) insert(database, std::string(1000, 'x'));
    });
  }
  write(file.string() + "-damaged", "");
  {
    auto database = open(file);
    CHECK(count(database) == 6000);
  }
  CHECK_FALSE(fs::exists(file.string() + "-damaged"));
  write(file, contents_of(file).substr(0, 5UL * 1024 * 1024));
  std::vector<std::string> notes;
  auto database = store::Database::open(
      file, one, [&](const std::string& sentence) { notes.push_back(sentence); });
  CHECK(count(database) == 0);
  CHECK(notes.size() == 1);
}

TEST_CASE("the log of a damaged file is kept beside it") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  const auto copy = directory.path() / "copy/a.db";
  fs::create_directory(copy.parent_path());
  auto first = open(file);
  insert(first, "in the log alone");
  fs::copy_file(file.string() + "-wal", copy.string() + "-wal");
  const auto log = contents_of(copy.string() + "-wal");
  write(copy, "");  // emptied: SQLite alone would take it for new, and remove the log
  auto second = store::Database::open(copy, one, {});
  CHECK(count(second) == 0);
  CHECK(contents_of(copy.string() + ".corrupt-1-wal") == log);
}

TEST_CASE("a database that is not there is made, or told to be missing") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "state/a.db";
  CHECK(test::error_code([&] { store::Database::open_existing(file, one); }) == "store.none");
  CHECK_FALSE(fs::exists(file.parent_path()));
  open(file);
  store::Database::open_existing(file, one);
}

TEST_CASE("a place where no database can be is an error that names it") {
  const test::TemporaryDirectory directory;
  write(directory.path() / "file", "");
  fs::create_directory(directory.path() / "a.db");
  for (const auto* name : {"file/a.db", "a.db"}) {
    const auto error = test::error_of([&] { open(directory.path() / name); });
    REQUIRE(error);
    CHECK(error->code() == "store.failed");
    CHECK(std::string(error->what()).find(name) != std::string::npos);
  }
}

TEST_CASE("who writes waits for the other, and both rows are there") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "a.db";
  open(file);
  const auto write_rows = [&](const std::string& text) {
    auto database = open(file);
    for (int i = 0; i < 100; ++i) database.in_transaction([&] { insert(database, text); });
  };
  std::thread other([&] { write_rows("other"); });
  write_rows("own");
  other.join();
  auto database = open(file);
  CHECK(count(database) == 200);
}

TEST_CASE("a backup has what was there, and takes the place of nothing") {
  const test::TemporaryDirectory directory;
  const auto copy = directory.path() / "copy.db";
  auto database = open(directory.path() / "a.db");
  insert(database, "in the log alone");
  database.back_up(copy);
  CHECK_FALSE(fs::exists(copy.string() + "-wal"));
  const auto before = contents_of(copy);
  insert(database, "later");
  CHECK(test::error_code([&] { database.back_up(copy); }) == "store.backup-file");
  CHECK(contents_of(copy) == before);
  CHECK(test::error_code([&] { database.back_up(directory.path() / "nowhere/copy.db"); }) ==
        "store.backup-file");
  auto copied = open(copy);
  CHECK(count(copied) == 1);
}
