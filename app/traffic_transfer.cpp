#include "app/traffic_transfer.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "app/counters.hpp"
#include "app/known_plans.hpp"
#include "app/line_names.hpp"
#include "base/error.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "store/history.hpp"
#include "usage/zone.hpp"

namespace app {
namespace {

base::Error refused(const std::string& what, const std::string& hint) {
  return base::Error(base::ErrorKind::usage, "usage.import", what).hint(hint);
}

/// What to call a counter that this series becomes.
std::string counter_of(const FiledSeries& series) {
  constexpr std::size_t longest = 64;
  const auto name =
      series.account.empty() ? series.name : fmt::format("{}/{}", series.account, series.name);
  if (series.name.empty())
    throw refused("the file does not say what was counted", "name it: `--as wwan0`");
  if (name.size() > longest || name != base::clean(name) || name.starts_with('-'))
    throw refused(fmt::format("no counter can be called “{}”", base::clean(name)),
                  "name it in at most 64 letters: `--as wwan0`");
  return name;
}

std::vector<FiledSeries> named(std::vector<FiledSeries> all, const std::string& name) {
  if (name.empty()) return all;
  if (all.size() > 1) {
    throw refused(fmt::format("the file has {} lines, which cannot all be “{}”", all.size(),
                              base::clean(name, 80)),
                  "leave out `--as`: each keeps its own name");
  }
  for (auto& each : all) {
    each.account.clear();
    each.name = name;
  }
  return all;
}

std::vector<FiledSeries> series_in(const World& world, std::string_view text) {
  if (world.state_directory.empty())
    throw refused("there is no place to keep it", "set HOME or XDG_STATE_HOME");
  const auto now = world.clock.utc();
  const auto begin = text.find_first_not_of(" \t\r\n");
  const bool json = begin != std::string_view::npos && text[begin] == '{';
  return json ? read_vnstat(text, world.zone(), now) : read_traffic_csv(text, now);
}

/// Traffic of a counter and of a line are filed alike.
FiledSeries filed(std::string account, std::string name, store::KeptTraffic traffic) {
  return {.account = std::move(account),
          .name = std::move(name),
          .zone = std::move(traffic.zone),
          .buckets = std::move(traffic.buckets)};
}

/// Which lines and counters the names call.
struct Called {
  std::vector<store::KeptSnapshot> lines;
  std::vector<std::string> counters;
};

Called called(const World& world, const Plans& plans, const std::vector<std::string>& names) {
  const auto counters = called_counters(world, names);
  Called made{.lines = {}, .counters = counters.counters};
  if (!names.empty() && counters.others.empty()) return made;
  std::set<std::string> accounts;
  for (const auto& each : plans.lines) accounts.insert(each.account);
  const std::vector<std::string> all(accounts.begin(), accounts.end());
  const auto choice = choose_lines(counters.others, all, plans.lines);
  if (!choice.unknown.empty()) throw unknown_line(choice.unknown.front(), all, plans.lines);
  std::ranges::copy_if(plans.lines, std::back_inserter(made.lines),
                       [&](const auto& each) { return choice.has(each); });
  return made;
}

}  // namespace

std::vector<FiledSeries> export_traffic(const World& world, const Observer& observer,
                                        const std::vector<std::string>& names,
                                        base::UtcTime since) {
  std::vector<FiledSeries> made;
  if (!store::History::there(world.state_directory)) {
    if (!names.empty()) throw unknown_line(names.front(), {}, {});
    return made;
  }
  const auto plans = known_plans(world, observer);
  const auto wanted = called(world, plans, names);
  auto history = store::History::open_existing(world.state_directory);
  const auto now = world.clock.utc();
  for (const auto& [account, snapshot] : wanted.lines)
    made.push_back(filed(account, spoken_line(snapshot.line),
                         history.traffic(account, snapshot.line, since, now)));
  for (const auto& counter : wanted.counters)
    made.push_back(filed({}, counter, history.local_traffic(counter, since, now)));
  return made;
}

std::string read_traffic_file(const std::string& file, std::istream& input) {
  constexpr std::size_t largest = 64UL * 1024 * 1024;
  auto text = base::read_named(file, input, largest);
  if (!text) {
    throw refused(fmt::format("cannot read {}: it is not there, no file, or larger than 64 MiB",
                              file == "-" ? "standard input" : base::clean(file)),
                  "name a file of CSV or of `vnstat --json`, or `-` for standard input");
  }
  return *std::move(text);
}

ImportedSeries import_before(const World& world, const Observer& observer, std::string_view text,
                             const std::string& line) {
  const auto all = series_in(world, text);
  if (all.size() != 1) {
    throw refused(fmt::format("the file has {} lines, and goes to one", all.size()),
                  "`esimctl usage --export LINE` writes one");
  }
  const auto wanted = called(world, known_plans(world, observer), {line}).lines;
  if (wanted.size() != 1) {
    auto error = refused(fmt::format("“{}” is {} lines, and the file is of one",
                                     base::clean(line, 80), wanted.size()),
                         "name it as its carrier does, or remove what you do not use");
    for (const auto& each : wanted)
      error.hint(
          fmt::format("“{}” has {}", each.account,
                      base::clean(each.snapshot.line.provider_id.value_or("no such name"), 100)));
    throw error;
  }
  const auto& [account, snapshot] = wanted.front();
  const auto& series = all.front();
  auto history = store::History::open(world.state_directory, observer.note);
  const auto taken = history.put_before(account, snapshot.line, series.zone, series.buckets);
  if (!taken) {
    throw refused(fmt::format("{} of “{}” has a history already, or is kept by days of another "
                              "zone than {}",
                              spoken_line(snapshot.line), account, base::clean(series.zone)),
                  "without the line it becomes a counter of its own: `--as NAME`");
  }
  std::set<std::chrono::local_days> dates;
  for (const auto& each : std::span(series.buckets).first(*taken))
    dates.insert(usage::local_day(each.start, series.zone));
  history.compact(world.clock.utc());
  return {.counter = spoken_line(snapshot.line), .days_added = dates.size()};
}

std::vector<ImportedSeries> import_traffic(const World& world, const Observer& observer,
                                           std::string_view text, const std::string& name) {
  const auto now = world.clock.utc();
  const auto all = named(series_in(world, text), name);
  auto history = store::History::open(world.state_directory, observer.note);
  std::set<std::string> counters;
  for (const auto& each : all) {
    const auto counter = counter_of(each);
    if (!counters.insert(counter).second)
      throw refused(fmt::format("the file has two lines that are called “{}”", counter),
                    "import each from a file of its own, with `--as`");
    const auto zone = history.zone_of_counter(counter).value_or(each.zone);
    if (zone != each.zone)
      throw refused(fmt::format("“{}” is kept by days of {}, and the file is by days of {}",
                                counter, zone, base::clean(each.zone)),
                    "give it another name: `--as NAME`");
  }
  std::vector<ImportedSeries> made;
  for (const auto& each : all) {
    ImportedSeries series{.counter = counter_of(each)};
    const auto days = usage::days_of(each.buckets, each.zone);
    std::set<std::chrono::local_days> dates;
    for (const auto& day : days) dates.insert(usage::local_day(day.start, each.zone));
    series.days_added = history.put_counted(series.counter, each.zone, each.buckets);
    series.days_known = dates.size() - std::min(dates.size(), series.days_added);
    made.push_back(std::move(series));
  }
  history.compact(now);
  return made;
}

}  // namespace app
