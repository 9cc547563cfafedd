#pragma once

#include <csignal>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/fd.hpp"

namespace base {

/// Ctrl-C as a request: while this lives, the first SIGINT asks to stop, and ends what its owner
/// waits for with EINTR; the second ends the process at once with 130 (128 and the signal). A
/// process that ignores SIGINT goes on doing so. The same of other signals that it is told to
/// listen to.
///
/// One at a time; the thread that made it is its owner, and destroys it. A read that begins after
/// the first SIGINT is not ended: ask the token before.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();  ///< the signals do what they did before
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Takes it as it takes SIGINT.
  void listen_to(int signal);

  /// Stops from a thread of its own, a little after the signal; one that is asked for after the
  /// signal has stopped already.
  [[nodiscard]] std::stop_token token() const;

 private:
  Fd event_;
  std::stop_source source_;
  std::vector<std::pair<int, struct sigaction>> before_;
  std::thread waiting_;
};

}  // namespace base
