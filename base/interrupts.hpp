#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

#include "base/fd.hpp"

namespace base {

/// Ctrl-C as a request: while this lives, the first SIGINT asks to stop, and ends what its owner
/// waits for with EINTR; the second ends the process at once with 130. A process that ignores
/// SIGINT goes on doing so.
///
/// One at a time; the thread that made it is its owner, and destroys it. A read that begins after
/// the first SIGINT is not ended: ask the token before.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();  ///< SIGINT does what it did before
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Stops from a thread of its own, a little after the signal; one that is asked for after the
  /// signal has stopped already.
  [[nodiscard]] std::stop_token token() const;

 private:
  Fd event_;
  std::stop_source source_;
  struct sigaction before_{};
  std::thread waiting_;
};

}  // namespace base
