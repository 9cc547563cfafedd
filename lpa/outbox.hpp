#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/utc.hpp"
#include "lpa/es10b.hpp"
#include "lpa/journal.hpp"

/// Notifications on their way from a card to the outbox.
namespace lpa {

/// What a pending notification is about, and its octets as the card gave them.
const NotificationMetadata& metadata(const PendingNotification& notification);
const base::Bytes& octets(const PendingNotification& notification);

/// What the octets of one tell; empty when they are none.
std::optional<NotificationMetadata> read_pending_notification(base::ByteView octets);

/// The result of the installation with that transaction; null when it is not among them.
const tlv::Signed<InstallationResult>* find_result(
    std::span<const PendingNotification> notifications, const TransactionId& transaction_id);

/// Copies a notification to the outbox, unless one of the same event is there: some cards sign anew
/// each time that they are asked, and then the first one stays. One that comes of a session with
/// the server at `session_with` goes there, with the port that cards do not know.
///
/// False when the outbox needs the number for another one yet, which is unsent: that one the card
/// has no more, and this one stays on the card alone until it was sent. Throws as Journal::put.
[[nodiscard]] bool keep(Journal& journal, const Eid& eid, const PendingNotification& notification,
                        base::UtcTime at, const std::string& session_with = {});

}  // namespace lpa
