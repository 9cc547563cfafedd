#include "cli/usage_transfer.hpp"

#include <ostream>

#include <fmt/format.h>

#include "app/counters.hpp"
#include "app/traffic_transfer.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"
#include "cli/traffic_documents.hpp"
#include "cli/typed_time.hpp"

namespace cli {

void print_export(const Context& context, const std::vector<std::string>& names,
                  const std::string& since) {
  const auto from = since.empty() ? base::UtcTime() : time_since(since, context.world.clock.utc());
  const auto all = app::export_traffic(context.world, context.observer, names, from);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *exported_json(all));
  } else {
    context.terminal.out << app::traffic_csv(all);
  }
}

void change_counters(const Context& context, const std::vector<std::string>& counted,
                     const std::vector<std::string>& forgotten) {
  for (const auto& each : forgotten) app::forget_counter(context.world, each);
  for (const auto& each : counted) app::start_counting(context.world, context.observer, each);
  if (context.options.json != JsonStyle::none)
    return print_json(context, *counting_json(counted, forgotten));
  for (const auto& each : forgotten)
    say(context, fmt::format("what was counted as {} is forgotten", base::clean(each)));
  for (const auto& each : counted) say(context, fmt::format("{} is counted from now on", each));
  if (!counted.empty())
    suggest(context,
            "it is read whenever `esimctl usage` runs, and shown by `esimctl usage --history`");
}

void import_file(const Context& context, const TransferOptions& options,
                 const std::vector<std::string>& names) {
  const auto text = app::read_traffic_file(options.in, context.terminal.in);
  const auto made =
      names.empty()
          ? app::import_traffic(context.world, context.observer, text, options.as)
          : std::vector{app::import_before(context.world, context.observer, text, names.front())};
  if (context.options.json != JsonStyle::none) return print_json(context, *imported_json(made));
  for (const auto& each : made) {
    say(context, fmt::format("{}: {} {} added, {} known already", each.counter, each.days_added,
                             each.days_added == 1 ? "day" : "days", each.days_known));
  }
  if (!made.empty())
    suggest(context, names.empty()
                         ? "`esimctl usage --history` shows it, as a line without an account"
                         : "`esimctl usage --history` shows it");
}

}  // namespace cli
