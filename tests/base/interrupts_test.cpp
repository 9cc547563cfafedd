#include "base/interrupts.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <optional>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"

namespace {

/// How a child process that runs `body` ends; it has 30 seconds.
int end_of(const std::function<int()>& body) {
  const auto child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    alarm(30);
    std::signal(SIGINT, SIG_DFL);  // NOLINT(cert-err33-c)
    _exit(body());
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}

bool exited_with(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }

void wait_until_asleep(pid_t thread) {
  const auto path = "/proc/self/task/" + std::to_string(thread) + "/stat";
  for (;;) {
    std::ifstream file(path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto name_end = text.rfind(')');
    if (name_end != std::string::npos && text.compare(name_end, 3, ") S") == 0) return;
    std::this_thread::yield();
  }
}

/// Reads from a pipe into which nobody writes, until the calling thread, asleep, was interrupted by
/// `interrupt` on another. True when that ended the read.
bool read_is_ended_by(const std::function<void()>& interrupt) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return false;
  const base::Fd reading(ends[0]);
  const base::Fd writing(ends[1]);
  std::thread other([&interrupt, reader = gettid()] {
    wait_until_asleep(reader);
    interrupt();
  });
  char octet = 0;
  const bool ended = read(reading.number(), &octet, 1) < 0 && errno == EINTR;
  other.join();
  return ended;
}

void wait_for(const std::stop_token& token) {
  std::promise<void> stopped;
  const std::stop_callback tell(token, [&] { stopped.set_value(); });
  stopped.get_future().wait();
}

void interrupt_process() { kill(getpid(), SIGINT); }

[[noreturn]] void wait_for_the_end() {
  for (;;) pause();
}

}  // namespace

TEST_CASE("the first Ctrl-C ends a blocked read and asks to stop") {
  const auto status = end_of([] {
    const base::Interrupts interrupts;
    if (interrupts.token().stop_requested()) return 1;
    if (!read_is_ended_by(interrupt_process)) return 2;
    wait_for(interrupts.token());
    return 0;
  });
  CHECK(exited_with(status, 0));
}

TEST_CASE("a signal that another thread gets ends the read of the one that listens") {
  const auto status = end_of([] {
    const base::Interrupts interrupts;
    if (!read_is_ended_by([] { pthread_kill(pthread_self(), SIGINT); })) return 1;
    wait_for(interrupts.token());
    return 0;
  });
  CHECK(exited_with(status, 0));
}

TEST_CASE("the second Ctrl-C ends the process at once, whichever thread gets it") {
  CHECK(exited_with(end_of([] {
                      const base::Interrupts interrupts;
                      interrupt_process();
                      wait_for(interrupts.token());
                      interrupt_process();
                      wait_for_the_end();
                      return 1;
                    }),
                    130));
  CHECK(exited_with(end_of([] {
                      const base::Interrupts interrupts;
                      interrupt_process();
                      wait_for(interrupts.token());
                      std::thread([] { pthread_kill(pthread_self(), SIGINT); }).detach();
                      wait_for_the_end();
                      return 1;
                    }),
                    130));
}

TEST_CASE("afterwards Ctrl-C does what it did before, and nobody was asked to stop") {
  const auto status = end_of([] {
    std::stop_token token;
    {
      const base::Interrupts interrupts;
      token = interrupts.token();
    }
    if (token.stop_requested()) return 1;
    interrupt_process();
    wait_for_the_end();
    return 2;
  });
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}

TEST_CASE("each one that listens counts from its own beginning") {
  const auto status = end_of([] {
    for (int i = 0; i < 3; ++i) {
      const base::Interrupts interrupts;
      interrupt_process();
      wait_for(interrupts.token());
    }
    return 0;
  });
  CHECK(exited_with(status, 0));
}

TEST_CASE("a process that ignores Ctrl-C goes on doing so") {
  const auto status = end_of([] {
    std::signal(SIGINT, SIG_IGN);  // NOLINT(cert-err33-c)
    const base::Interrupts interrupts;
    interrupt_process();
    interrupt_process();
    return interrupts.token().stop_requested() ? 1 : 0;
  });
  CHECK(exited_with(status, 0));
}

TEST_CASE("another signal is taken in the same way, and only by who listens to it") {
  const auto ended_by = [](bool listens) {
    return end_of([listens] {
      base::Interrupts interrupts;
      if (listens) interrupts.listen_to(SIGTERM);
      kill(getpid(), SIGTERM);
      wait_for(interrupts.token());
      kill(getpid(), SIGTERM);
      wait_for_the_end();
      return 1;
    });
  };
  CHECK(exited_with(ended_by(true), 128 + SIGTERM));
  const auto status = ended_by(false);  // counter-run
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGTERM);
}
