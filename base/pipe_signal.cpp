#include "base/pipe_signal.hpp"

#include <ctime>

namespace base {
namespace {

sigset_t pipe_alone() {
  sigset_t set{};
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

bool pending() {
  sigset_t set{};
  sigpending(&set);
  return sigismember(&set, SIGPIPE) == 1;
}

}  // namespace

PipeSignalBlocked::PipeSignalBlocked() : was_pending_(pending()) {
  const auto set = pipe_alone();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

PipeSignalBlocked::~PipeSignalBlocked() {
  if (!was_pending_ && pending()) {
    // Taken, not delivered: it belongs to a write of ours.
    const auto set = pipe_alone();
    const timespec at_once{};
    sigtimedwait(&set, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace base
