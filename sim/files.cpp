#include "sim/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace sim {
namespace {

std::string reason() { return std::generic_category().message(errno); }

base::Error not_saved(const std::string& path) {
  return {base::ErrorKind::failure, "sim.save", path + " could not be written: " + reason()};
}

/// A new file beside the one it will replace; it goes away unless it is moved there.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target) : name_(target + ".XXXXXX"), target_(target) {
    file_ = base::Fd(::mkstemp(name_.data()));  // mode 0600: POSIX mkstemp
    if (!file_.open()) throw not_saved(target_);
  }
  ~TemporaryFile() {
    if (!moved_) ::unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  TemporaryFile(TemporaryFile&&) = delete;
  TemporaryFile& operator=(TemporaryFile&&) = delete;

  void write(std::string_view text) const {
    while (!text.empty()) {
      const auto count = ::write(file_.number(), text.data(), text.size());
      if (count < 0 && errno != EINTR) throw not_saved(target_);
      if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fsync(file_.number()) != 0) throw not_saved(target_);
  }

  void move_to_target() {
    if (::rename(name_.c_str(), target_.c_str()) != 0) throw not_saved(target_);
    moved_ = true;
  }

 private:
  std::string name_;
  std::string target_;
  base::Fd file_;
  bool moved_ = false;
};

/// Makes the renaming itself last; a file system that cannot is none of our business.
void sync_directory(const std::filesystem::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const base::Fd directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.open()) ::fsync(directory.number());
}

}  // namespace

std::string read_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw base::Error(base::ErrorKind::usage, "sim.state", path + " is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw base::Error(base::ErrorKind::usage, "sim.state",
                      path + " could not be read: " + reason());
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const std::string& path, std::string_view text) {
  TemporaryFile file(path);
  file.write(text);
  file.move_to_target();
  sync_directory(path);
}

}  // namespace sim
