#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/alarms.hpp"
#include "cli/context.hpp"
#include "cli/plan_commands.hpp"

namespace cli {

struct MuteOptions {
  std::int64_t id = 0;
  std::string length = "7d";  ///< as typed_length has it
  bool off = false;
};

struct CheckOptions : PlanOptions {
  app::AlarmTerms terms;
};

/// Those that stand; with `all` also those that are over.
int alarm_list(const Context& context, bool all);
int alarm_show(const Context& context, std::int64_t id);
/// Of no number: all that stand.
int alarm_ack(const Context& context, std::optional<std::int64_t> id);
int alarm_mute(const Context& context, const MuteOptions& options);

/// A line of text for each line of a plan that is not fine. Where there is no terminal, as under
/// cron, an alarm is said once; the exit code says it as long as it stands.
int check(const Context& context, const CheckOptions& options);

/// Says which alarms about these lines stand, if any.
void tell_alarms(const Context& context, const app::Plans& plans);

}  // namespace cli
