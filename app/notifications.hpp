#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "app/session.hpp"
#include "lpa/es10b.hpp"

namespace app {

/// The notification of that number, with what its server wants.
/// Throws Error `notification.not-found` (not_found), and as lpa::Euicc.
lpa::PendingNotification notification(Session& session, std::uint64_t number);

/// What is kept of the notifications of a card between runs.
struct Outbox {
  std::set<std::uint64_t> sent;  ///< those that their servers have, and the card has as well
  std::size_t unsent = 0;        ///< of this card
};

/// Nothing where no journal is. Throws as store::Journal.
Outbox outbox(const World& world, const lpa::Eid& eid);

/// Takes a notification off the card: one that its server has, or any with `force`, of which a copy
/// goes to the outbox first, where there is one, for its server to hear of it later.
/// Throws Error `notification.unsent` (declined), `notification.not-found` (not_found),
/// `notification.not-removed` (refused), and as lpa::Euicc and store::Journal.
void remove_notification(const World& world, const Observer& observer, Session& session,
                         std::uint64_t number, bool force);

}  // namespace app
