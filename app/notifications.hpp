#pragma once

#include <cstdint>
#include <vector>

#include "app/session.hpp"
#include "lpa/es10b.hpp"

namespace app {

/// The notification of that number, with what its server wants.
/// Throws Error `notification.not-found` (not_found), and as lpa::Euicc.
lpa::PendingNotification notification(Session& session, std::uint64_t number);

/// What a pending notification is about.
const lpa::NotificationMetadata& metadata(const lpa::PendingNotification& notification);

/// Takes the notification off the card; its server never hears of it then.
/// Throws Error `notification.not-found` (not_found), `notification.not-removed` (refused), and as
/// lpa::Euicc.
void remove_notification(Session& session, std::uint64_t number);

}  // namespace app
