#include <algorithm>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "app/watch.hpp"
#include "base/error.hpp"
#include "cli/asker.hpp"
#include "cli/live_screen.hpp"
#include "cli/plan_commands.hpp"
#include "cli/watch_documents.hpp"

namespace cli {
namespace {

constexpr std::chrono::minutes redrawn(1);
constexpr std::string_view begin = "\x1b[?1049h\x1b[?25l";  // another screen, without a cursor
constexpr std::string_view end = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view top = "\x1b[H";
constexpr std::string_view end_of_row = "\x1b[K\r\n";
constexpr std::string_view clear_below = "\x1b[J";

/// The terminal is as it was once this goes.
class Screen {
 public:
  explicit Screen(const Context& context) : context_(context) {
    context_.terminal.out << begin << std::flush;
  }
  ~Screen() { context_.terminal.out << end << std::flush; }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  [[nodiscard]] app::WatchEvents events() {
    return {.round =
                [this](const app::WatchRound& round) {
                  round_ = round;
                  for (const auto& each : round.read) faults_.erase(each);
                  faults_.erase("");
                },
            .fault =
                [this](const std::string& account, const base::Error& error) {
                  faults_[account] = spoken_fault(account, error);
                },
            .alive = [this] { draw(); }};
  }

 private:
  void draw() const {
    const auto& terminal = context_.terminal;
    std::vector<std::string> faults;
    for (const auto& [account, sentence] : faults_) faults.push_back(sentence);
    terminal.out << top;
    for (const auto& row : live_rows(round_, faults, context_.world.clock.utc(),
                                     {.columns = terminal.width,
                                      .rows = terminal.height - 1,
                                      .utf8 = terminal.utf8,
                                      .colour = context_.colour()}))
      terminal.out << row << end_of_row;
    terminal.out << clear_below << std::flush;
  }

  const Context& context_;
  app::WatchRound round_{};
  std::map<std::string, std::string> faults_{};
};

}  // namespace

int usage_live(const Context& context, const UsageOptions& options) {
  if (!context.terminal.out_is_tty || context.options.json != JsonStyle::none) {
    throw base::Error(base::ErrorKind::usage, "usage.live",
                      "--live draws on a terminal, and there is none")
        .hint("`esimctl usage` shows it once, `esimctl watch` tells it line by line");
  }
  const auto stop = context.world.endings();
  auto silent = context.options;
  silent.no_input = true;  // a question would go into the picture
  const Context own{context.world, context.observer, context.terminal, silent, context.card};
  TerminalAsker nobody(own);
  Screen screen(context);
  app::watch(context.world, context.observer, nobody,
             {.names = options.names, .alarms = {}, .pulse = redrawn}, screen.events(), stop);
  return 0;
}

}  // namespace cli
