#include "cli/telling.hpp"

#include <set>

#include <fmt/format.h>

#include "app/notifications.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"

namespace cli {

std::vector<app::Delivery> tell_operators(const Context& context,
                                          std::span<const lpa::ProfileInfo> profiles,
                                          const lpa::BitString& events) {
  if (context.options.no_send) return {};
  const auto& options = context.options;
  return app::deliver_new(context.world, context.observer, context.session(),
                          {options.trust(), options.test_profiles()}, profiles, events);
}

void suggest_what_waits(const Context& context) {
  if (!context.options.for_people() ||
      !store::Journal::something_waits(context.world.state_directory)) {
    return;
  }
  const auto unsent = app::outbox(context.world, context.session().eid()).unsent;
  if (unsent == 0) return;
  suggest(context, fmt::format("operators do not know yet of {}; `{}` tells them",
                               unsent == 1 ? "one change" : fmt::format("{} changes", unsent),
                               command_line(context, "notification send")));
}

void suggest_to_send(const Context& context, std::span<const app::Delivery> deliveries) {
  std::set<std::string> said;
  for (const auto& each : deliveries) {
    if (each.sent || !said.insert(each.address).second) continue;
    suggest(context,
            fmt::format("{} does not know yet: {}", each.address, base::clean(each.why_not, 300)));
  }
  if (said.empty()) return;
  suggest(context, fmt::format("`{}` tells it later", command_line(context, "notification send")));
}

}  // namespace cli
