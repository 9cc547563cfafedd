#include "sim/signed_notifications.hpp"

#include <functional>
#include <optional>

#include "sim/encode.hpp"
#include "sim/notifications.hpp"
#include "sim/pki.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

// SGP.22 annex H: notificationsListResultError.
constexpr std::uint8_t no_result_available = 1;
constexpr std::uint8_t undefined_error = 127;

using Wanted = std::function<bool(const Notification&)>;

/// The searchCriteria: A0 { 80 seqNumber | 81 profileManagementOperation }; nothing: all.
Wanted criteria(const tlv::Element& request) {
  Fields fields(request);
  const auto search = fields.take(0xA0);
  fields.end();
  if (!search) return [](const Notification&) { return true; };
  const auto one = tlv::single(*search);
  if (one.tag == 0x80) {
    return [sequence = unsigned_integer(one.value)](const Notification& notification) {
      return notification.sequence == sequence;
    };
  }
  if (one.tag != 0x81) throw tlv::Malformed("neither 80 nor 81");
  return [events = bits(one.value)](const Notification& notification) {
    return (mask(notification.operation) & events) != 0;
  };
}

/// OtherSignedNotification: the signature is over tbsOtherNotification, tag and length included.
base::Bytes signed_by(const Identity& identity, const Notification& notification) {
  const auto metadata = notification_metadata(notification);
  return element(0x30, join({metadata, element(0x5F37, identity.euicc.key.sign(metadata)),
                             identity.euicc.certificate.der(), identity.eum.der()}));
}

/// That of the first CI in the list for signing, which stands in the order of priority (SGP.22
/// 5.7.8), as these notifications belong to no session.
std::optional<Identity> first_identity(const State& state) {
  for (const auto& key_id : state.info.signing_keys) {
    if (auto found = identity(state, key_id)) return found;
  }
  return std::nullopt;
}

base::Bytes error(std::uint8_t reason) { return element(0xBF2B, element(0x81, integer(reason))); }

}  // namespace

base::Bytes retrieve_notifications(const State& state, const tlv::Element& request) {
  const auto wanted = criteria(request);
  std::optional<Identity> signer;
  base::Bytes list;
  for (const auto& notification : state.notifications) {
    if (!wanted(notification)) continue;
    if (notification.installation) {
      list = join({list, *notification.installation});
      continue;
    }
    if (!signer) signer = first_identity(state);
    if (!signer) return error(undefined_error);
    list = join({list, signed_by(*signer, notification)});
  }
  if (list.empty()) return error(no_result_available);
  return element(0xBF2B, element(0xA0, list));
}

}  // namespace sim
