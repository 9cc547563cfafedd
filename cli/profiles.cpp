#include "app/profiles.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/plans.hpp"
#include "app/profile_plans.hpp"
#include "app/session.hpp"
#include "app/switch.hpp"
#include "cli/asker.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"
#include "cli/plan_commands.hpp"
#include "cli/plan_documents.hpp"
#include "cli/telling.hpp"

namespace cli {
namespace {

std::vector<Field> list_fields() {
  return {{"iccid", "ICCID"},       {"state", "STATE"}, {"nickname", "NICKNAME"},
          {"provider", "PROVIDER"}, {"name", "NAME"},   {"class", "CLASS"},
          {"isdp_aid", "AID"},      {"owner", "OWNER"}, {"policy_rules", "RULES"},
          {"icon_type", "ICON"}};
}

/// What is known of the plan behind a profile.
std::vector<Field> plan_fields() {
  return {{"left", "LEFT", human_bytes},
          {"cap", "CAP", human_bytes},
          {"renews", "RENEWS", {}},
          {"balance", "BALANCE", {}},
          {"as_of", "AS OF", {}}};
}

std::vector<Field> all_list_fields() {
  auto all = list_fields();
  std::ranges::copy(plan_fields(), std::back_inserter(all));
  return all;
}

/// Those of the plan too are columns of a list.
void add_plan_columns(Json& row) {
  const auto& plan = row.at("plan");
  const auto of_plan = [&](const char* name) { return plan.is_null() ? Json() : plan.at(name); };
  row["left"] = of_plan("remaining_bytes");
  row["cap"] = !plan.is_null() && plan.at("unlimited").get<bool>() ? Json("unlimited")
                                                                   : of_plan("limit_bytes");
  row["renews"] = of_plan("renews_at");
  const auto balance = of_plan("balance");
  row["balance"] = balance.is_null() ? Json() : Json(human_money(balance));
  row["as_of"] = of_plan("as_of");
}

/// What the carriers say now. What they do not is no reason not to list profiles.
app::Plans asked_plans(const Context& context) {
  TerminalAsker asker(context);
  try {
    auto plans =
        app::read_plans(context.world, context.observer, asker,
                        {.parts = {app::PlanPart::usage, app::PlanPart::balance}, .refresh = true});
    tell_what_is_old(context, plans);
    for (const auto& fault : plans.faults) {
      context.observer.news(
          fmt::format("“{}” could not be asked: {}", fault.account, fault.error.what()));
    }
    return plans;
  } catch (const base::Error& error) {
    context.observer.news(fmt::format("no carrier could be asked: {}", error.what()));
  }
  return app::known_plans(context.world, context.observer);
}

std::string human_rules(const Json& rules) {
  std::string text;
  for (const auto& rule : rules) {
    const auto name = rule.get<std::string>();
    if (!text.empty()) text += "; ";
    text += name;
    if (name == "ppr1") text += " (must not be disabled)";
    if (name == "ppr2") text += " (must not be deleted)";
  }
  return text.empty() ? "none" : text;
}

std::string human_notifications(const Json& list) {
  std::string text;
  for (const auto& each : list) {
    std::string events;
    for (const auto& event : each.at("events")) {
      events += (events.empty() ? "" : ", ") + event.get<std::string>();
    }
    if (!text.empty()) text += "; ";
    text += fmt::format("{} ({})", each.at("address").get<std::string>(), events);
  }
  return text;
}

std::vector<Field> show_fields() {
  return {{"iccid", "ICCID"},
          {"state", "State"},
          {"nickname", "Nickname"},
          {"provider", "Provider"},
          {"name", "Name"},
          {"class", "Class"},
          {"isdp_aid", "AID"},
          {"owner", "Owner (MCC-MNC)"},
          {"policy_rules", "Policy rules", human_rules},
          {"icon_type", "Icon"},
          {"icon_bytes", "Icon size in bytes"},
          {"notifications", "Notifies", human_notifications}};
}

/// Its operators hear of a change once it is told here.
int finish_switch(const Context& context, const app::SwitchReport& report,
                  const lpa::BitString& events) {
  const auto told = [&] {
    if (!report.changed) return std::vector<app::Delivery>();
    std::vector<lpa::ProfileInfo> profiles{report.profile};
    if (report.disabled_before) profiles.push_back(*report.disabled_before);
    return tell_operators(context, profiles, events);
  };
  if (context.options.json != JsonStyle::none) {
    print_json(context,
               changed_json(report.changed, context.session().eid(), report.profile, told()));
  } else {
    context.terminal.out << std::flush;
    suggest_to_send(context, told());
  }
  return 0;
}

}  // namespace

std::vector<std::string> list_columns() { return keys(all_list_fields()); }

int list(const Context& context, const ListOptions& options) {
  const auto& wanted = options.table.columns;
  auto columns =
      wanted.empty() && context.terminal.out_is_tty
          ? choose(list_fields(), {"iccid", "state", "nickname", "provider", "name", "class"})
          : choose(wanted.empty() ? list_fields() : all_list_fields(), wanted);
  const auto plans =  // before the card is taken from other programs
      options.refresh ? asked_plans(context) : app::known_plans(context.world, context.observer);
  auto& session = context.session();
  const auto profiles = session.euicc().profiles(lpa::ProfileFields::list);
  const auto lines = app::lines_of_profiles(plans, session.euicc().eid().digits(), profiles);
  auto rows = Json::array();
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    rows.push_back(profile_json(profiles[i]));
    rows.back()["plan"] = *profile_plan_json(plans, lines[i]);
  }
  if (context.options.json != JsonStyle::none) {
    print_json(
        context,
        {{"version", 1}, {"eid", session.euicc().eid().digits()}, {"profiles", std::move(rows)}});
  } else if (rows.empty()) {
    suggest(context, "there is no profile on this eUICC yet");
  } else {
    const auto known = [](const Json& row) { return !row.at("plan").is_null(); };
    if (wanted.empty() && std::ranges::any_of(rows, known))
      std::ranges::copy(plan_fields(), std::back_inserter(columns));
    for (auto& row : rows) add_plan_columns(row);
    print_table(context, rows, columns,
                [](const Json& row) { return row.at("state") == "enabled"; });
  }
  suggest_what_waits(context);
  return 0;
}

int show(const Context& context, const std::string& profile) {
  auto& session = context.session();
  const auto details = profile_details_json(app::profile_details(session.euicc(), profile));
  if (context.options.json != JsonStyle::none) {
    print_json(context,
               {{"version", 1}, {"eid", session.euicc().eid().digits()}, {"profile", details}});
  } else {
    print_record(context, details, show_fields());
  }
  return 0;
}

int enable(const Context& context, const std::string& profile) {
  const auto report =
      app::enable(context.session(), context.world.clock, profile, context.options.test_profiles());
  const auto name = app::spoken_name(report.profile);
  if (!report.changed) {
    say(context, name + " is enabled already");
  } else if (report.disabled_before) {
    say(context, fmt::format("enabled {}; {} is disabled now", name,
                             app::spoken_name(*report.disabled_before)));
  } else {
    say(context, "enabled " + name);
  }
  return finish_switch(context, report,
                       {lpa::notification_event::enable, lpa::notification_event::disable});
}

int disable(const Context& context, const std::string& profile) {
  const auto report = app::disable(context.session(), context.world.clock, profile);
  const auto name = app::spoken_name(report.profile);
  if (report.changed) {
    say(context, "disabled " + name);
    const auto id = report.profile.iccid      ? report.profile.iccid->digits()
                    : report.profile.isdp_aid ? report.profile.isdp_aid->hex()
                                              : profile;
    suggest(context, fmt::format("no profile is enabled now; `{}` undoes it",
                                 command_line(context, "enable " + id)));
  } else {
    say(context, name + " is disabled already");
  }
  return finish_switch(context, report, {lpa::notification_event::disable});
}

}  // namespace cli
