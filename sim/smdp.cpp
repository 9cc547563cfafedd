#include "sim/smdp.hpp"

#include <array>
#include <utility>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"
#include "sim/metadata.hpp"
#include "sim/package.hpp"
#include "sim/profile_elements.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

constexpr tlv::Tag signature_tag = 0x5F37;
constexpr tlv::Tag one_time_key_tag = 0x5F49;

/// NotificationMetadata (SGP.22 annex H).
void read_metadata(const tlv::Element& metadata, Received& received) {
  constexpr std::array words{"install", "enable", "disable", "delete"};
  Fields fields(metadata);
  received.sequence = unsigned_integer(fields.need(0x80));
  const auto operation = bits(fields.need(0x81));
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((operation & (0x80U >> i)) != 0) received.kind = words.at(i);
  }
  static_cast<void>(fields.need(0x0C));
  if (auto iccid = fields.take(0x5A)) received.iccid = *std::move(iccid);
}

}  // namespace

Smdp::Smdp(SmdpSetup setup, Orders orders, Now now, OnChange on_change)
    : setup_(std::move(setup)),
      orders_(std::move(orders)),
      now_(std::move(now)),
      on_change_(std::move(on_change)),
      authentication_(setup_.curve, Role::dp_auth, setup_.address, setup_.registered_id),
      pb_(test_server(setup_.curve, Role::dp_pb, setup_.registered_id)) {}

InitiateAuthenticationOk Smdp::initiate_authentication(
    const base::Bytes& challenge, const std::string& address, const base::Bytes& info1,
    const std::optional<std::string>& address_told) {
  auto ok = authentication_.initiate(challenge, address, info1, address_told);
  sessions_.emplace(ok.transaction_id, Session{.challenge = ok.challenge});
  return ok;
}

Smdp::Session& Smdp::session(const base::Bytes& transaction_id) {
  const auto found = sessions_.find(transaction_id);
  if (found == sessions_.end() || found->second.installed) {
    fail("8.10.1", "3.9", "the transaction is unknown");
  }
  return found->second;
}

std::size_t Smdp::find_order(const std::string& matching_id, const std::string& eid) const {
  for (std::size_t i = 0; i < orders_.orders.size(); ++i) {
    const auto& order = orders_.orders[i];
    if (order.matching_id != matching_id) continue;
    if (matching_id.empty() && (order.eid != eid || order.state == OrderState::installed)) {
      continue;
    }
    return i;
  }
  fail("8.2.6", "3.8", "no order has this matching identifier");
}

/// SGP.22 5.6.3, in its order.
void Smdp::check_order(const Order& order, const std::string& eid, const std::string& imei) const {
  if (!order.eid.empty() && order.eid != eid) fail("8.1.1", "3.8", "another EID is expected");
  if (!order.imei.empty() && order.imei != imei) {
    fail("8.2.5", "4.3", "no profile for this device");
  }
  if (order.state == OrderState::allocated) fail("8.2", "1.2", "the profile is not released");
  if (order.state != OrderState::released && order.state != OrderState::downloaded) {
    fail("8.2.6", "3.8", "the order is closed");
  }
  if (order.expires != 0 && now_() >= order.expires) fail("8.8.5", "4.10", "the order expired");
  if (order.attempts >= order.most_attempts) {
    fail("8.8.5", "6.4", "the order was tried too often");
  }
}

Smdp::AuthenticateClientOk Smdp::authenticate_client(const base::Bytes& transaction_id,
                                                     const base::Bytes& response) {
  auto& current = session(transaction_id);
  const auto known = authentication_.finish(transaction_id, current.challenge, response);
  if (!known) {
    sessions_.erase(transaction_id);
    fail_not_accepted();
  }
  const auto& eid = known->certificate.subject().serial_number;
  const auto number = find_order(known->said.matching_id, eid);
  const auto& order = orders_.orders.at(number);
  check_order(order, eid, known->said.imei);
  if (order.check_memory && known->said.free_memory < order.size) {
    fail("8.1", "4.8", "the eUICC has not enough memory");
  }
  current.euicc = known->certificate;
  current.order = number;
  auto shown = order.profile;
  if (!order.preview_name.empty()) shown.name = order.preview_name;
  const bool code = !order.confirmation_code.empty();
  AuthenticateClientOk out;
  out.metadata = pack_metadata(shown);
  out.signed2 = element(
      0x30, join({element(0x80, transaction_id),
                  element(0x01, base::Bytes{static_cast<std::uint8_t>(code ? 0xFF : 0x00)})}));
  current.signature2 = element(
      signature_tag, pb_.key.sign(join({out.signed2, element(signature_tag, known->signature)})));
  out.signature2 = current.signature2;
  out.certificate = pb_.certificate.der();
  return out;
}

/// SHA-256 of the code's SHA-256 and the transaction (SGP.22 3.1.3.2).
void Smdp::check_code(Session& session, const base::Bytes& transaction_id,
                      const std::optional<base::Bytes>& hash) {
  const auto& order = orders_.orders.at(session.order);
  if (order.confirmation_code.empty()) return;
  if (!hash) fail("8.2.7", "2.2", "the confirmation code is missing");
  const auto& code = order.confirmation_code;
  const auto wanted = sha256(join({sha256(base::Bytes(code.begin(), code.end())), transaction_id}));
  if (*hash == wanted) return;
  change(session.order, [](Order& changed) {
    ++changed.code_attempts;
    if (changed.code_attempts >= changed.most_code_attempts) changed.state = OrderState::error;
  });
  if (orders_.orders.at(session.order).state == OrderState::error) {
    sessions_.erase(transaction_id);
    fail("8.2.7", "6.4", "too many wrong confirmation codes");
  }
  fail("8.2.7", "3.8", "the confirmation code is wrong");
}

base::Bytes Smdp::get_bound_profile_package(const base::Bytes& transaction_id,
                                            const base::Bytes& response) {
  auto& current = session(transaction_id);
  if (!current.euicc) fail("8.10.1", "3.9", "the eUICC is not authenticated");
  const auto euicc = *current.euicc;
  return reading([&]() -> base::Bytes {
    const auto ok = ok_of(response, 0xBF21);
    if (!ok) {
      sessions_.erase(transaction_id);
      fail("8.1", "4.2", "the eUICC did not prepare the download");
    }
    Fields fields(tlv::single(*ok));
    const SignedPart told(fields);
    fields.end();
    if (!euicc.key().verifies(join({told.octets, current.signature2}), told.signature)) {
      fail("8.1", "6.1", "the signature of the eUICC does not hold");
    }
    Fields said(tlv::single(told.octets));
    if (said.need(0x80) != transaction_id) fail("8.1", "6.1", "it is for another session");
    const auto point = said.need(one_time_key_tag);
    const auto hash = said.take(0x04);
    said.end();
    check_code(current, transaction_id, hash);
    const auto key = PublicKey::from_point(setup_.curve, point);
    if (!key) fail("8.1", "6.1", "the one-time key is no key");
    const auto& eid = euicc.subject().serial_number;
    const auto& order = orders_.orders.at(current.order);
    check_order(order, eid, order.imei);
    change(current.order, [&](Order& changed) {
      changed.state = OrderState::downloaded;
      changed.eid = eid;
      ++changed.attempts;
    });
    const auto& bound = orders_.orders.at(current.order);
    return bind_package(
        {transaction_id, base::from_hex(eid).value_or(base::Bytes{}), *key, pb_.key},
        {bound.profile, make_profile_elements(bound.profile.iccid, bound.size),
         bound.replace_keys});
  });
}

Received Smdp::handle_notification(const base::Bytes& pending) {
  try {
    const auto whole = tlv::single(pending);
    if (whole.tag == 0xBF37) return installation(pending);
    if (whole.tag == 0x30) return other(pending);
    return {};
  } catch (const tlv::Malformed&) {
    return {};
  }
}

/// ProfileInstallationResult: it closes the order, or gives it back when there are attempts left.
Received Smdp::installation(const base::Bytes& pending) {
  Fields fields(tlv::single(pending));
  const SignedPart told(fields);
  fields.end();
  Fields data(tlv::single(told.octets));
  const auto transaction_id = data.need(0x80);
  Received received;
  read_metadata(data.any(), received);
  received.kind = "installation";
  static_cast<void>(data.take(0x06));
  const auto result = data.need(0xA2);
  data.end();
  received.success = tlv::single(result).tag == 0xA0;
  const auto found = sessions_.find(transaction_id);
  if (found == sessions_.end()) return received;
  auto& current = found->second;
  const auto& euicc = current.euicc;
  if (!euicc || !euicc->key().verifies(told.octets, told.signature)) return received;
  received.valid = true;
  received.eid = euicc->subject().serial_number;
  if (current.installed) return received;  // told twice
  current.installed = true;
  change(current.order, [&](Order& order) {
    if (received.success) {
      order.state = OrderState::installed;
    } else {
      order.state = order.attempts < order.most_attempts ? OrderState::released : OrderState::error;
    }
  });
  return received;
}

/// OtherSignedNotification: it brings its own certificates.
Received Smdp::other(const base::Bytes& pending) const {
  Fields fields(tlv::single(pending));
  const SignedPart told(fields);
  const auto euicc = Certificate::read(fields.any().raw);
  const auto eum = Certificate::read(fields.any().raw);
  fields.end();
  Received received;
  read_metadata(tlv::single(told.octets), received);
  if (!euicc || !eum) return received;
  for (const auto curve : {Curve::nist, Curve::brainpool}) {
    if (is_euicc_chain(*euicc, *eum, test_ci(curve).certificate)) received.valid = true;
  }
  received.valid = received.valid && euicc->key().verifies(told.octets, told.signature);
  received.eid = euicc->subject().serial_number;
  return received;
}

void Smdp::cancel_session(const base::Bytes& transaction_id, const base::Bytes& response) {
  auto& current = session(transaction_id);
  if (!current.euicc) fail("8.10.1", "3.9", "the eUICC is not authenticated");
  reading([&] {
    const auto ok = ok_of(response, 0xBF41);
    if (!ok) fail("8.1", "4.2", "the eUICC did not cancel");
    Fields fields(tlv::single(*ok));
    const SignedPart told(fields);
    fields.end();
    if (!current.euicc->key().verifies(told.octets, told.signature)) {
      fail("8.1", "6.1", "the signature of the eUICC does not hold");
    }
    Fields said(tlv::single(told.octets));
    if (said.need(0x80) != transaction_id) fail("8.10.1", "3.9", "it is for another session");
    if (said.need(0x81) != authentication_.certificate().registered_id()) {
      fail("8.8", "3.10", "it is for another SM-DP+");
    }
    const auto reason = unsigned_integer(said.need(0x82));
    said.end();
    // postponed(1), timeout(2), loadBppExecutionError(5) and undefined leave the order as it is;
    // rejection(0), pprNotAllowed(3) and metadataMismatch(4) end it (SGP.22 3.1.3.1).
    if (reason == 0 || reason == 3 || reason == 4) {
      change(current.order, [](Order& order) { order.state = OrderState::cancelled; });
    }
  });
  sessions_.erase(transaction_id);
}

void Smdp::change(std::size_t order, const std::function<void(Order&)>& how) {
  auto after = orders_;
  how(after.orders.at(order));
  if (on_change_) on_change_(after);
  orders_ = std::move(after);
}

}  // namespace sim
