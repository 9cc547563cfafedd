#include "base/file_lock.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/errors.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using base::FileLock;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

std::string contents(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// Lets go of a lock once it has been waited for a number of times.
class ReleasingClock final : public base::Clock {
 public:
  ReleasingClock(std::optional<FileLock>& lock, std::size_t waits) : lock_(lock), left_(waits) {}

  TimePoint now() override { return clock_.now(); }
  void wait(Duration length) override {
    clock_.wait(length);
    if (--left_ == 0) lock_.reset();
  }

 private:
  std::optional<FileLock>& lock_;
  std::size_t left_;
  test::ManualClock clock_;
};

}  // namespace

TEST_CASE("a lock that is held excludes a second one and says who holds it") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  test::ManualClock clock;
  const auto first = FileLock::acquire(file, clock, 0ms);
  REQUIRE(std::holds_alternative<FileLock>(first));

  const auto second = FileLock::acquire(file, clock, 0ms);
  REQUIRE(std::holds_alternative<FileLock::Held>(second));
  CHECK(std::get<FileLock::Held>(second).by.starts_with(std::to_string(::getpid()) + " "));
  CHECK(clock.waits() == 0);
}

TEST_CASE("locks on two files do not know one another") {
  const test::TemporaryDirectory directory;
  test::ManualClock clock;
  const auto first = FileLock::acquire(directory.path() / "one.lock", clock, 0ms);
  const auto second = FileLock::acquire(directory.path() / "two.lock", clock, 0ms);
  CHECK(std::holds_alternative<FileLock>(first));
  CHECK(std::holds_alternative<FileLock>(second));
}

TEST_CASE("a lock is free again when its owner goes") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  test::ManualClock clock;
  {
    const auto first = FileLock::acquire(file, clock, 0ms);
  }
  const auto second = FileLock::acquire(file, clock, 0ms);
  CHECK(std::holds_alternative<FileLock>(second));
}

TEST_CASE("a lock is waited for as long as was said and then given up") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  test::ManualClock clock;
  const auto first = FileLock::acquire(file, clock, 0ms);
  const auto second = FileLock::acquire(file, clock, 10s);
  CHECK(std::holds_alternative<FileLock::Held>(second));
  CHECK(clock.passed() == 10s);
}

TEST_CASE("a lock that becomes free while it is waited for is taken") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  test::ManualClock clock;
  std::optional<FileLock> holder(std::get<FileLock>(FileLock::acquire(file, clock, 0ms)));
  ReleasingClock releasing(holder, 3);
  const auto second = FileLock::acquire(file, releasing, 10s);
  CHECK(std::holds_alternative<FileLock>(second));
  CHECK_FALSE(holder);
}

TEST_CASE("the file of a lock is for every user and names its holder alone") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  std::ofstream(file) << "a much longer text that somebody left here before\n";
  std::filesystem::remove(file);
  test::ManualClock clock;
  const auto lock = FileLock::acquire(file, clock, 0ms);
  struct stat status{};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0666U);
  const auto text = contents(file);
  CHECK(text.starts_with(std::to_string(::getpid()) + " "));
  CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("what a former holder wrote is replaced whole") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  std::ofstream(file) << "4711 a-command-with-a-very-long-name-indeed\nand more\n";
  test::ManualClock clock;
  const auto lock = FileLock::acquire(file, clock, 0ms);
  CHECK(contents(file).find("4711") == std::string::npos);
  CHECK(contents(file).find("and more") == std::string::npos);
}

TEST_CASE("the name of a holder is cleaned of what a terminal would obey") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  test::ManualClock clock;
  const auto lock = FileLock::acquire(file, clock, 0ms);
  std::ofstream(file) << "1 \x1B[31mred\nsecond line\n";
  const auto second = FileLock::acquire(file, clock, 0ms);
  CHECK(std::get<FileLock::Held>(second).by == "1 [31mred");
}

TEST_CASE("a lock file that says nothing has a holder without a name") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "reader.lock";
  test::ManualClock clock;
  const auto lock = FileLock::acquire(file, clock, 0ms);
  std::filesystem::resize_file(file, 0);
  const auto second = FileLock::acquire(file, clock, 0ms);
  CHECK(std::get<FileLock::Held>(second).by.empty());
}

TEST_CASE("a lock where no file can be says so, and a symbolic link is not followed") {
  const test::TemporaryDirectory directory;
  test::ManualClock clock;
  const auto missing = directory.path() / "no-such-directory" / "reader.lock";
  const auto error =
      test::error_of([&] { static_cast<void>(FileLock::acquire(missing, clock, 0ms)); });
  REQUIRE(error);
  CHECK(error->code() == "lock.unusable");
  CHECK(error->kind() == base::ErrorKind::failure);
  CHECK(std::string(error->what()).find(missing.string()) != std::string::npos);

  const auto target = directory.path() / "target";
  std::ofstream(target) << "precious\n";
  const auto link = directory.path() / "link.lock";
  std::filesystem::create_symlink(target, link);
  CHECK(test::error_code([&] { static_cast<void>(FileLock::acquire(link, clock, 0ms)); }) ==
        "lock.unusable");
  CHECK(contents(target) == "precious\n");
}
