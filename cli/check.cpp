#include <algorithm>
#include <ostream>
#include <variant>

#include <fmt/format.h>

#include "app/line_names.hpp"
#include "base/error.hpp"
#include "cli/alarm_commands.hpp"
#include "cli/alarm_documents.hpp"
#include "cli/findings.hpp"
#include "cli/output.hpp"
#include "cli/plan_documents.hpp"

namespace cli {
namespace {

using app::JudgedLine;
using app::Standing;

/// "83 % of 3.0 GB used".
std::string used(const JudgedLine& line) {
  const auto& snapshot = line.traffic.newest.snapshot;
  const auto* const limit = std::get_if<usage::DataSize>(&snapshot.limit);
  if (line.percent && limit != nullptr)
    return fmt::format("{} % of {} used", *line.percent, usage::to_text(*limit));
  if (snapshot.used) return fmt::format("{} used", usage::to_text(*snapshot.used));
  return "its use is unknown";
}

/// The share is said before; and what is over needs no forecast.
bool says_more(const JudgedLine& line, const store::KeptAlarm& alarm) {
  return alarm.finding || (alarm.kind == usage::forecast_alarm && line.standing != Standing::over);
}

std::string spoken(const JudgedLine& line) {
  const auto& newest = line.traffic.newest;
  auto text = fmt::format("{} of “{}”: {}, {}", app::spoken_line(newest.snapshot.line),
                          newest.account, used(line), word_of(line.standing));
  auto separator = ": ";
  for (const auto& each : line.alarms) {
    if (!says_more(line, each)) continue;
    text += separator + brief(each);
    separator = "; ";
  }
  return text;
}

/// What this run says of: on a terminal all that is not fine, elsewhere what was not told before,
/// so that cron sends no mail twice; with -v everything.
std::vector<const JudgedLine*> to_say(const Context& context, const app::Judgement& judgement,
                                      const app::Plans& plans) {
  const auto fresh = [&](const JudgedLine& line) {
    return std::ranges::any_of(line.alarms, [&](const store::KeptAlarm& each) {
      return std::ranges::find(judgement.to_tell, each.id, &store::KeptAlarm::id) !=
             judgement.to_tell.end();
    });
  };
  const auto old = [&](const JudgedLine& line) {
    return std::ranges::any_of(plans.old, [&](const app::OldFigures& each) {
      return each.beyond_limit && each.account == line.traffic.newest.account;
    });
  };
  std::vector<const JudgedLine*> said;
  for (const auto& line : judgement.lines) {
    const bool wanted = context.options.verbosity > 0 || fresh(line) || old(line) ||
                        (context.terminal.out_is_tty && line.standing != Standing::fine);
    if (wanted) said.push_back(&line);
  }
  return said;
}

base::Error error_of(const Context& context, const app::Judgement& judgement,
                     const app::Plans& plans) {
  const auto worst = app::worst(judgement);
  if (worst == Standing::stale) {
    if (auto old = too_old(context, plans)) return *std::move(old);
  }
  const auto count = std::ranges::count(judgement.lines, worst, &JudgedLine::standing);
  const auto lines = fmt::format("{} of {} lines", count, judgement.lines.size());
  const bool one = count == 1;
  auto error = worst == Standing::over
                   ? base::Error(base::ErrorKind::over, "usage.over",
                                 fmt::format("{} {} reached what `--cap` allows", lines,
                                             one ? "has" : "have"))
               : worst == Standing::warning
                   ? base::Error(base::ErrorKind::warning, "usage.warning",
                                 fmt::format("{} {} to be looked at", lines, one ? "is" : "are"))
                   : base::Error(base::ErrorKind::stale, "usage.stale",
                                 fmt::format("the figures of {} say nothing any more", lines));
  return error.hint("`esimctl alarm list` says since when, `esimctl alarm show ID` what to do");
}

}  // namespace

int check(const Context& context, const CheckOptions& options) {
  if (options.terms.warn > options.terms.cap) {
    throw base::Error(
        base::ErrorKind::usage, "usage.argument",
        fmt::format("--warn {}% is above --cap {}%", options.terms.warn, options.terms.cap))
        .hint("a warning comes before the cap: `esimctl check --warn 80% --cap 95%`");
  }
  const auto plans = read_for(context, options, app::PlanPart::usage);
  const auto judgement = app::judge(context.world, context.observer, plans, options.terms);
  tell_what_is_missing(context, plans);
  const auto said = to_say(context, judgement, plans);
  const bool json = context.options.json != JsonStyle::none;
  if (json) print_json(context, *check_json(judgement, plans));
  for (const auto* line : said)
    if (!json) context.terminal.out << spoken(*line) << '\n';
  tell_what_is_old(context, plans);
  if (!plans.faults.empty()) {
    for (auto each = plans.faults.begin() + 1; each != plans.faults.end(); ++each)
      suggest(context, not_asked(*each).what());
    throw not_asked(plans.faults.front());
  }
  if (app::worst(judgement) == Standing::fine) return 0;
  const auto error = error_of(context, judgement, plans);
  if (json || !said.empty()) throw error;
  return base::exit_code(error.kind()).number;
}

void tell_alarms(const Context& context, const app::Plans& plans) {
  if (plans.alarms.empty()) return;
  std::string named;
  for (const auto& each : plans.alarms)
    named += fmt::format("{}{}: {}", named.empty() ? "" : "; ", line_of(each), brief(each));
  suggest(context, fmt::format("{}; `esimctl alarm list` has more", named));
}

}  // namespace cli
