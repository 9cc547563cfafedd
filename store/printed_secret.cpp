#include "store/printed_secret.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"

namespace store {
namespace {

using base::Error;
using base::Fd;
using std::chrono_literals::operator""ms;

constexpr auto poll_interval = 10ms;

/// What posix_spawn is told, freed when it goes.
class Actions {
 public:
  explicit Actions(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Actions() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  /// The process, or the error number.
  [[nodiscard]] std::pair<pid_t, int> spawn(const std::vector<std::string>& command) const {
    auto words = command;
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t process = -1;
    const auto error =
        ::posix_spawnp(&process, arguments[0], &files_, &attributes_, arguments.data(), ::environ);
    return {process, error};
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

/// A process that is ended, if need be, and waited for when this goes.
class Child {
 public:
  explicit Child(pid_t process) : process_(process) {}
  ~Child() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// How it ended (waitpid(2)), if it has.
  std::optional<int> ended() {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
    process_ = -1;
    return status;
  }

 private:
  pid_t process_;
};

/// Waits until a process has written something, or nothing more will come.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds limit) : end_(clock_.now() + limit) {}

  bool readable(int fd) {
    while (true) {
      const auto left = end_ - clock_.now();
      if (left.count() < 0) return false;
      pollfd waiting{fd, POLLIN, 0};
      const auto ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
      if (ready > 0) return true;
      if (ready == 0 || errno != EINTR) return false;
    }
  }

  bool pause() {
    if (clock_.now() >= end_) return false;
    clock_.wait(poll_interval);
    return true;
  }

 private:
  base::SystemClock clock_;
  base::Clock::TimePoint end_;
};

/// A command that prints more than a secret may have is not listened to any further.
base::Secret read_output(int fd, Deadline& deadline, const Error& late) {
  std::string text(longest_printed_secret + 2, '\0');  // an end of line, and one too many
  std::size_t size = 0;
  while (size < text.size()) {
    if (!deadline.readable(fd)) {
      const base::Secret dropped(std::move(text));
      throw Error(late);
    }
    const auto count = ::read(fd, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);  // what is behind is zero
  return without_end_of_line(base::Secret(std::move(text)));
}

std::string fault_of(int status, const std::string& name) {
  if (WIFSIGNALED(status)) return fmt::format("{} was ended by signal {}", name, WTERMSIG(status));
  return fmt::format("{} ended with exit code {}", name, WEXITSTATUS(status));
}

}  // namespace

std::string shown_program(const std::vector<std::string>& command) {
  return "“" + base::clean(command.front(), 60) + "”";
}

base::Secret without_end_of_line(const base::Secret& secret) {
  auto text = secret.reveal();
  if (text.ends_with('\n')) text.remove_suffix(1);
  return base::Secret(std::string(text));
}

base::Secret printed_secret(const std::vector<std::string>& command,
                            const std::function<Error(const std::string& why)>& refusal,
                            std::chrono::milliseconds limit) {
  if (command.empty()) throw refusal("the command that is to print it has no words");
  const auto name = shown_program(command);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw refusal(std::generic_category().message(errno));
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const auto [process, error] = Actions(writing.number()).spawn(command);
  if (error != 0)
    throw refusal(
        fmt::format("{} cannot be run: {}", name, std::generic_category().message(error)));
  Child child(process);
  {
    const Fd closed = std::move(writing);
  }
  Deadline deadline(limit);
  const auto late = refusal(name + " took too long, and was ended");
  auto printed = read_output(reading.number(), deadline, late);
  if (printed.reveal().size() > longest_printed_secret)  // it may still be writing
    throw refusal(fmt::format("{} gave more than {} octets", name, longest_printed_secret));
  auto status = child.ended();
  while (!status) {
    if (!deadline.pause()) throw Error(late);
    status = child.ended();
  }
  if (*status != 0) throw refusal(fault_of(*status, name));
  if (printed.empty()) throw refusal(name + " gave nothing");
  return printed;
}

}  // namespace store
