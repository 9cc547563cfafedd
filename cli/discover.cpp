#include "app/discover.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/install.hpp"
#include "cli/output.hpp"

namespace cli {
namespace {

std::vector<Field> event_fields() {
  return {{"number", "NUMBER", {}},
          {"event_id", "EVENT", {}},
          {"smdp_address", "SERVER (SM-DP+)", {}},
          {"smds_address", "TOLD BY (SM-DS)", {}}};
}

void require_no_installation(const InstallOptions& options) {
  const auto* const given = options.preview                  ? "--preview"
                            : options.confirmation_code_file ? "--confirmation-code-file"
                                                             : nullptr;
  if (given == nullptr) return;
  throw base::Error(base::ErrorKind::usage, "usage.argument",
                    fmt::format("discover: {} goes with --install", given));
}

app::Discovery find_events(const Context& context, const DiscoverOptions& options) {
  return app::discover(context.world, context.observer, context.session(),
                       {.servers = options.smds,
                        .device = device_of(options.install),
                        .trust = context.options.trust(),
                        .test_profiles = context.options.test_profiles()});
}

/// Servers that told nothing are no reason to doubt the others.
void tell_of_failures(const Context& context, const app::Discovery& discovery) {
  for (const auto& each : discovery.servers) {
    if (each.error) {
      suggest(context, fmt::format("{} told nothing: {}", each.address, each.error->what()));
    }
  }
}

void suggest_what_next(const Context& context, const app::Discovery& discovery) {
  if (!discovery.events.empty()) {
    suggest(context, "the same command with --install NUMBER installs one of them");
  } else {
    suggest(context, "no server that answered knows of anything for the card");
  }
  if (!discovery.default_smdp.empty()) {
    suggest(context, fmt::format("the card's default SM-DP+ is {}; `{}` asks it",
                                 base::clean(discovery.default_smdp, 100),
                                 command_line(context, "download")));
  }
}

void print_discovery(const Context& context, const app::Discovery& discovery) {
  if (context.options.json != JsonStyle::none) {
    print_json(context, *discovery_json(discovery, context.session().eid()));
    return;
  }
  if (!discovery.events.empty()) {
    print_table(context, *found_events_json(discovery), event_fields(),
                [](const Json&) { return false; });
  }
  tell_of_failures(context, discovery);
  suggest_what_next(context, discovery);
}

}  // namespace

int discover(const Context& context, const DiscoverOptions& options) {
  if (!options.number) {
    require_no_installation(options.install);
    print_discovery(context, find_events(context, options));
    return 0;
  }
  return with_error_event(context, [&] {
    Installation installation(context, options.install);
    const auto discovery = find_events(context, options);
    if (context.options.json == JsonStyle::none) tell_of_failures(context, discovery);
    installation.run(app::code_of_event(discovery, *options.number));
  });
}

}  // namespace cli
