#include "app/plans.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/counters.hpp"
#include "base/error.hpp"
#include "base/spoken_time.hpp"
#include "cli/alarm_commands.hpp"
#include "cli/asker.hpp"
#include "cli/errors.hpp"
#include "cli/output.hpp"
#include "cli/plan_commands.hpp"
#include "cli/plan_documents.hpp"
#include "cli/typed_time.hpp"

namespace cli {
namespace {

std::vector<Field> line_fields() {
  return {{"account", "ACCOUNT", {}},
          {"line", "LINE", {}},
          {"used_bytes", "USED", human_bytes},
          {"remaining_bytes", "LEFT", human_bytes},
          {"limit_bytes", "LIMIT", human_bytes},
          {"renews", "RENEWS", {}},
          {"fetched_at", "AS OF", {}},
          {"plan", "PLAN", {}},
          {"linked_iccid", "PROFILE", {}}};
}

std::vector<Field> balance_fields() {
  return {
      {"account", "ACCOUNT", {}}, {"balance", "BALANCE", human_money}, {"fetched_at", "AS OF", {}}};
}

/// Whose figures these are, and how old: "8944… of “work” and 2 more are from 3 hours ago".
std::string told(const Context& context, const app::OldFigures& old) {
  const auto more = old.more == 0   ? std::string()
                    : old.more == 1 ? std::string(" and another line")
                                    : fmt::format(" and {} other lines", old.more);
  return fmt::format("{} of “{}”{} {} from {} ago: {}", old.what, old.account, more,
                     old.more == 0 ? "is" : "are",
                     base::spoken(context.world.clock.utc() - old.fetched_at), old.why);
}

/// What has no answer from before is an error; what has one is shown with its age, and said so.
/// Errors go before figures that are older than --max-age.
template <class Shown>
int ended(const Context& context, const app::Plans& plans, const std::vector<Shown>& shown) {
  const auto known = [&](const app::PlanFault& fault) {
    const auto same = [&](const Shown& each) { return each.account == fault.account; };
    return std::ranges::any_of(shown, same);
  };
  const auto beyond = [](const app::OldFigures& each) { return each.beyond_limit; };
  const bool stale = std::ranges::any_of(plans.old, beyond);
  const app::PlanFault* first = nullptr;
  for (const auto& fault : plans.faults) {
    if (fault.error.kind() == base::ErrorKind::network && known(fault)) {
      if (!stale) {
        suggest(context, fmt::format("“{}” could not be asked, what is shown is older: {}",
                                     fault.account, fault.error.what()));
      }
    } else if (first == nullptr) {
      first = &fault;
    } else {
      suggest(context, not_asked(fault).what());
    }
  }
  tell_what_is_old(context, plans);
  if (first != nullptr) throw not_asked(*first);
  if (const auto error = too_old(context, plans)) throw *error;
  return 0;
}

}  // namespace

app::Plans read_for(const Context& context, const PlanOptions& options, app::PlanPart part) {
  TerminalAsker asker(context);
  app::PlansOptions wanted{.parts = {part}, .names = options.names, .refresh = options.refresh};
  if (options.max_age) wanted.max_age = std::chrono::seconds(*options.max_age);
  return app::read_plans(context.world, context.observer, asker, wanted);
}

base::Error not_asked(const app::PlanFault& fault) {
  return reworded(fault.error,
                  fmt::format("“{}” could not be asked: {}", fault.account, fault.error.what()));
}

std::optional<base::Error> too_old(const Context& context, const app::Plans& plans) {
  const auto beyond = [](const app::OldFigures& each) { return each.beyond_limit; };
  const auto oldest = std::ranges::find_if(plans.old, beyond);
  if (oldest == plans.old.end()) return std::nullopt;
  base::Error error(base::ErrorKind::stale, "usage.stale", told(context, *oldest));
  for (const auto& each : plans.old) {
    if (&each != &*oldest && beyond(each)) error.hint(told(context, each));
  }
  for (const auto& each : plans.old) {
    if (beyond(each) && each.next) {
      error.hint(fmt::format("“{}” can be asked again from {}", each.account,
                             base::to_rfc3339(*each.next)));
    }
  }
  return error;
}

void tell_what_is_missing(const Context& context, const app::Plans& plans) {
  if (plans.lines.empty() && plans.faults.empty())
    suggest(context, "nothing is known of any line; `esimctl account add CARRIER` adds an account");
}

void tell_what_is_old(const Context& context, const app::Plans& plans) {
  for (const auto& each : plans.old) {
    if (!each.beyond_limit) suggest(context, told(context, each));
  }
}

void print_lines(const Context& context, const Document& document, bool links) {
  auto fields = line_fields();
  if (context.terminal.out_is_tty && !links) fields.pop_back();
  print_table(context, *with_human_limit(rows_of(document, "lines")), fields,
              [](const Json&) { return false; });
}

namespace {

/// What is wrong about the options is said before anybody is asked.
void require_sensible(const Context& context, const UsageOptions& options) {
  const bool json = context.options.json != JsonStyle::none;
  if (json && (options.traffic.csv || !options.picture.empty())) {
    throw base::Error(base::ErrorKind::usage, "usage.argument",
                      "--json goes neither with --csv nor with --plot")
        .hint("`esimctl usage --history --json` has the same figures");
  }
  const bool traffic = options.history || options.transfer.out;
  if (!traffic && (options.traffic.csv || !options.traffic.since.empty())) {
    throw base::Error(base::ErrorKind::usage, "usage.argument",
                      "--since and --csv go with --history or --export")
        .hint("`esimctl usage --history --since 30d` shows the last 30 days");
  }
  const bool named = !options.names.empty();
  if (!options.transfer.in.empty() &&
      (options.names.size() > 1 || (named && !options.transfer.as.empty()))) {
    throw base::Error(base::ErrorKind::usage, "usage.argument",
                      "what is imported goes to one LINE, or to a counter that `--as` names")
        .hint("`esimctl usage --import FILE` takes the names from the file");
  }
  if (!options.picture.empty()) require_picture(options.picture);
  if (!options.traffic.since.empty())
    static_cast<void>(time_since(options.traffic.since, context.world.clock.utc()));
}

}  // namespace

int usage(const Context& context, const UsageOptions& options) {
  require_sensible(context, options);
  if (options.live) return usage_live(context, options);
  if (!options.transfer.in.empty()) {
    import_file(context, options.transfer, options.names);
    return 0;
  }
  if (options.transfer.out) {
    print_export(context, options.names, options.traffic.since);
    return 0;
  }
  if (!options.counted.empty() || !options.forgotten.empty()) {
    change_counters(context, options.counted, options.forgotten);
    return 0;
  }
  const auto called = app::called_counters(context.world, options.names);
  auto others = options;
  others.names = called.others;
  const bool counters_alone = !options.names.empty() && called.others.empty();
  const auto plans =
      counters_alone ? app::Plans() : read_for(context, others, app::PlanPart::usage);
  if (counters_alone) app::read_counters(context.world, context.observer);
  const auto document = [&] { return usage_json(plans, context.world.clock.utc()); };
  if (called.counters.empty()) tell_what_is_missing(context, plans);
  if (options.history) {
    print_history(context, plans, called.counters, options.traffic);
  } else if (!options.picture.empty()) {
    print_picture(context, plans, options.picture);
  } else if (context.options.json != JsonStyle::none) {
    print_json(context, *document());
  } else if (!plans.lines.empty()) {
    print_lines(context, document(), !plans.links.empty());
    tell_alarms(context, plans);
  }
  if (!options.names.empty() && !called.counters.empty() && !options.history)
    suggest(context, "`esimctl usage --history` shows counters of this machine");
  return ended(context, plans, plans.lines);
}

int balance(const Context& context, const PlanOptions& options) {
  const auto plans = read_for(context, options, app::PlanPart::balance);
  const auto document = balance_json(plans, context.world.clock.utc());
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else if (plans.balances.empty() && plans.faults.empty()) {
    suggest(context, "no account has told a balance");
  } else if (!plans.balances.empty()) {
    print_table(context, rows_of(document, "balances"), balance_fields(),
                [](const Json&) { return false; });
  }
  return ended(context, plans, plans.balances);
}

}  // namespace cli
