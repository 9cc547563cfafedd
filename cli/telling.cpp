#include "cli/telling.hpp"

#include <set>

#include <fmt/format.h>

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
