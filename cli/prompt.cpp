#include "cli/prompt.hpp"

#include <istream>
#include <ostream>
#include <sstream>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cli {

void require_answers(const Context& context) {
  if (context.options.yes) return;
  if (context.terminal.in_is_tty && !context.options.no_input) return;
  throw base::Error(base::ErrorKind::declined, "prompt.impossible",
                    "this needs an answer, and there is nobody to ask; nothing was changed")
      .hint("say --yes to do it without being asked");
}

void confirm_by_typing(const Context& context, std::string_view question,
                       std::string_view expected) {
  require_answers(context);
  if (context.options.yes) return;
  context.terminal.err << question << ' ' << std::flush;
  std::string line;
  if (!std::getline(context.terminal.in, line)) context.terminal.err << '\n';
  std::string answer;
  std::istringstream(line) >> answer;
  if (answer == expected) return;
  throw base::Error(
      base::ErrorKind::declined, "prompt.declined",
      fmt::format("not confirmed (“{}” was asked for); nothing was changed", expected));
}

}  // namespace cli
