#include "app/plans.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/asker.hpp"
#include "cli/errors.hpp"
#include "cli/output.hpp"
#include "cli/plan_commands.hpp"
#include "cli/plan_documents.hpp"

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
          {"plan", "PLAN", {}}};
}

std::vector<Field> balance_fields() {
  return {
      {"account", "ACCOUNT", {}}, {"balance", "BALANCE", human_money}, {"fetched_at", "AS OF", {}}};
}

app::Plans read(const Context& context, const PlanOptions& options, app::PlanPart part) {
  TerminalAsker asker(context);
  app::PlansOptions wanted{.part = part, .accounts = options.accounts, .refresh = options.refresh};
  if (options.max_age) wanted.max_age = std::chrono::seconds(*options.max_age);
  return app::read_plans(context.world, context.observer, asker, wanted);
}

/// What has no answer from before is an error; what has one is shown with its age, and said so.
int ended(const Context& context, const app::Plans& plans) {
  const auto known = [&](const app::PlanFault& fault) {
    const auto same = [&](const auto& each) { return each.account == fault.account; };
    return std::ranges::any_of(plans.lines, same) || std::ranges::any_of(plans.balances, same);
  };
  const app::PlanFault* first = nullptr;
  for (const auto& fault : plans.faults) {
    if (fault.error.kind() == base::ErrorKind::network && known(fault)) {
      suggest(context, fmt::format("“{}” could not be asked, what is shown is older: {}",
                                   fault.account, fault.error.what()));
    } else if (first == nullptr) {
      first = &fault;
    } else {
      suggest(context,
              fmt::format("“{}” could not be asked: {}", fault.account, fault.error.what()));
    }
  }
  if (first != nullptr) {
    throw reworded(first->error,
                   fmt::format("“{}” could not be asked: {}", first->account, first->error.what()));
  }
  return 0;
}

}  // namespace

int usage(const Context& context, const PlanOptions& options) {
  const auto plans = read(context, options, app::PlanPart::usage);
  const auto document = usage_json(plans, context.world.clock.utc());
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else if (plans.lines.empty() && plans.faults.empty()) {
    suggest(context, "nothing is known of any line; `esimctl account add CARRIER` adds an account");
  } else if (!plans.lines.empty()) {
    print_table(context, *with_human_limit(rows_of(document, "lines")), line_fields(),
                [](const Json&) { return false; });
  }
  return ended(context, plans);
}

int balance(const Context& context, const PlanOptions& options) {
  const auto plans = read(context, options, app::PlanPart::balance);
  const auto document = balance_json(plans, context.world.clock.utc());
  if (context.options.json != JsonStyle::none) {
    print_json(context, *document);
  } else if (plans.balances.empty() && plans.faults.empty()) {
    suggest(context, "no account has told a balance");
  } else if (!plans.balances.empty()) {
    print_table(context, rows_of(document, "balances"), balance_fields(),
                [](const Json&) { return false; });
  }
  return ended(context, plans);
}

}  // namespace cli
