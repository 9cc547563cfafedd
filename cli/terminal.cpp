#include "cli/terminal.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.hpp"

namespace cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? std::string_view() : value;
}

bool wants_colour(bool tty) {
  if (!environment("NO_COLOR").empty()) return false;
  const auto force = environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return tty && environment("TERM") != "dumb";
}

/// The first that is set says it (POSIX 8.2).
std::string_view locale_of_characters() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto value = environment(name); !value.empty()) return value;
  }
  return {};
}

winsize size_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0) size = {};
  if (size.ws_col == 0) size.ws_col = 80;
  if (size.ws_row == 0) size.ws_row = 24;
  return size;
}

void set_echo(bool on) {
  termios settings{};
  if (::tcgetattr(STDIN_FILENO, &settings) != 0) return;
  if (on) {
    settings.c_lflag |= static_cast<tcflag_t>(ECHO);
  } else {
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  }
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings);
}

}  // namespace

bool speaks_utf8(std::string_view locale) {
  const auto dot = locale.find('.');
  if (dot == std::string_view::npos) return false;
  const auto coded = locale.substr(dot + 1);
  const auto name = base::lower(coded.substr(0, coded.find('@')));
  return name == "utf-8" || name == "utf8";
}

Terminal system_terminal() {
  const bool tty = ::isatty(STDOUT_FILENO) == 1;
  const auto size = size_of(STDOUT_FILENO);
  return {.in = std::cin,
          .out = std::cout,
          .err = std::cerr,
          .out_is_tty = tty,
          .err_is_tty = ::isatty(STDERR_FILENO) == 1,
          .in_is_tty = ::isatty(STDIN_FILENO) == 1,
          .width = size.ws_col,
          .height = size.ws_row,
          .colour = wants_colour(tty),
          .utf8 = speaks_utf8(locale_of_characters()),
          .echo = set_echo,
          .reader_left = [] {
            pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
            return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
          }};
}

}  // namespace cli
