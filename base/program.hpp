#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace base {

/// How a program is started, without a shell.
struct ProgramStart {
  std::vector<std::string> words;          ///< the program, found as PATH says, and its arguments
  int input = -1;                          ///< a file descriptor; below 0: /dev/null
  int output = -1;                         ///< a file descriptor; below 0: our own standard output
  std::vector<std::string> environment{};  ///< "NAME=VALUE", besides our own
  bool with_children = false;              ///< what it starts itself is ended with it
};

/// A program that runs. When this goes before it has ended, it is killed and waited for.
class Program {
 public:
  /// Throws std::system_error when it cannot be started.
  explicit Program(const ProgramStart& start);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// How it ended (waitpid(2)), if it has.
  std::optional<int> ended();

 private:
  pid_t process_ = -1;
  bool with_children_;
};

/// "was ended by signal 9", "ended with exit code 3".
std::string ending(int status);

/// Its program alone, in quotes: the rest may be somebody's idea of where to put a secret.
std::string shown_program(const std::vector<std::string>& words);

}  // namespace base
