#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/deliver.hpp"
#include "app/notifications.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output.hpp"

namespace cli {
namespace {

std::vector<Field> fields() {
  return {{"number", "NUMBER", {}},
          {"operation", "OPERATION", {}},
          {"iccid", "ICCID", {}},
          {"address", "ADDRESS", {}}};
}

std::string human_installation(const Json& result) {
  if (result.is_null()) return {};
  if (result.at("reason").is_null()) {
    return fmt::format("installed as {}", result.at("isdp_aid").get<std::string>());
  }
  return fmt::format("failed in step {} for reason {}", result.at("command").dump(),
                     result.at("reason").dump());
}

std::vector<Field> show_fields() {
  return {{"number", "Number", {}},
          {"operation", "Operation", {}},
          {"iccid", "ICCID", {}},
          {"address", "Address", {}},
          {"installation", "Installation", human_installation},
          {"signed_bytes", "Size in bytes", {}}};
}

std::vector<Field> delivery_fields() {
  return {{"number", "NUMBER", {}},        {"address", "ADDRESS", {}}, {"sent", "SENT", {}},
          {"removed", "OFF THE CARD", {}}, {"why_not", "WHY NOT", {}}, {"eid", "EID", {}}};
}

/// Empty for no names, which is all events.
std::optional<lpa::BitString> bits_of(const std::vector<std::string>& names) {
  if (names.empty()) return std::nullopt;
  const auto known = event_names_by_bit();
  std::vector<std::size_t> bits;
  for (const auto& name : names) {
    const auto found = std::ranges::find(known, name);
    if (found == known.end()) {
      throw base::Error(base::ErrorKind::usage, "usage.argument",
                        fmt::format("there is no event “{}”", base::clean(name, 80)))
          .hint("the events are install, enable, disable and delete");
    }
    bits.push_back(static_cast<std::size_t>(found - known.begin()));
  }
  return lpa::BitString(bits);
}

}  // namespace

int notification_list(const Context& context, const NotificationListOptions& options) {
  const auto events = bits_of(options.events);
  auto& session = context.session();
  auto rows = Json::array();
  for (const auto& each : session.euicc().notifications(events))
    rows.push_back(notification_json(each));
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1},
                         {"eid", session.euicc().eid().digits()},
                         {"notifications", std::move(rows)}});
  } else if (rows.empty()) {
    suggest(context, "no notification waits on this eUICC");
  } else {
    print_table(context, rows, fields(), [](const Json&) { return false; });
  }
  return 0;
}

int notification_show(const Context& context, std::uint64_t number) {
  auto& session = context.session();
  const auto document = pending_notification_json(app::notification(session, number));
  if (context.options.json != JsonStyle::none) {
    print_json(
        context,
        {{"version", 1}, {"eid", session.euicc().eid().digits()}, {"notification", document}});
  } else {
    print_record(context, document, show_fields());
  }
  return 0;
}

int notification_send(const Context& context, const SendNotificationOptions& options) {
  constexpr unsigned attempts = 3;
  auto& session = context.session();
  const auto& global = context.options;
  const auto deliveries =
      app::deliver(context.world, context.observer, session,
                   {global.trust(), global.test_profiles(), attempts}, options.number);
  const auto failed = std::ranges::find(deliveries, false, &app::Delivery::sent);
  if (global.json != JsonStyle::none) {
    print_json(context, {{"version", 1},
                         {"eid", session.eid().digits()},
                         {"notifications", deliveries_json(deliveries)}});
  } else if (deliveries.empty()) {
    suggest(context, "no notification waits to be sent");
  } else {
    print_table(context, deliveries_json(deliveries), delivery_fields(),
                [](const Json& row) { return !row.at("sent").get<bool>(); });
  }
  if (failed == deliveries.end()) return 0;
  throw base::Error(
      base::ErrorKind::network, "notification.not-sent",
      fmt::format("not every notification was sent; the first that waits is {} for {}",
                  failed->number, failed->address))
      .hint(failed->why_not)
      .hint("nothing is lost: the same command sends what waits");
}

int notification_remove(const Context& context, const RemoveNotificationOptions& options) {
  if (!options.force) {
    throw base::Error(
        base::ErrorKind::declined, "notification.unsent",
        fmt::format("notification {} would be removed unsent: it tells the operator what changed, "
                    "and nobody else will",
                    options.number))
        .hint("--force removes it all the same; then the operator does not learn of the change");
  }
  auto& session = context.session();
  app::remove_notification(session, options.number);
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1},
                         {"changed", true},
                         {"eid", session.euicc().eid().digits()},
                         {"number", options.number}});
    return 0;
  }
  say(context, fmt::format("removed notification {}", options.number));
  return 0;
}

}  // namespace cli
