#include "cli/progress.hpp"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/output.hpp"

namespace cli {

bool Progress::for_people() const {
  return context_.terminal.err_is_tty && context_.options.for_people();
}

void Progress::write(std::string_view line) {
  clear();
  context_.terminal.err << line << std::flush;
  shown_ = true;
}

void Progress::clear() {
  if (shown_) context_.terminal.err << "\r\033[K" << std::flush;
  shown_ = false;
}

void Progress::stage(std::string_view name, std::string_view sentence) {
  if (context_.options.json != JsonStyle::none) {
    print_event(context_, {{"version", 1}, {"event", "stage"}, {"stage", name}});
  } else if (for_people()) {
    write(fmt::format("{} …", sentence));
  }
}

void Progress::bytes(std::size_t done, std::size_t all) {
  if (context_.options.json != JsonStyle::none) {
    print_event(
        context_,
        {{"version", 1}, {"event", "progress"}, {"done_bytes", done}, {"total_bytes", all}});
    return;
  }
  if (!for_people()) return;
  const auto now = context_.world.clock.now();
  if (!began_) began_ = now;
  const std::chrono::duration<double> passed = now - *began_;
  const auto left =
      done == 0 ? passed : passed * (static_cast<double>(all - done) / static_cast<double>(done));
  write(fmt::format("installing: {} % of {} KiB, {} s left", all == 0 ? 100 : done * 100 / all,
                    (all + 1023) / 1024, std::chrono::ceil<std::chrono::seconds>(left).count()));
}

}  // namespace cli
