#include "store/vault_file.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "tests/support/ending_calls.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;
using store::PassphraseFor;

/// A passphrase, and how often and what for it was asked.
struct Asked {
  std::string passphrase = "correct horse";
  std::vector<PassphraseFor> purposes;
};

store::FileVault open(const fs::path& directory, Asked& asked) {
  return {directory,
          [&asked](PassphraseFor purpose) {
            asked.purposes.push_back(purpose);
            return base::Secret(asked.passphrase);
          },
          store::least_cost};
}

/// A state directory with a file of secrets in it.
struct Filled {
  test::TemporaryDirectory top;
  fs::path directory = top.path() / "state";
  fs::path file = store::FileVault::file_in(directory);
  Asked asked;
  store::FileVault vault = open(directory, asked);

  Filled() { vault.put("account/roamwell/password", base::Secret("hunter2-hunter2")); }
};

std::string got(store::Vault& vault, std::string_view name = "account/roamwell/password") {
  const auto secret = vault.get(name);
  return secret ? std::string(secret->reveal()) : "none";
}

std::string contents_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

mode_t mode_of(const fs::path& file) {
  struct stat status{};
  REQUIRE(::lstat(file.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

void set_mode(const fs::path& file, mode_t mode) { REQUIRE(::chmod(file.c_str(), mode) == 0); }

/// In which ways `text` can be read in a file: as it is, in hexadecimal or in base64 from any of
/// the three places in a group.
std::vector<std::string> forms_of(const std::string& text) {
  const auto hex =
      test::hex(base::ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  std::vector<std::string> forms{text, hex, base::lower(hex)};
  for (std::size_t before = 0; before < 3; ++before) {
    auto padded = std::string(before, 'x') + text;
    const auto base64 = base::to_base64(base::Bytes(padded.begin(), padded.end()));
    forms.push_back(base64.substr(4, base64.size() - 8));  // what does not hang on its neighbours
  }
  return forms;
}

bool shows(const std::string& contents, const std::string& text) {
  return std::ranges::any_of(
      forms_of(text), [&](const auto& form) { return contents.find(form) != std::string::npos; });
}

/// Runs `work` in a process of its own; its exit code.
template <class Work>
pid_t start(Work work) {
  const auto child = ::fork();
  if (child == 0) {
    int code = 98;
    try {
      code = work();
    } catch (...) {
      code = 99;
    }
    ::_exit(code);
  }
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("secrets are there for the next process, under their names") {
  Filled filled;
  filled.vault.put("account/roamwell/totp", base::Secret("旅 otpauth"));
  filled.vault.put("account/roamwell/password", base::Secret("changed"));
  filled.vault.put("account/other/token", base::Secret(""));
  auto vault = open(filled.directory, filled.asked);
  CHECK(got(vault) == "changed");
  CHECK(got(vault, "account/roamwell/totp") == "旅 otpauth");
  CHECK(got(vault, "account/other/token").empty());
  CHECK(got(vault, "account/nobody/password") == "none");
  CHECK(vault.names() == std::vector<std::string>{"account/other/token",
                                                  "account/roamwell/password",
                                                  "account/roamwell/totp"});
  CHECK(vault.erase("account/roamwell/password"));
  CHECK_FALSE(vault.erase("account/roamwell/password"));
  CHECK(got(vault) == "none");
  CHECK(got(filled.vault) == "none");
}

TEST_CASE("without a file there are no secrets, and nobody is asked for a passphrase") {
  const test::TemporaryDirectory directory;
  Asked asked;
  auto vault = open(directory.path() / "state", asked);
  CHECK(got(vault) == "none");
  CHECK(vault.names().empty());
  CHECK_FALSE(vault.erase("account/roamwell/password"));
  CHECK(asked.purposes.empty());
  CHECK_FALSE(fs::exists(directory.path() / "state"));
}

TEST_CASE("the passphrase is asked for once, and it is said whether the file is new") {
  Filled filled;
  filled.vault.put("a", base::Secret("b"));
  CHECK(got(filled.vault, "a") == "b");
  CHECK(filled.asked.purposes == std::vector{PassphraseFor::new_file});
  auto vault = open(filled.directory, filled.asked);
  vault.put("a", base::Secret("c"));
  CHECK(got(vault, "a") == "c");
  CHECK(filled.asked.purposes == std::vector{PassphraseFor::new_file, PassphraseFor::file_there});
}

TEST_CASE("a wrong passphrase changes nothing, and may be mended") {
  Filled filled;
  const auto before = contents_of(filled.file);
  Asked asked{"correct house", {}};
  auto vault = open(filled.directory, asked);
  CHECK(test::error_code([&] { got(vault); }) == "secrets.wrong-passphrase");
  CHECK(test::error_code([&] { vault.put("a", base::Secret("b")); }) == "secrets.wrong-passphrase");
  CHECK(test::error_of([&] { vault.names(); })->kind() == base::ErrorKind::sign_in);
  CHECK(contents_of(filled.file) == before);
  asked.passphrase = "correct horse";
  CHECK(got(vault) == "hunter2-hunter2");
  asked.passphrase = "";
  CHECK(test::error_code([&] {
          got(*std::make_unique<store::FileVault>(open(filled.directory, asked)));
        }) == "secrets.no-passphrase");
}

TEST_CASE("only its owner can read the file, whatever the umask") {
  const auto before = ::umask(0);
  const Filled filled;
  ::umask(before);
  CHECK(mode_of(filled.file) == 0600);
  CHECK(mode_of(filled.directory) == 0700);
}

TEST_CASE("a file or directory that others may use is refused, for reading and writing") {
  Filled filled;
  const auto refused = [&] {
    auto vault = open(filled.directory, filled.asked);
    const auto reading = test::error_code([&] { got(vault); });
    CHECK(test::error_code([&] { vault.put("a", base::Secret("b")); }) == reading);
    return reading == "secrets.exposed";
  };
  CHECK_FALSE(test::error_code([&] { got(filled.vault); }) == "secrets.exposed");
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0666U}) {
    CAPTURE(mode);
    set_mode(filled.file, mode);
    CHECK(refused());
  }
  set_mode(filled.file, 0600);
  for (const mode_t mode : {0750U, 0705U, 0711U, 0777U}) {
    CAPTURE(mode);
    set_mode(filled.directory, mode);
    CHECK(refused());
  }
  set_mode(filled.directory, 0700);
  CHECK(got(filled.vault) == "hunter2-hunter2");
}

TEST_CASE("a file of another user is refused") {
  Filled filled;
  if (::geteuid() != 0) return;  // nobody else can give a file away
  REQUIRE(::chown(filled.file.c_str(), 1, 1) == 0);
  CHECK(test::error_code([&] { got(filled.vault); }) == "secrets.exposed");
}

TEST_CASE("a symbolic link, a pipe and a directory are no files of secrets") {
  Filled filled;
  const auto refused = [&] { return test::error_code([&] { got(filled.vault); }); };
  fs::rename(filled.file, filled.directory / "elsewhere");
  fs::create_symlink(filled.directory / "elsewhere", filled.file);
  CHECK(refused() == "secrets.exposed");
  CHECK(test::error_code([&] { filled.vault.put("a", base::Secret("b")); }) == "secrets.exposed");
  CHECK(fs::is_symlink(filled.file));
  fs::remove(filled.file);
  REQUIRE(::mkfifo(filled.file.c_str(), 0600) == 0);
  CHECK(refused() == "secrets.exposed");
  fs::remove(filled.file);
  fs::create_directory(filled.file);
  CHECK(refused() == "secrets.exposed");
}

TEST_CASE("a damaged file is not used and not written over") {
  Filled filled;
  auto contents = contents_of(filled.file);
  contents.back() = static_cast<char>(contents.back() ^ 1);
  std::ofstream(filled.file, std::ios::binary) << contents;
  CHECK(test::error_code([&] { got(filled.vault); }) == "secrets.damaged");
  CHECK(test::error_code([&] { filled.vault.put("a", base::Secret("b")); }) == "secrets.damaged");
  CHECK(contents_of(filled.file) == contents);
  std::ofstream(filled.file, std::ios::binary) << "";
  CHECK(test::error_code([&] { got(filled.vault); }) == "secrets.damaged");
}

TEST_CASE("a crash at any step of a change leaves the old secrets or the new") {
  Filled filled;
  const auto put = [&](int calls) {
    return wait_for(start([&] {
      test::end_after_calls(calls);
      filled.vault.put("account/roamwell/password", base::Secret("changed"));
      return 0;
    }));
  };
  const auto old = contents_of(filled.file);
  // The file's fsync, and its renaming.
  for (const int calls : {0, 1}) {
    CAPTURE(calls);
    CHECK(put(calls) == test::ended_there);
    CHECK(contents_of(filled.file) == old);
    CHECK(got(filled.vault) == "hunter2-hunter2");
  }
  // The directory's fsync.
  CHECK(put(2) == test::ended_there);
  CHECK(got(filled.vault) == "changed");
  CHECK(put(3) == 0);
}

TEST_CASE("what cannot be written leaves the file as it was") {
  Filled filled;
  const auto before = contents_of(filled.file);
  CHECK(test::error_code([&] {
          filled.vault.put("a", base::Secret(std::string(store::longest_secret + 1, 'x')));
        }) == "secrets.value");
  CHECK(test::error_code([&] { filled.vault.put("a", base::Secret("\xFF")); }) == "secrets.value");
  CHECK(test::error_code([&] { filled.vault.put("a", base::Secret(std::string("a\0b", 3))); }) ==
        "secrets.value");
  for (const auto& name : {std::string(), std::string(256, 'n'), std::string("a\nb"),
                           std::string("\xFF"), std::string("a\0b", 3)}) {
    CHECK(test::error_code([&] { filled.vault.put(name, base::Secret("b")); }) == "secrets.name");
    CHECK(test::error_code([&] { filled.vault.get(name); }) == "secrets.name");
  }
  CHECK(contents_of(filled.file) == before);
  filled.vault.put(std::string(255, 'n'), base::Secret(std::string(store::longest_secret, 'x')));
  CHECK(filled.vault.names().size() == 2);
}

TEST_CASE("a file that is full says so") {
  Filled filled;
  const base::Secret large(std::string(store::longest_secret, 'x'));
  std::string code = "none";
  int number = 0;
  while (code == "none" && number < 100)
    code = test::error_code([&] { filled.vault.put("large/" + std::to_string(number++), large); });
  CHECK(code == "secrets.full");
  CHECK(number == 64);
  CHECK(got(filled.vault) == "hunter2-hunter2");
}

TEST_CASE("to put what is there already writes nothing") {
  Filled filled;
  const auto before = contents_of(filled.file);
  filled.vault.put("account/roamwell/password", base::Secret("hunter2-hunter2"));
  CHECK(contents_of(filled.file) == before);
  filled.vault.put("account/roamwell/password", base::Secret("hunter2-hunter3"));
  filled.vault.put("account/roamwell/password", base::Secret("hunter2-hunter2"));
  CHECK(contents_of(filled.file) != before);  // another nonce
}

TEST_CASE("processes that write at the same time lose nothing of one another") {
  Filled filled;
  constexpr int processes = 4;
  constexpr int rounds = 10;
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    children.push_back(start([&, process] {
      for (int round = 0; round < rounds; ++round) {
        const auto name = std::to_string(process) + "/" + std::to_string(round);
        filled.vault.put(name, base::Secret("secret " + name));
      }
      return 0;
    }));
  }
  for (const auto child : children) CHECK(wait_for(child) == 0);
  CHECK(filled.vault.names().size() == processes * rounds + 1);
  CHECK(got(filled.vault, "3/9") == "secret 3/9");
}

TEST_CASE("two that begin the file at once end up with one file and both secrets") {
  const test::TemporaryDirectory top;
  const auto directory = top.path() / "state";
  std::vector<pid_t> children;
  for (const auto* name : {"one", "two"}) {
    children.push_back(start([&] {
      Asked asked;
      open(directory, asked).put(name, base::Secret(name));
      return 0;
    }));
  }
  for (const auto child : children) CHECK(wait_for(child) == 0);
  Asked asked;
  auto vault = open(directory, asked);
  CHECK(vault.names() == std::vector<std::string>{"one", "two"});
}

TEST_CASE("nothing in the directory shows a secret, its name, or the passphrase") {
  Filled filled;
  for (const auto& entry : fs::directory_iterator(filled.directory)) {
    CAPTURE(entry.path().string());
    const auto contents = contents_of(entry.path());
    for (const auto* hidden : {"hunter2-hunter2", "roamwell/password", "correct horse"})
      CHECK_FALSE(shows(contents, hidden));
  }
  // Counter-run: the search finds what is there.
  const std::string secret = "hunter2-hunter2";
  for (const auto& written : forms_of(secret)) CHECK(shows("abc" + written + "xyz", secret));
  for (const auto* before : {"", "x", "xx"}) {
    const auto text = before + secret + "yz";
    CHECK(shows(base::to_base64(base::Bytes(text.begin(), text.end())), secret));
  }
}
