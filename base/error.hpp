#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// What sort of failure it is; each kind is one exit code (docs/json.md).
enum class ErrorKind {
  failure,
  usage,
  not_found,
  sign_in,
  card,
  network,
  refused,
  over,
  declined,
  challenge,
  warning,
  stale,
  internal,
  interrupted
};

/// One exit code of the program: the number is a promise.
struct ExitCode {
  int number;
  std::string_view name;     ///< as in the `kind` field of an error in JSON
  std::string_view meaning;  ///< one clause for people
  std::string_view advice;
};

/// Every exit code so far, success first.
std::span<const ExitCode> exit_codes();

/// The exit code that stands for `kind`.
const ExitCode& exit_code(ErrorKind kind);

/// A failure, told once for people and once for programs.
///
/// `what()` is one clause: lower case, no full stop, what could not be done and why. `code` is
/// stable and documented (`card.removed`). Outcomes that a caller acts on are return values, not
/// Errors.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string code, const std::string& message);

  /// Adds one thing that the user can do next.
  Error& hint(std::string text) &;
  Error&& hint(std::string text) &&;

  /// Adds what was being done; called by each layer on the way up.
  Error& during(std::string step);

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] const std::vector<std::string>& hints() const { return hints_; }
  [[nodiscard]] const std::vector<std::string>& steps() const { return steps_; }

 private:
  ErrorKind kind_;
  std::string code_;
  std::vector<std::string> hints_;
  std::vector<std::string> steps_;
};

/// Runs `work`; an Error that leaves it is told that it happened while doing `step`.
template <class Work>
auto during(std::string_view step, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (Error& error) {
    error.during(std::string(step));
    throw;
  }
}

}  // namespace base
