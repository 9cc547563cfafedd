#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/deliver.hpp"
#include "app/notifications.hpp"
#include "app/outbox_file.hpp"
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
          {"address", "ADDRESS", {}},
          {"sent", "OPERATOR KNOWS", {}}};
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

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

constexpr auto without_card = "with --outbox no card is needed: what is kept on this host alone";

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
  const auto outbox = app::outbox(context.world, session.eid());
  for (const auto& each : session.euicc().notifications(events)) {
    rows.push_back(notification_json(each));
    rows.back()["sent"] = outbox.sent.contains(each.sequence_number);
  }
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
  const auto& global = context.options;
  const app::DeliveryOptions terms{global.trust(), global.test_profiles(), attempts};
  const auto deliveries =
      options.outbox ? app::deliver_outbox(context.world, context.observer, terms, options.number)
                     : app::deliver(context.world, context.observer,
                                    context.session_or(without_card), terms, options.number);
  const auto failed = std::ranges::find(deliveries, false, &app::Delivery::sent);
  if (global.json != JsonStyle::none) {
    print_json(context, {{"version", 1},
                         {"eid", options.outbox ? Json() : Json(context.session().eid().digits())},
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

int notification_export(const Context& context, const OutboxFileOptions& options) {
  if (!options.outbox)
    app::copy_to_outbox(context.world, context.observer, context.session_or(without_card));
  const auto exported = app::export_outbox(context.world, context.observer);
  if (options.file == "-") {
    context.terminal.out << exported.json;
    return 0;
  }
  app::write_outbox(exported, options.file);
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1},
                         {"file", base::clean(options.file)},
                         {"notifications", exported.notifications}});
    return 0;
  }
  say(context, fmt::format("{} in “{}” now, for you alone to read",
                           counted(exported.notifications, "notification is", "notifications are"),
                           base::clean(options.file)));
  suggest(context,
          "on a host that is online: `esimctl notification import FILE`, then "
          "`esimctl notification send --outbox`");
  return 0;
}

int notification_import(const Context& context, const OutboxFileOptions& options) {
  const auto text = app::read_outbox(options.file, context.terminal.in);
  const auto made = app::import_outbox(context.world, context.observer, text);
  if (context.options.json != JsonStyle::none) {
    print_json(context, {{"version", 1},
                         {"changed", made.added + made.sent > 0},
                         {"added", made.added},
                         {"known", made.known},
                         {"sent", made.sent}});
    return 0;
  }
  say(context,
      fmt::format("{} to the outbox, {} there before",
                  counted(made.added, "notification was added", "notifications were added"),
                  counted(made.known, "was", "were")));
  if (made.sent > 0) {
    suggest(context,
            fmt::format("{} sent elsewhere; `esimctl notification send` takes what was sent off "
                        "its card",
                        counted(made.sent, "of them was", "of them were")));
  }
  if (made.added > made.sent)
    suggest(context, "`esimctl notification send --outbox` sends what waits, without a card");
  return 0;
}

int notification_remove(const Context& context, const RemoveNotificationOptions& options) {
  auto& session = context.session();
  app::remove_notification(context.world, context.observer, session, options.number, options.force);
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
