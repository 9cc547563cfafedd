#include "base/file_lock.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace base {
namespace {

constexpr auto poll_interval = std::chrono::milliseconds(50);
constexpr mode_t everybody = 0666;

/// The file of another user in a directory for all may be opened, but not with O_CREAT (Linux
/// fs.protected_regular); to read is enough for a lock.
Fd open_file(const std::filesystem::path& file) {
  constexpr int flags = O_CLOEXEC | O_NOFOLLOW;
  Fd fd(::open(file.c_str(), O_RDWR | flags));
  if (!fd.open()) fd = Fd(::open(file.c_str(), O_RDONLY | flags));
  if (!fd.open()) {
    fd = Fd(::open(file.c_str(), O_RDWR | O_CREAT | flags, everybody));
    if (fd.open()) static_cast<void>(::fchmod(fd.number(), everybody));  // whatever the umask
  }
  if (!fd.open()) {
    throw Error(ErrorKind::failure, "lock.unusable",
                "cannot open the lock file " + file.string() + ": " +
                    std::generic_category().message(errno));
  }
  return fd;
}

std::string own_command() {
  std::ifstream file("/proc/self/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

void write_owner(int fd) {
  const auto text = std::to_string(::getpid()) + " " + own_command() + "\n";
  if (::ftruncate(fd, 0) == 0) static_cast<void>(::pwrite(fd, text.data(), text.size(), 0) == 0);
}

std::string read_owner(int fd) {
  std::array<char, 128> text{};
  const auto size = ::pread(fd, text.data(), text.size(), 0);
  if (size <= 0) return {};
  const std::string_view owner(text.data(), static_cast<std::size_t>(size));
  return clean(owner.substr(0, owner.find('\n')));
}

}  // namespace

FileLock::FileLock(Fd fd) : fd_(std::move(fd)) {}

std::variant<FileLock, FileLock::Held> FileLock::acquire(const std::filesystem::path& file,
                                                         Clock& clock, Clock::Duration wait) {
  auto fd = open_file(file);
  const auto deadline = clock.now() + wait;
  while (::flock(fd.number(), LOCK_EX | LOCK_NB) != 0) {
    if (clock.now() >= deadline) return Held{read_owner(fd.number())};
    clock.wait(poll_interval);
  }
  write_owner(fd.number());
  return FileLock(std::move(fd));
}

}  // namespace base
