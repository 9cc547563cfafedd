#include "app/deliver.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/servers.hpp"
#include "app/store.hpp"
#include "app/telling.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lpa/outbox.hpp"
#include "store/journal.hpp"

namespace app {
namespace {

using base::Error;

/// One run of deliver: the card, the outbox, and what came of each notification.
class Deliverer {
 public:
  Deliverer(const World& world, const Observer& observer, Session& session,
            const DeliveryOptions& options)
      : world_(world),
        observer_(observer),
        session_(session),
        options_(options),
        journal_((static_cast<void>(journal_file(world)),
                  store::Journal::open(world.state_directory, observer.note))) {}

  store::Journal& journal() { return journal_; }

  void put(const lpa::PendingNotification& pending) {
    lpa::keep(journal_, session_.eid(), pending, world_.clock.utc());
  }

  std::vector<Delivery> send(std::vector<lpa::OutboxNotification> waiting) {
    const auto info1 = session_.euicc().info1();
    const auto trust = server_trust(options_.trust, info1.value, options_.test_profiles);
    std::vector<Delivery> all;
    tell_servers(world_, {trust, info1.value.svn, options_.attempts}, std::move(waiting),
                 [&](const lpa::OutboxNotification& told, const std::string& why_not) {
                   if (why_not.empty()) {
                     journal_.sent(told.eid, told.sequence_number, world_.clock.utc());
                   }
                   all.push_back({.eid = told.eid,
                                  .number = told.sequence_number,
                                  .address = base::clean(told.address, 100),
                                  .sent = why_not.empty(),
                                  .removed = false,
                                  .why_not = why_not,
                                  .trust = lpa::to_string(trust)});
                 });
    std::ranges::sort(all, {}, &Delivery::number);
    const auto gone = take_off_the_card(journal_, world_, observer_, session_);
    for (auto& each : all) each.removed = each.eid == session_.eid() && gone.contains(each.number);
    return all;
  }

 private:
  const World& world_;
  const Observer& observer_;
  Session& session_;
  const DeliveryOptions& options_;
  store::Journal journal_;
};

}  // namespace

std::set<std::uint64_t> take_off_the_card(store::Journal& journal, const World& world,
                                          const Observer& observer, Session& session) {
  std::set<std::uint64_t> gone;
  for (const auto& each : journal.unremoved()) {
    const auto number = each.sequence_number;
    if (each.eid != session.eid()) continue;
    const auto result = session.euicc().remove_notification(number);
    if (result != lpa::RemoveNotificationResult::ok &&
        result != lpa::RemoveNotificationResult::nothing_to_delete) {
      observer.note(
          fmt::format("notification {} was sent, but the card does not remove it", number));
      continue;
    }
    journal.removed(each.eid, number, world.clock.utc());
    gone.insert(number);
  }
  return gone;
}

std::vector<Delivery> deliver(const World& world, const Observer& observer, Session& session,
                              const DeliveryOptions& options, std::optional<std::uint64_t> number) {
  Deliverer deliverer(world, observer, session, options);
  std::optional<lpa::NotificationSearch> search;
  if (number) search = *number;
  const auto pending = session.euicc().retrieve_notifications(search);
  for (const auto& each : pending) deliverer.put(each);
  auto waiting = deliverer.journal().unsent();
  if (number) {
    std::erase_if(waiting, [&](const lpa::OutboxNotification& each) {
      return each.eid != session.eid() || each.sequence_number != *number;
    });
    if (waiting.empty() && pending.empty()) {
      throw Error(
          base::ErrorKind::not_found, "notification.not-found",
          fmt::format("neither the card nor the outbox has an unsent notification {}", *number))
          .hint("`esimctl notification list` shows what is there");
    }
  }
  return deliverer.send(std::move(waiting));
}

std::vector<Delivery> deliver_new(const World& world, const Observer& observer, Session& session,
                                  const DeliveryOptions& options,
                                  std::span<const lpa::ProfileInfo> profiles,
                                  const lpa::BitString& events) noexcept {
  if (world.state_directory.empty()) return {};
  std::vector<Delivery> made;
  try {
    for (const auto& each : session.euicc().notifications(events)) {
      if (std::ranges::find(profiles, each.iccid, &lpa::ProfileInfo::iccid) == profiles.end())
        continue;
      made.push_back({.eid = session.eid(),
                      .number = each.sequence_number,
                      .address = base::clean(each.address, 100)});
    }
    if (made.empty()) return {};
    Deliverer deliverer(world, observer, session, options);
    auto& journal = deliverer.journal();
    std::erase_if(made, [&](const Delivery& each) {
      return journal.find(each.eid, each.number).has_value();
    });
    std::vector<lpa::OutboxNotification> fresh;
    for (const auto& each : made) {
      for (const auto& pending : session.euicc().retrieve_notifications(each.number)) {
        deliverer.put(pending);
      }
      if (auto kept = journal.find(each.eid, each.number)) fresh.push_back(*std::move(kept));
    }
    return fresh.empty() ? std::vector<Delivery>() : deliverer.send(std::move(fresh));
  } catch (const std::exception& fault) {
    for (auto& each : made) each.why_not = fault.what();
    if (made.empty()) observer.note(fmt::format("the operators were not told: {}", fault.what()));
    return made;
  }
}

}  // namespace app
