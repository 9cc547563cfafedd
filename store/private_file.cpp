#include "store/private_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/own_file.hpp"
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

mode_t forbidden(Readers readers) {
  return readers == Readers::owner ? S_IRWXG | S_IRWXO : S_IRWXO;
}

Error open_to_others(const fs::path& file, mode_t mode) {
  return exposed(file, fmt::format("others may use it (mode {:04o})", mode))
      .hint(fmt::format("if nobody has read it: `chmod go= {}`; otherwise change what is in it "
                        "as well",
                        shown(file)));
}

}  // namespace

std::optional<base::Bytes> read_private_file(const fs::path& file, std::size_t most,
                                             Readers readers) {
  using Kind = base::FileFault::Kind;
  const bool roots_too = readers == Readers::root_as_well;
  auto read =
      base::read_own_file(file, most, {.forbidden = forbidden(readers), .roots_too = roots_too});
  if (auto* const octets = std::get_if<base::Bytes>(&read)) return std::move(*octets);
  const auto& fault = std::get<base::FileFault>(read);
  switch (fault.kind) {
    case Kind::absent:
      return std::nullopt;
    case Kind::link:
      throw exposed(file, "it is a symbolic link");
    case Kind::irregular:
      throw exposed(file, "it is no regular file");
    case Kind::foreign:
      throw exposed(file, "it belongs to another user");
    case Kind::exposed:
      throw open_to_others(file, fault.mode);
    case Kind::too_large:
      throw failed(file, fmt::format("it has more than {} octets", most));
    case Kind::unreadable:
      break;
  }
  throw failed(file, std::generic_category().message(fault.number));
}

void require_private_directory(const fs::path& directory) {
  struct stat status{};
  if (::stat(directory.c_str(), &status) != 0) throw failed(directory);
  if (!S_ISDIR(status.st_mode)) throw exposed(directory, "it is no directory");
  if (status.st_uid != ::geteuid()) throw exposed(directory, "it belongs to another user");
  if ((status.st_mode & forbidden(Readers::owner)) != 0)
    throw open_to_others(directory, status.st_mode & 07777U);
}

}  // namespace store
