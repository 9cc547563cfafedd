#include "base/write_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace base {
namespace {

[[noreturn]] void fail() { throw std::system_error(errno, std::generic_category()); }

void write(const Fd& file, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(file.number(), text.data(), text.size());
    if (count < 0 && errno != EINTR) fail();
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file.number()) != 0) fail();
}

/// A new file beside the one it will replace; it goes away unless it is moved there.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target)
      : name_(target.string() + ".XXXXXX"), target_(target) {
    file_ = Fd(::mkstemp(name_.data()));  // mode 0600: POSIX mkstemp
    if (!file_.open()) fail();
  }
  ~TemporaryFile() {
    if (!moved_) ::unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  TemporaryFile(TemporaryFile&&) = delete;
  TemporaryFile& operator=(TemporaryFile&&) = delete;

  [[nodiscard]] const Fd& file() const { return file_; }

  void move_to_target() {
    if (::rename(name_.c_str(), target_.c_str()) != 0) fail();
    moved_ = true;
  }

 private:
  std::string name_;
  std::filesystem::path target_;
  Fd file_;
  bool moved_ = false;
};

/// Makes the renaming itself last; a file system that cannot is none of our business.
void sync_directory(const std::filesystem::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Fd directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.open()) ::fsync(directory.number());
}

}  // namespace

void replace_file(const std::filesystem::path& path, std::string_view text, mode_t mode) {
  TemporaryFile temporary(path);
  if (::fchmod(temporary.file().number(), mode) != 0) fail();
  write(temporary.file(), text);
  temporary.move_to_target();
  sync_directory(path);
}

void write_new_file(const std::filesystem::path& path, std::string_view text) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.open()) fail();
  try {
    write(file, text);
  } catch (const std::system_error&) {
    ::unlink(path.c_str());
    throw;
  }
  sync_directory(path);
}

}  // namespace base
