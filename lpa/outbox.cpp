#include "lpa/outbox.hpp"

#include <variant>
#include <vector>

#include "base/error.hpp"
#include "lpa/es10_schema.hpp"
#include "lpa/rsp_server.hpp"
#include "lpa/server_messages.hpp"

namespace lpa {

const NotificationMetadata& metadata(const PendingNotification& notification) {
  if (const auto* installed = std::get_if<tlv::Signed<InstallationResult>>(&notification)) {
    return installed->value.data.metadata;
  }
  return std::get<tlv::Signed<OtherNotification>>(notification).value.metadata;
}

const base::Bytes& octets(const PendingNotification& notification) {
  return std::visit([](const auto& each) -> const base::Bytes& { return each.raw; }, notification);
}

std::optional<NotificationMetadata> read_pending_notification(base::ByteView octets) {
  // As the card answers with a list of one.
  base::Bytes list;
  base::Bytes answer;
  tlv::append(list, 0xA0, octets);
  tlv::append(answer, 0xBF2B, list);
  try {
    const auto read = tlv::decode<RetrieveNotificationsResponse>(answer);
    const auto* const all = std::get_if<std::vector<PendingNotification>>(&read);
    if (all == nullptr || all->size() != 1) return std::nullopt;
    return metadata(all->front());
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
}

const tlv::Signed<InstallationResult>* find_result(
    std::span<const PendingNotification> notifications, const TransactionId& transaction_id) {
  for (const auto& each : notifications) {
    const auto* const result = std::get_if<tlv::Signed<InstallationResult>>(&each);
    if (result != nullptr && result->value.data.transaction_id == transaction_id) return result;
  }
  return nullptr;
}

bool keep(Journal& journal, const Eid& eid, const PendingNotification& notification,
          base::UtcTime at, const std::string& session_with) {
  const auto& about = metadata(notification);
  const auto& raw = octets(notification);
  const auto known = journal.find(eid, about.sequence_number);
  if (known && same_event(known->pending_notification, raw)) return true;
  const auto host = session_with.substr(0, session_with.find(':'));
  try {
    journal.put({.eid = eid,
                 .sequence_number = about.sequence_number,
                 .address = server_of(about.address) == host ? session_with : about.address,
                 .pending_notification = raw,
                 .put_at = at});
    return true;
  } catch (const base::Error& error) {
    if (error.code() != "store.conflict") throw;
    journal.removed(eid, about.sequence_number, at);
    return false;
  }
}

}  // namespace lpa
