#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <variant>

#include <sys/types.h>

#include "base/bytes.hpp"

namespace base {

/// Why a file was not read.
struct FileFault {
  enum class Kind : std::uint8_t {
    absent,
    link,
    irregular,   ///< a directory, a pipe, …
    foreign,     ///< it belongs to somebody else
    exposed,     ///< others may do with it what they must not
    unreadable,  ///< `number` says why
    too_large
  };
  Kind kind = Kind::absent;
  int number = 0;   ///< errno
  mode_t mode = 0;  ///< of the file
};

/// What a file of ours has to be.
struct OwnFile {
  mode_t forbidden = 0;    ///< bits of its mode that must not be set
  bool roots_too = false;  ///< it may be root's
};

/// All of a regular file, at most so many octets of it; links are not followed. It is looked at
/// once it is open, so that it is what was looked at.
std::variant<Bytes, FileFault> read_own_file(const std::filesystem::path& file, std::size_t most,
                                             OwnFile wanted);

}  // namespace base
