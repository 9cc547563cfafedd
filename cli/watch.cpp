#include "app/watch.hpp"

#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "app/alarm_command.hpp"
#include "app/metrics.hpp"
#include "base/desktop.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/asker.hpp"
#include "cli/findings.hpp"
#include "cli/output.hpp"
#include "cli/plan_commands.hpp"
#include "cli/watch_documents.hpp"

namespace cli {
namespace {

/// What happens, as a line each that is there at once, and to whoever else is to hear of it.
class Teller {
 public:
  Teller(const Context& context, const WatchOptions& options, std::stop_token stop)
      : context_(context),
        options_(options),
        manager_(context.world.service_manager),
        stop_(std::move(stop)) {}

  [[nodiscard]] app::WatchEvents events() {
    return {.begun = [this] { manager_.tell("READY=1"); },
            .round = [this](const app::WatchRound& round) { tell(round); },
            .alarm = [this](const store::KeptAlarm& alarm) { tell(alarm); },
            .fault = [this](const std::string& account,
                            const base::Error& error) { tell(account, error); },
            .alive =
                [this] {
                  if (manager_.watchdog()) manager_.tell("WATCHDOG=1");
                }};
  }

 private:
  void tell(const app::WatchRound& round) {
    const auto sentence = spoken(round);
    manager_.tell("STATUS=" + base::clean(sentence, 500));
    if (!round.read.empty()) print(round.at, read_event_json(round), sentence);
    if (!options_.metrics.empty()) trying([&] { app::write_metrics(options_.metrics, round); });
  }

  void tell(const store::KeptAlarm& alarm) {
    const auto event = alarm_event_json(alarm);
    print(alarm.seen, event, "alarm: " + spoken(alarm));
    if (!options_.command.empty())
      trying([&] { app::run_alarm_command(options_.command, alarm, text_of(event), stop_); });
    if (options_.notify) {
      trying([&] {
        base::notify_desktop(context_.world.open_library,
                             {.summary = "Mobile data", .body = spoken(alarm), .urgent = true});
      });
    }
  }

  void tell(const std::string& account, const base::Error& error) {
    const auto now = context_.world.clock.utc();
    print(now, fault_event_json(account, error, now), spoken_fault(account, error));
  }

  /// What fails there ends nothing.
  template <class Work>
  void trying(const Work& work) {
    try {
      work();
    } catch (const base::Error& error) {
      const auto now = context_.world.clock.utc();
      print(now, fault_event_json({}, error, now), error.what());
    }
  }

  void print(base::UtcTime at, const Document& event, const std::string& sentence) {
    if (context_.options.json != JsonStyle::none) return print_event(context_, *event);
    context_.terminal.out << base::to_rfc3339(at) << ' ' << sentence << '\n' << std::flush;
  }

  const Context& context_;
  const WatchOptions& options_;
  const base::ServiceManager& manager_;
  std::stop_token stop_;
};

}  // namespace

int watch(const Context& context, const WatchOptions& options) {
  if (!options.metrics.empty()) app::require_metrics_file(options.metrics);
  const auto stop = context.world.endings();
  auto silent = context.options;
  silent.no_input = true;  // nobody sits there at night
  const Context own{context.world, context.observer, context.terminal, silent, context.card};
  TerminalAsker nobody(own);
  Teller teller(own, options, stop);
  app::WatchTerms terms{.names = options.names,
                        .alarms = app::AlarmTerms{.warn = options.warn, .cap = options.cap},
                        .interval = options.interval};
  const auto& manager = context.world.service_manager;
  if (const auto limit = manager.watchdog())
    terms.pulse = std::chrono::duration_cast<std::chrono::seconds>(*limit / 2);
  app::watch(context.world, context.observer, nobody, terms, teller.events(), stop);
  manager.tell("STOPPING=1");
  return 0;
}

}  // namespace cli
