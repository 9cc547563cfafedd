#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string_view>

namespace cli {

/// The streams and what is at their other end.
struct Terminal {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_tty = false;
  bool err_is_tty = false;
  bool in_is_tty = false;
  std::size_t width = 80;   ///< cells in a line, where `out` is a terminal
  std::size_t height = 24;  ///< lines, likewise
  bool colour = false;      ///< wanted by the environment
  bool utf8 = true;         ///< what the locale's characters are; else it may show ASCII alone
  /// Shows what is typed at `in`, or does not. Leaves it as it is where there is no terminal.
  std::function<void(bool)> echo = [](bool) {};
  /// Whether what reads `out` wants no more of it, as `head` does.
  std::function<bool()> reader_left = [] { return false; };
};

/// True when the characters of a locale, by its name in the environment ("de_CH.UTF-8"), are UTF-8.
bool speaks_utf8(std::string_view locale);

/// Standard output and error, with what the system and the environment (NO_COLOR, CLICOLOR_FORCE,
/// TERM, LC_ALL, LC_CTYPE, LANG) say.
Terminal system_terminal();

}  // namespace cli
