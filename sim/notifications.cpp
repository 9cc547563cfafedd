#include "sim/notifications.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/encode.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

/// Only one bit is set in the metadata of a notification: SGP.22 annex H.
base::Bytes operation(Event event) {
  std::vector<bool> bits(static_cast<std::size_t>(event) + 1, false);
  bits.back() = true;
  return named_bits(bits);
}

}  // namespace

std::uint8_t mask(Event event) {
  return static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>(event));
}

base::Bytes notification_metadata(const Notification& notification) {
  auto fields =
      join({element(0x80, integer(notification.sequence)),
            element(0x81, operation(notification.operation)), element(0x0C, notification.address)});
  if (!notification.iccid.empty()) tlv::append(fields, 0x5A, notification.iccid);
  return element(0xBF2F, fields);
}

State notified(State state, const Profile& profile, Event event) {
  for (const auto& configuration : profile.notifications) {
    const auto& events = configuration.events;
    if (std::ranges::find(events, event) == events.end()) continue;
    state.notifications.push_back(
        {state.next_sequence, event, configuration.address, profile.iccid, std::nullopt});
    ++state.next_sequence;
  }
  return state;
}

base::Bytes list_notifications(const State& state, const tlv::Element& request) {
  Fields fields(request);
  const auto filter = fields.take(0x81);
  fields.end();
  const std::uint8_t wanted = filter ? bits(*filter) : 0xFF;
  base::Bytes list;
  for (const auto& notification : state.notifications) {
    if ((mask(notification.operation) & wanted) == 0) continue;
    const auto one = notification_metadata(notification);
    list.insert(list.end(), one.begin(), one.end());
  }
  return element(0xBF28, element(0xA0, list));
}

}  // namespace sim
