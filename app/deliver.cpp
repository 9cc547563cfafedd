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
#include "lpa/rsp_server.hpp"
#include "store/journal.hpp"

namespace app {
namespace {

using base::Error;

store::Journal open_journal(const World& world, const Observer& observer) {
  static_cast<void>(journal_file(world));
  return store::Journal::open(world.state_directory, observer.note);
}

/// Tells the servers, and writes down what they have.
std::vector<Delivery> send(const World& world, store::Journal& journal, const TellingTerms& terms,
                           std::vector<lpa::OutboxNotification> waiting) {
  std::vector<Delivery> all;
  tell_servers(world, terms, std::move(waiting),
               [&](const lpa::OutboxNotification& told, const std::string& why_not) {
                 if (why_not.empty()) {
                   journal.sent(told.eid, told.sequence_number, world.clock.utc());
                 }
                 all.push_back({.eid = told.eid,
                                .number = told.sequence_number,
                                .address = base::clean(told.address, 100),
                                .sent = why_not.empty(),
                                .removed = false,
                                .why_not = why_not,
                                .trust = lpa::to_string(terms.trust)});
               });
  std::ranges::sort(all, {}, &Delivery::number);
  return all;
}

/// What is unsent; of that number alone, if one is given, on this eUICC, if one is there.
std::vector<lpa::OutboxNotification> unsent(store::Journal& journal,
                                            std::optional<std::uint64_t> number,
                                            const std::optional<lpa::Eid>& eid) {
  auto waiting = journal.unsent();
  if (number) {
    std::erase_if(waiting, [&](const lpa::OutboxNotification& each) {
      return each.sequence_number != *number || (eid && each.eid != *eid);
    });
  }
  return waiting;
}

/// One run with a card: the card, the outbox, and what came of each notification.
class Deliverer {
 public:
  Deliverer(const World& world, const Observer& observer, Session& session, DeliveryOptions options)
      : world_(world),
        observer_(observer),
        session_(session),
        options_(std::move(options)),
        journal_(open_journal(world, observer)) {}

  store::Journal& journal() { return journal_; }

  /// One whose number the outbox needs for another yet stays on the card until that one is sent.
  void put(const lpa::PendingNotification& pending) {
    if (lpa::keep(journal_, session_.eid(), pending, world_.clock.utc())) return;
    observer_.note(
        fmt::format("notification {} of the card waits until an older one of that number is sent",
                    lpa::metadata(pending).sequence_number));
  }

  /// What the card has under that number is in the outbox, for all that is known.
  bool has(const Delivery& made) {
    const auto is = [&](const lpa::OutboxNotification& each) {
      return each.eid == made.eid && each.sequence_number == made.number;
    };
    return std::ranges::any_of(journal_.unsent(), is) ||
           std::ranges::any_of(journal_.unremoved(), is);
  }

  std::vector<Delivery> send(std::vector<lpa::OutboxNotification> waiting) {
    const auto info1 = session_.euicc().info1();
    const auto trust = server_trust(options_.trust, info1.value, options_.test_profiles);
    auto all = app::send(world_, journal_, {trust, info1.value.svn, options_.attempts},
                         std::move(waiting));
    const auto gone = take_off_the_card(journal_, world_, observer_, session_);
    for (auto& each : all) each.removed = each.eid == session_.eid() && gone.contains(each.number);
    return all;
  }

 private:
  const World& world_;
  const Observer& observer_;
  Session& session_;
  DeliveryOptions options_;
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

void copy_to_outbox(const World& world, const Observer& observer, Session& session) {
  Deliverer deliverer(world, observer, session, {});
  for (const auto& each : session.euicc().retrieve_notifications()) deliverer.put(each);
}

std::vector<Delivery> deliver(const World& world, const Observer& observer, Session& session,
                              const DeliveryOptions& options, std::optional<std::uint64_t> number) {
  Deliverer deliverer(world, observer, session, options);
  std::optional<lpa::NotificationSearch> search;
  if (number) search = *number;
  const auto pending = session.euicc().retrieve_notifications(search);
  for (const auto& each : pending) deliverer.put(each);
  auto waiting = unsent(deliverer.journal(), number, session.eid());
  if (number && waiting.empty() && pending.empty()) {
    throw Error(
        base::ErrorKind::not_found, "notification.not-found",
        fmt::format("neither the card nor the outbox has an unsent notification {}", *number))
        .hint("`esimctl notification list` shows what is there");
  }
  return deliverer.send(std::move(waiting));
}

std::vector<Delivery> deliver_outbox(const World& world, const Observer& observer,
                                     const DeliveryOptions& options,
                                     std::optional<std::uint64_t> number) {
  static_cast<void>(journal_file(world));
  if (!number && !store::Journal::something_waits(world.state_directory)) return {};
  auto journal = open_journal(world, observer);
  auto waiting = unsent(journal, number, {});
  if (number && waiting.empty()) {
    throw Error(base::ErrorKind::not_found, "notification.not-found",
                fmt::format("the outbox has no unsent notification {}", *number))
        .hint("without --outbox it is looked for on the card as well");
  }
  return send(
      world, journal,
      {server_trust(options.trust, options.test_profiles), lpa::spoken_version, options.attempts},
      std::move(waiting));
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
    std::erase_if(made, [&](const Delivery& each) { return deliverer.has(each); });
    std::vector<lpa::OutboxNotification> fresh;
    for (const auto& each : made) {
      for (const auto& pending : session.euicc().retrieve_notifications(each.number)) {
        deliverer.put(pending);
      }
      if (auto kept = deliverer.journal().find(each.eid, each.number))
        fresh.push_back(*std::move(kept));
    }
    return fresh.empty() ? std::vector<Delivery>() : deliverer.send(std::move(fresh));
  } catch (const std::exception& fault) {
    for (auto& each : made) each.why_not = fault.what();
    if (made.empty()) observer.note(fmt::format("the operators were not told: {}", fault.what()));
    return made;
  }
}

}  // namespace app
