#include "base/program.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"

namespace base {
namespace {

/// What posix_spawn is told, freed when it goes.
class Actions {
 public:
  explicit Actions(const ProgramStart& start) {
    posix_spawn_file_actions_init(&files_);
    if (start.input < 0) {
      posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    } else {
      posix_spawn_file_actions_adddup2(&files_, start.input, STDIN_FILENO);
    }
    if (start.output >= 0) posix_spawn_file_actions_adddup2(&files_, start.output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (start.with_children) flags |= POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
  }
  ~Actions() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  [[nodiscard]] pid_t spawn(const ProgramStart& start) const {
    auto words = start.words;
    auto added = start.environment;
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<char*> environment;
    for (auto& each : added) environment.push_back(each.data());  // the first of a name counts
    for (char** each = ::environ; *each != nullptr; ++each) environment.push_back(*each);
    environment.push_back(nullptr);
    pid_t process = -1;
    const auto error = ::posix_spawnp(&process, arguments[0], &files_, &attributes_,
                                      arguments.data(), environment.data());
    if (error != 0) throw std::system_error(error, std::generic_category());
    return process;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Program::Program(const ProgramStart& start)
    : process_(Actions(start).spawn(start)), with_children_(start.with_children) {}

Program::~Program() {
  if (process_ < 0) return;
  ::kill(with_children_ ? -process_ : process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
}

std::optional<int> Program::ended() {
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
  process_ = -1;
  return status;
}

std::string ending(int status) {
  if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

std::string shown_program(const std::vector<std::string>& words) {
  return "“" + clean(words.front(), 60) + "”";
}

}  // namespace base
