#include <fmt/format.h>

#include "app/alarms.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/alarm_commands.hpp"
#include "cli/alarm_documents.hpp"
#include "cli/findings.hpp"
#include "cli/output.hpp"
#include "cli/typed_time.hpp"

namespace cli {
namespace {

std::vector<Field> list_fields() {
  return {{"id", "ID", {}},       {"account", "ACCOUNT", {}}, {"line", "LINE", {}},
          {"kind", "KIND", {}},   {"what", "WHAT", {}},       {"since", "SINCE", {}},
          {"state", "STATE", {}}, {"over_at", "OVER", {}}};
}

std::vector<Field> show_fields() {
  return {{"id", "Number", {}},
          {"account", "Account", {}},
          {"line", "Line", {}},
          {"kind", "Found by", {}},
          {"what", "What", {}},
          {"distance", "How far from usual", {}},
          {"since", "Since", {}},
          {"sureness", "How sure", {}},
          {"advice", "What to do next", {}},
          {"state", "State", {}},
          {"raised_at", "Raised", {}},
          {"seen_at", "Seen last", {}},
          {"over_at", "Over", {}},
          {"muted_until", "Muted until", {}}};
}

void print_changed(const Context& context, const std::vector<store::KeptAlarm>& changed,
                   const std::string& sentence) {
  if (context.options.json != JsonStyle::none) {
    print_json(context, *alarms_changed_json(changed));
  } else {
    say(context, sentence);
  }
}

std::string counted(std::size_t count, std::string_view done) {
  return fmt::format("{} {} {}", count, count == 1 ? "alarm is" : "alarms are", done);
}

}  // namespace

int alarm_list(const Context& context, bool all) {
  const auto alarms =
      app::alarms(context.world, all ? app::WhichAlarms::all : app::WhichAlarms::standing);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *alarm_list_json(alarms));
  } else if (alarms.empty()) {
    suggest(context, all ? "there was no alarm yet; `esimctl check` looks for some"
                         : "no alarm stands; `esimctl check` looks anew");
  } else {
    print_table(context, *alarm_rows(alarms, context.world.clock.utc()), list_fields(),
                [](const Json&) { return false; });
  }
  return 0;
}

int alarm_show(const Context& context, std::int64_t id) {
  const auto alarm = app::alarm_numbered(context.world, id);
  if (context.options.json != JsonStyle::none) {
    print_json(context, *alarm_json(alarm));
  } else {
    print_record(context, *alarm_record(alarm, context.world.clock.utc()), show_fields());
  }
  return 0;
}

int alarm_ack(const Context& context, std::optional<std::int64_t> id) {
  const auto changed = app::acknowledge(context.world, id);
  print_changed(context, changed,
                changed.empty() ? "there was nothing to acknowledge"
                                : counted(changed.size(), "acknowledged: nobody is told again"));
  return 0;
}

int alarm_mute(const Context& context, const MuteOptions& options) {
  std::optional<base::UtcTime> until;
  if (!options.off) {
    const auto length = typed_length(options.length);
    if (!length || length->count() == 0) {
      throw base::Error(base::ErrorKind::usage, "usage.argument",
                        fmt::format("“{}” is no length of time", base::clean(options.length, 80)))
          .hint("type how long: 36h, 7d, 8w, 1y");
    }
    until = context.world.clock.utc() + *length;
  }
  const auto changed = app::mute(context.world, options.id, until);
  print_changed(context, changed,
                until ? fmt::format("alarm {}, and what is like it on that line, is muted until {}",
                                    options.id, base::to_rfc3339(*until))
                      : fmt::format("alarm {} is not muted", options.id));
  return 0;
}

}  // namespace cli
