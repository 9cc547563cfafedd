#include "store/passphrase.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using Words = std::vector<std::string>;

std::string printed(const Words& command) {
  return std::string(store::passphrase_of_command(command).reveal());
}

std::string code(const Words& command) {
  return test::error_code([&] { store::passphrase_of_command(command); });
}

std::string why(const Words& command) {
  const auto error = test::error_of([&] { store::passphrase_of_command(command); });
  return error ? error->what() : "none";
}

void write(const std::filesystem::path& file, const std::string& text, mode_t mode) {
  std::ofstream(file, std::ios::binary) << text;
  REQUIRE(::chmod(file.c_str(), mode) == 0);
}

}  // namespace

TEST_CASE("a passphrase is what a command prints, without one end of line") {
  CHECK(printed({"printf", "correct horse\n"}) == "correct horse");
  CHECK(printed({"printf", "correct horse"}) == "correct horse");
  CHECK(printed({"printf", " two\n\n"}) == " two\n");
  CHECK(printed({"sh", "-c", "printf a; printf b >&1; cat"}) == "ab");  // no standard input
}

TEST_CASE("no shell sees the words of a command") {
  CHECK(printed({"printf", "%s", "$HOME `id` '*' ; #"}) == "$HOME `id` '*' ; #");
}

TEST_CASE("a command that fails, or prints nothing or too much, gives no passphrase") {
  for (const Words& command :
       {Words{}, Words{"false"}, Words{"true"}, Words{"printf", "\n"},
        Words{"esimctl-is-not-there"}, Words{"sh", "-c", "echo secret; exit 3"},
        Words{"sh", "-c", "echo secret; kill -9 $$"}, Words{"head", "-c", "4097", "/dev/zero"},
        Words{"cat", "/dev/zero"}}) {
    CHECK(code(command) == "secrets.no-passphrase");
  }
  CHECK(printed({"sh", "-c", "head -c 4096 /dev/zero | tr '\\0' x; echo"}).size() == 4096);
  const auto said = why({"sh", "-c", "echo secret; exit 3"});
  CHECK(said.ends_with("“sh” ended with exit code 3"));
  CHECK(said.find("secret;") == std::string::npos);
}

TEST_CASE("a command that does not end is ended") {
  const auto late = [](const Words& command) {
    const auto error = test::error_of(
        [&] { store::passphrase_of_command(command, std::chrono::milliseconds(50)); });
    REQUIRE(error);
    CHECK(error->code() == "secrets.no-passphrase");
    return std::string(error->what()).ends_with("took too long, and was ended");
  };
  CHECK(late({"tail", "-f", "/dev/null"}));
  CHECK(late({"sh", "-c", "exec >/dev/null; exec tail -f /dev/null"}));  // it will say nothing more
}

TEST_CASE("systemd's credential is a passphrase when the world cannot read it") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "esimctl";
  const auto read = [&] { return store::passphrase_of_systemd(directory.path()); };
  CHECK_FALSE(read());
  write(file, "correct horse\n", 0400);
  CHECK(read()->reveal() == "correct horse");
  write(directory.path() / "other", "x", 0440);
  std::filesystem::permissions(file, static_cast<std::filesystem::perms>(0440));
  CHECK(read()->reveal() == "correct horse");  // an access control list shows so
  std::filesystem::permissions(file, static_cast<std::filesystem::perms>(0444));
  CHECK(test::error_code(read) == "secrets.exposed");
  std::filesystem::remove(file);
  write(file, "\n", 0400);
  CHECK(test::error_code(read) == "secrets.no-passphrase");
  std::filesystem::remove(file);
  write(file, std::string(4097, 'x'), 0400);
  CHECK(test::error_code(read) == "secrets.no-passphrase");
  std::filesystem::remove(file);
  write(file, std::string(5000, 'x'), 0400);
  CHECK(test::error_code(read) == "secrets.failed");
  std::filesystem::remove(file);
  std::filesystem::create_symlink(directory.path() / "other", file);
  CHECK(test::error_code(read) == "secrets.exposed");
}
