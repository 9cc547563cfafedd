#include "app/notifications.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "app/store.hpp"
#include "base/error.hpp"
#include "lpa/outbox.hpp"
#include "lpa/refusal.hpp"
#include "store/journal.hpp"

namespace app {
namespace {

base::Error not_found(std::uint64_t number) {
  return base::Error(base::ErrorKind::not_found, "notification.not-found",
                     fmt::format("the card has no notification {}", number))
      .hint("`esimctl notification list` shows what is there");
}

}  // namespace

lpa::PendingNotification notification(Session& session, std::uint64_t number) {
  const auto found = session.euicc().retrieve_notifications(number);
  const auto match = std::ranges::find_if(
      found, [&](const auto& each) { return lpa::metadata(each).sequence_number == number; });
  if (match == found.end()) throw not_found(number);
  return *match;
}

Outbox outbox(const World& world, const lpa::Eid& eid) {
  Outbox found;
  std::error_code error;
  if (world.state_directory.empty() || !std::filesystem::exists(journal_file(world), error)) {
    return found;
  }
  auto journal = store::Journal::open_existing(world.state_directory);
  for (const auto& each : journal.unremoved()) {
    if (each.eid == eid) found.sent.insert(each.sequence_number);
  }
  found.unsent = static_cast<std::size_t>(
      std::ranges::count(journal.unsent(), eid, &lpa::OutboxNotification::eid));
  return found;
}

void remove_notification(const World& world, const Observer& observer, Session& session,
                         std::uint64_t number, bool force) {
  const bool sent = outbox(world, session.eid()).sent.contains(number);
  if (!sent && !force) {
    throw base::Error(base::ErrorKind::declined, "notification.unsent",
                      fmt::format("notification {} would be removed unsent: it tells the operator "
                                  "what changed, and nobody else will",
                                  number))
        .hint("`esimctl notification send` sends it first")
        .hint("--force removes it all the same, and keeps a copy that can be sent later");
  }
  if (!sent && !world.state_directory.empty()) {
    auto journal = store::Journal::open(world.state_directory, observer.note);
    if (!lpa::keep(journal, session.eid(), notification(session, number), world.clock.utc())) {
      throw base::Error(base::ErrorKind::failure, "store.conflict",
                        fmt::format("no copy of notification {} can be kept: an older one of that "
                                    "number was not sent yet",
                                    number))
          .hint("`esimctl notification send` sends that one first");
    }
  }
  const auto result = session.euicc().remove_notification(number);
  if (result == lpa::RemoveNotificationResult::nothing_to_delete) throw not_found(number);
  if (result != lpa::RemoveNotificationResult::ok) {
    throw lpa::refusal("notification.not-removed", fmt::format("remove notification {}", number),
                       "RemoveNotificationFromList", static_cast<std::uint32_t>(result));
  }
  if (sent) {
    store::Journal::open(world.state_directory, observer.note)
        .removed(session.eid(), number, world.clock.utc());
  }
}

}  // namespace app
