#include "cli/usage_history.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/counters.hpp"
#include "app/line_names.hpp"
#include "app/line_traffic.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/write_file.hpp"
#include "cli/findings.hpp"
#include "cli/output.hpp"
#include "cli/plot/plot.hpp"
#include "cli/traffic_documents.hpp"
#include "cli/typed_time.hpp"
#include "usage/csv.hpp"
#include "usage/zone.hpp"

namespace cli {
namespace {

constexpr std::chrono::days usual_history(30);

std::chrono::local_days day_of(base::UtcTime time, const std::string& zone) {
  return usage::local_day(time, zone);
}

plot::Forecast drawn(const usage::Forecast& forecast, const std::string& zone) {
  const auto day = [&](const std::optional<base::UtcTime>& time) {
    return time ? std::optional(day_of(*time, zone)) : std::nullopt;
  };
  return {.low = forecast.low,
          .likely = std::clamp(forecast.expected, forecast.low, forecast.high),
          .high = forecast.high,
          .limit_reached = {.earliest = day(forecast.hit.earliest),
                            .likely = day(forecast.hit.likely),
                            .latest = day(forecast.hit.latest)}};
}

plot::Line drawn(const app::LineTraffic& line, base::UtcTime now) {
  const auto& snapshot = line.newest.snapshot;
  const auto& zone = line.traffic.zone;
  plot::Line made{.title = app::spoken_line(line.newest.snapshot.line),
                  .account = line.newest.account,
                  .days = {},
                  .limit = snapshot.limit,
                  .used = snapshot.used,
                  .left = snapshot.remaining,
                  .pace = usage::pace(snapshot, now),
                  .as_of = snapshot.as_of.value_or(snapshot.fetched_at)};
  for (const auto& each : app::days_of_cycle(line, now))
    made.days.push_back({day_of(each.start, zone), each.size, each.guessed});
  if (snapshot.cycle && snapshot.cycle->start) made.start = day_of(*snapshot.cycle->start, zone);
  if (snapshot.cycle && snapshot.cycle->end) made.end = day_of(*snapshot.cycle->end, zone);
  if (line.forecast) made.forecast = drawn(*line.forecast, zone);
  for (const auto& each : line.findings.found) made.alarms.push_back(spoken(each));
  return made;
}

/// A line with its account, or a counter of this machine.
std::string called(const app::LineTraffic& line) {
  const auto name = app::spoken_line(line.newest.snapshot.line);
  const auto& account = line.newest.account;
  return account.empty() ? name : fmt::format("{} of “{}”", name, account);
}

void print_csv(const Context& context, const std::vector<app::LineTraffic>& lines,
               app::TrafficStep by, base::UtcTime since) {
  context.terminal.out << "account,line,starts_at,bytes,estimated,new_cycle\r\n";
  for (const auto& line : lines) {
    for (const auto& each : app::steps_of(line, by, since)) {
      context.terminal.out << fmt::format(
          "{},{},{},{},{},{}\r\n", usage::csv_field(line.newest.account),
          usage::csv_field(app::spoken_line(line.newest.snapshot.line)),
          base::to_rfc3339(each.start), each.size.bytes(), each.guessed, each.new_cycle);
    }
  }
}

}  // namespace

void print_history(const Context& context, const app::Plans& plans,
                   const std::vector<std::string>& counters, const HistoryOptions& options) {
  const auto now = context.world.clock.utc();
  const auto since = options.since.empty() ? now - usual_history : time_since(options.since, now);
  auto lines = app::line_traffic(context.world, plans, since);
  for (auto& each : app::counter_traffic(context.world, counters, since))
    lines.push_back(std::move(each));
  if (options.csv) return print_csv(context, lines, options.by, since);
  std::vector<LineHistory> shown;
  for (const auto& line : lines)
    shown.push_back({.line = line, .buckets = app::steps_of(line, options.by, since)});
  const auto document = history_json(shown, options.by, plans);
  if (context.options.json != JsonStyle::none) return print_json(context, *document);
  print_table(context, *history_rows(shown),
              {{"account", "ACCOUNT", {}},
               {"line", "LINE", {}},
               {"starts_at", "FROM", {}},
               {"bytes", "USED", human_bytes},
               {"note", "NOTE", {}}},
              [](const Json&) { return false; });
  for (const auto& each : shown) {
    if (each.buckets.empty()) {
      suggest(context, fmt::format("of {} nothing is known yet: two looks at the figures are "
                                   "needed, `esimctl usage` makes one",
                                   called(each.line)));
    }
    for (const auto& finding : each.line.findings.found)
      suggest(context, fmt::format("{}: {}", called(each.line), spoken(finding)));
  }
}

void require_picture(const std::string& file) {
  if (file == "-" || file.ends_with(".svg") || file.ends_with(".html")) return;
  throw base::Error(base::ErrorKind::usage, "usage.plot",
                    fmt::format("“{}” is no name of a picture", base::clean(file, 80)))
      .hint("end it with .svg or .html; `--plot` alone draws on the terminal");
}

void print_picture(const Context& context, const app::Plans& plans, const std::string& file) {
  const auto now = context.world.clock.utc();
  std::vector<plot::Line> lines;
  for (const auto& each : app::line_traffic(context.world, plans, now))
    lines.push_back(drawn(each, now));
  if (file == "-") {
    constexpr std::size_t elsewhere = 80;
    context.terminal.out << plot::plot_text(
        lines, {.columns = context.terminal.out_is_tty ? context.terminal.width : elsewhere,
                .utf8 = context.terminal.utf8,
                .colour = context.colour()});
    return;
  }
  try {
    base::replace_file(file,
                       file.ends_with(".svg") ? plot::plot_svg(lines) : plot::plot_html(lines));
  } catch (const std::system_error& error) {
    throw base::Error(
        base::ErrorKind::failure, "usage.plot-file",
        fmt::format("cannot write “{}”: {}", base::clean(file), error.code().message()))
        .hint("name a file in a directory that is yours");
  }
  say(context, fmt::format("drawn in {}", base::clean(file)));
}

}  // namespace cli
