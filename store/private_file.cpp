#include "store/private_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;
namespace fs = std::filesystem;

std::string shown(const fs::path& file) { return base::clean(file.string(), 1000); }

Error failed(const fs::path& file, std::string_view why) {
  return {ErrorKind::failure, "secrets.failed",
          fmt::format("cannot read {}: {}", shown(file), why)};
}

Error failed(const fs::path& file) { return failed(file, std::generic_category().message(errno)); }

Error exposed(const fs::path& file, std::string_view why) {
  return {ErrorKind::usage, "secrets.exposed",
          fmt::format("{} is not used for secrets: {}", shown(file), why)};
}

constexpr mode_t for_others = S_IRWXG | S_IRWXO;

void require_private(const fs::path& file, const struct stat& status, Readers readers) {
  const bool ours = status.st_uid == ::geteuid();
  if (!ours && (readers == Readers::owner || status.st_uid != 0))
    throw exposed(file, "it belongs to another user");
  const auto forbidden = readers == Readers::owner ? for_others : mode_t{S_IRWXO};
  if ((status.st_mode & forbidden) != 0) {
    throw exposed(file, fmt::format("others may use it (mode {:04o})", status.st_mode & 07777U))
        .hint(fmt::format("if nobody has read it: `chmod go= {}`; otherwise change what is in it "
                          "as well",
                          shown(file)));
  }
}

}  // namespace

std::optional<base::Bytes> read_private_file(const fs::path& file, std::size_t most,
                                             Readers readers) {
  // O_NONBLOCK: not to wait for a writer, should it be a pipe.
  const base::Fd fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd.open()) {
    if (errno == ENOENT) return std::nullopt;
    if (errno == ELOOP) throw exposed(file, "it is a symbolic link");
    throw failed(file);
  }
  struct stat status{};
  if (::fstat(fd.number(), &status) != 0) throw failed(file);
  if (!S_ISREG(status.st_mode)) throw exposed(file, "it is no regular file");
  require_private(file, status, readers);
  base::Bytes octets(most + 1);
  std::size_t size = 0;
  while (size < octets.size()) {
    const auto count = ::read(fd.number(), octets.data() + size, octets.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw failed(file);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > most) throw failed(file, fmt::format("it has more than {} octets", most));
  octets.resize(size);
  return octets;
}

void require_private_directory(const fs::path& directory) {
  struct stat status{};
  if (::stat(directory.c_str(), &status) != 0) throw failed(directory);
  if (!S_ISDIR(status.st_mode)) throw exposed(directory, "it is no directory");
  require_private(directory, status, Readers::owner);
}

}  // namespace store
