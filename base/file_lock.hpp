#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/fd.hpp"

namespace base {

/// A lock between processes on one file (flock), held until it goes or the process ends, however it
/// ends. While held, the file says who has it: "PID COMMAND".
class FileLock {
 public:
  /// Who has the lock instead, as the file says; empty when it says nothing.
  struct Held {
    std::string by;
  };

  /// Creates the file for every user when it is not there, and waits up to `wait` for the lock.
  /// Throws Error `lock.unusable` (kind failure) when the file cannot be opened.
  static std::variant<FileLock, Held> acquire(const std::filesystem::path& file, Clock& clock,
                                              Clock::Duration wait);

 private:
  explicit FileLock(Fd fd);
  Fd fd_;
};

}  // namespace base
