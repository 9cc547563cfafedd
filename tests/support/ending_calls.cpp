#include "tests/support/ending_calls.hpp"

#include <cstdio>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

int calls_left = -1;  // negative: no end

void count_call() {
  if (calls_left == 0) ::_exit(test::ended_there);
  if (calls_left > 0) --calls_left;
}

}  // namespace

namespace test {

void end_after_calls(int count) { calls_left = count; }

}  // namespace test

// Found before those of the C library.
extern "C" int fsync(int fd) {
  count_call();
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): its names are reserved
extern "C" int rename(const char* from, const char* to) noexcept {
  count_call();
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
