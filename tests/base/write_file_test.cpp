#include "base/write_file.hpp"

#include <filesystem>
#include <system_error>

#include <doctest/doctest.h>

#include "base/read_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fs = std::filesystem;

TEST_CASE("a file is replaced as a whole and is its owner's alone") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "file";
  base::replace_file(file, "old");
  base::replace_file(file, "new");
  CHECK(base::read_file(file, 10) == "new");
  CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(std::distance(fs::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("what cannot be replaced is left as it is, with nothing beside it") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "file";
  fs::create_directory(file);
  CHECK_THROWS_AS(base::replace_file(file, "text"), std::system_error);
  CHECK(fs::is_directory(file));
  CHECK(std::distance(fs::directory_iterator(directory.path()), {}) == 1);
  CHECK_THROWS_AS(base::replace_file(directory.path() / "none" / "file", "text"),
                  std::system_error);
}

TEST_CASE("a file is read up to a limit, and a directory is none") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "file";
  base::replace_file(file, "12345");
  CHECK(base::read_file(file, 5) == "12345");
  CHECK_FALSE(base::read_file(file, 4));
  CHECK_FALSE(base::read_file(directory.path(), 100));
  CHECK_FALSE(base::read_file(directory.path() / "none", 100));
}
