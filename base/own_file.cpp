#include "base/own_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace base {

std::variant<Bytes, FileFault> read_own_file(const std::filesystem::path& file, std::size_t most,
                                             OwnFile wanted) {
  using Kind = FileFault::Kind;
  // O_NONBLOCK: not to wait for a writer, should it be a pipe.
  const Fd fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd.open()) {
    const auto number = errno;
    const auto kind = number == ENOENT  ? Kind::absent
                      : number == ELOOP ? Kind::link
                                        : Kind::unreadable;
    return FileFault{.kind = kind, .number = number};
  }
  struct stat status{};
  if (::fstat(fd.number(), &status) != 0)
    return FileFault{.kind = Kind::unreadable, .number = errno};
  if (!S_ISREG(status.st_mode)) return FileFault{.kind = Kind::irregular};
  const bool ours = status.st_uid == ::geteuid() || (wanted.roots_too && status.st_uid == 0);
  if (!ours) return FileFault{.kind = Kind::foreign};
  if ((status.st_mode & wanted.forbidden) != 0)
    return FileFault{.kind = Kind::exposed, .mode = status.st_mode & 07777U};
  Bytes octets(most + 1);
  std::size_t size = 0;
  while (size < octets.size()) {
    const auto count = ::read(fd.number(), octets.data() + size, octets.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FileFault{.kind = Kind::unreadable, .number = errno};
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > most) return FileFault{.kind = Kind::too_large};
  octets.resize(size);
  return octets;
}

}  // namespace base
