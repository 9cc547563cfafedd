#include "app/alarm_command.hpp"

#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>

#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/program.hpp"
#include "base/text.hpp"

namespace app {
namespace {

using std::chrono_literals::operator""ms;

constexpr auto poll_interval = 10ms;

base::Error refusal(const std::vector<std::string>& words, const std::string& why) {
  return base::Error(base::ErrorKind::failure, "watch.command",
                     base::shown_program(words) + ", which is to hear of alarms, " + why)
      .hint("try it by hand: it gets the alarm as JSON on its standard input");
}

/// A file without a name, from which the program reads: it need not do so.
base::Fd with(std::string_view text) {
  base::Fd file(::memfd_create("alarm", MFD_CLOEXEC));
  if (!file.open()) throw std::system_error(errno, std::generic_category());
  while (!text.empty()) {
    const auto count = ::write(file.number(), text.data(), text.size());
    if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category());
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  ::lseek(file.number(), 0, SEEK_SET);
  return file;
}

/// How it ended; empty when it was late, or had to stop.
std::optional<int> end_of(base::Program& program, const std::stop_token& stop,
                          std::chrono::milliseconds limit) {
  base::SystemClock clock;
  const auto end = clock.now() + limit;
  for (;;) {
    if (const auto status = program.ended()) return status;
    if (clock.now() >= end || stop.stop_requested()) return std::nullopt;
    clock.wait(poll_interval);
  }
}

}  // namespace

void run_alarm_command(const std::vector<std::string>& words, const store::KeptAlarm& alarm,
                       const std::string& document, const std::stop_token& stop,
                       std::chrono::milliseconds limit) {
  std::optional<int> status;
  try {
    const auto input = with(document);
    base::Program program({.words = words,
                           .input = input.number(),
                           .output = STDERR_FILENO,
                           .environment = {"ESIMCTL_ALARM_ID=" + std::to_string(alarm.id),
                                           "ESIMCTL_ALARM_KIND=" + base::clean(alarm.kind),
                                           "ESIMCTL_ALARM_ACCOUNT=" + base::clean(alarm.account),
                                           "ESIMCTL_ALARM_LINE=" + base::clean(alarm.name)},
                           .with_children = true});
    status = end_of(program, stop, limit);
  } catch (const std::system_error& error) {
    throw refusal(words, "cannot be run: " + error.code().message());
  }
  if (!status) throw refusal(words, "took too long, and was ended");
  if (*status != 0) throw refusal(words, base::ending(*status));
}

}  // namespace app
