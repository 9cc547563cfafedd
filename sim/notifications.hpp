#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"
#include "sim/state.hpp"

namespace sim {

/// The state after `event` happened to `profile`: one notification for each address that is
/// configured for the event (SGP.22 3.5).
State notified(State state, const Profile& profile, Event event);

/// The bit of `event` in the first octet of a NotificationEvent (SGP.22 annex H).
std::uint8_t mask(Event event);

/// NotificationMetadata, BF2F (SGP.22 annex H).
base::Bytes notification_metadata(const Notification& notification);

/// The answer to ES10b.ListNotification, BF28 (SGP.22 5.7.9).
base::Bytes list_notifications(const State& state, const tlv::Element& request);

}  // namespace sim
