#include "app/notifications.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "lpa/refusal.hpp"

namespace app {
namespace {

base::Error not_found(std::uint64_t number) {
  return base::Error(base::ErrorKind::not_found, "notification.not-found",
                     fmt::format("the card has no notification {}", number))
      .hint("`esimctl notification list` shows what is there");
}

}  // namespace

const lpa::NotificationMetadata& metadata(const lpa::PendingNotification& notification) {
  if (const auto* installed = std::get_if<tlv::Signed<lpa::InstallationResult>>(&notification)) {
    return installed->value.data.metadata;
  }
  return std::get<tlv::Signed<lpa::OtherNotification>>(notification).value.metadata;
}

lpa::PendingNotification notification(Session& session, std::uint64_t number) {
  const auto found = session.euicc().retrieve_notifications(number);
  const auto match = std::ranges::find_if(
      found, [&](const auto& each) { return metadata(each).sequence_number == number; });
  if (match == found.end()) throw not_found(number);
  return *match;
}

void remove_notification(Session& session, std::uint64_t number) {
  const auto result = session.euicc().remove_notification(number);
  if (result == lpa::RemoveNotificationResult::nothing_to_delete) throw not_found(number);
  if (result != lpa::RemoveNotificationResult::ok) {
    throw lpa::refusal("notification.not-removed", fmt::format("remove notification {}", number),
                       "RemoveNotificationFromList", static_cast<std::uint32_t>(result));
  }
}

}  // namespace app
