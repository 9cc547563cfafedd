#pragma once

#include <csignal>

namespace base {

/// Keeps SIGPIPE from the calling thread while it lives: a connection that the other side closed is
/// an error of the call that writes to it, and no reason to end the program.
class PipeSignalBlocked {
 public:
  PipeSignalBlocked();
  ~PipeSignalBlocked();
  PipeSignalBlocked(const PipeSignalBlocked&) = delete;
  PipeSignalBlocked& operator=(const PipeSignalBlocked&) = delete;

 private:
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace base
