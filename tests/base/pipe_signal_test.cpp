#include "base/pipe_signal.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace {

volatile std::sig_atomic_t delivered = 0;  // NOLINT: a signal handler has nothing else

/// Writes to a pipe that nobody reads; returns errno.
int write_to_nobody() {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const base::Fd writing(ends[1]);
  {
    const base::Fd reading(ends[0]);
  }
  return write(writing.number(), "x", 1) < 0 ? errno : 0;
}

}  // namespace

TEST_CASE("a write to a closed pipe is an error and no signal, while that is blocked alone") {
  struct sigaction before{};
  struct sigaction counting{};
  counting.sa_handler = [](int) { delivered = delivered + 1; };
  sigaction(SIGPIPE, &counting, &before);
  {
    const base::PipeSignalBlocked blocked;
    CHECK(write_to_nobody() == EPIPE);
  }
  CHECK(delivered == 0);
  CHECK(write_to_nobody() == EPIPE);
  CHECK(delivered == 1);
  sigaction(SIGPIPE, &before, nullptr);
}
