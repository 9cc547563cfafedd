#include "base/interrupts.hpp"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace base {
namespace {

constexpr int ended_by_signal = 128;
constexpr std::uint64_t one_interrupt = 1;
constexpr std::uint64_t over = std::uint64_t{1} << 32U;  ///< no more to wait for

// A signal handler has nothing else.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<int> event_number;
std::atomic<int> seen;
std::atomic<pthread_t> owner;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<pthread_t>::is_always_lock_free);

void add(int event, std::uint64_t number) {
  while (::write(event, &number, sizeof number) < 0 && errno == EINTR) {
  }
}

void on_interrupt(int signal) {
  const int before = errno;
  if (pthread_equal(pthread_self(), owner) == 0) {
    // It is the owner's read that has to end.
    pthread_kill(owner, signal);
  } else if (seen++ == 0) {
    add(event_number, one_interrupt);
  } else {
    ::_exit(ended_by_signal + signal);
  }
  errno = before;
}

void wait_for_interrupts(int event, const std::stop_source& source) {
  for (std::uint64_t number = 0; number < over;) {
    if (::read(event, &number, sizeof number) < 0) {
      if (errno != EINTR) return;
      number = 0;
    } else if (number % over != 0) {
      source.request_stop();
    }
  }
}

}  // namespace

Interrupts::Interrupts() : event_(::eventfd(0, EFD_CLOEXEC)) {
  if (!event_.open()) throw std::system_error(errno, std::generic_category(), "eventfd");
  waiting_ = std::thread(wait_for_interrupts, event_.number(), source_);
  event_number = event_.number();
  seen = 0;
  owner = pthread_self();
  listen_to(SIGINT);
}

void Interrupts::listen_to(int signal) {
  struct sigaction before{};
  sigaction(signal, nullptr, &before);
  // Whoever started the program in the background does not want it to hear of Ctrl-C.
  if (before.sa_handler == SIG_IGN) return;
  before_.emplace_back(signal, before);
  struct sigaction action{};
  action.sa_handler = on_interrupt;  // no SA_RESTART: a blocked read ends
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

std::stop_token Interrupts::token() const {
  if (seen > 0) source_.request_stop();
  return source_.get_token();
}

Interrupts::~Interrupts() {
  for (const auto& [signal, before] : before_) sigaction(signal, &before, nullptr);
  add(event_.number(), over);
  waiting_.join();
}

}  // namespace base
