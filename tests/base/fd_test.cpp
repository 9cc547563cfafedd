#include "base/fd.hpp"

#include <array>
#include <utility>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

bool is_open(int number) { return ::fcntl(number, F_GETFD) != -1; }

/// The reading end of a pipe; the other is closed.
base::Fd some_fd() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  ::close(ends[1]);
  return base::Fd(ends[0]);
}

}  // namespace

TEST_CASE("a file descriptor is closed with its owner") {
  int number = -1;
  {
    const auto fd = some_fd();
    number = fd.number();
    CHECK(fd.open());
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("a file descriptor that was moved has one owner") {
  auto first = some_fd();
  const auto number = first.number();
  {
    const base::Fd second(std::move(first));
    CHECK(second.number() == number);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("no file descriptor is not open and closes nothing") {
  const base::Fd none;
  CHECK_FALSE(none.open());
  CHECK(none.number() == -1);
}
