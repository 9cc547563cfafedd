#include "store/printed_secret.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/program.hpp"

namespace store {
namespace {

using base::Error;
using base::Fd;
using std::chrono_literals::operator""ms;

constexpr auto poll_interval = 10ms;

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

}  // namespace

base::Secret without_end_of_line(const base::Secret& secret) {
  auto text = secret.reveal();
  if (text.ends_with('\n')) text.remove_suffix(1);
  return base::Secret(std::string(text));
}

base::Secret printed_secret(const std::vector<std::string>& command,
                            const std::function<Error(const std::string& why)>& refusal,
                            std::chrono::milliseconds limit) {
  if (command.empty()) throw refusal("the command that is to print it has no words");
  const auto name = base::shown_program(command);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw refusal(std::generic_category().message(errno));
  const Fd reading(ends[0]);
  auto program = [&, writing = Fd(ends[1])] {
    try {
      return std::make_unique<base::Program>(
          base::ProgramStart{.words = command, .output = writing.number()});
    } catch (const std::system_error& error) {
      throw refusal(fmt::format("{} cannot be run: {}", name, error.code().message()));
    }
  }();
  Deadline deadline(limit);
  const auto late = refusal(name + " took too long, and was ended");
  auto printed = read_output(reading.number(), deadline, late);
  if (printed.reveal().size() > longest_printed_secret)  // it may still be writing
    throw refusal(fmt::format("{} gave more than {} octets", name, longest_printed_secret));
  auto status = program->ended();
  while (!status) {
    if (!deadline.pause()) throw Error(late);
    status = program->ended();
  }
  if (*status != 0) throw refusal(name + " " + base::ending(*status));
  if (printed.empty()) throw refusal(name + " gave nothing");
  return printed;
}

}  // namespace store
