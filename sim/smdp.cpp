#include "sim/smdp.hpp"

#include <algorithm>
#include <array>
#include <cctype>
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
constexpr std::size_t challenge_size = 16;

[[noreturn]] void fail(std::string subject, std::string reason, std::string message) {
  throw Es9Failure{std::move(subject), std::move(reason), std::move(message)};
}

base::Bytes copy(base::ByteView octets) { return {octets.begin(), octets.end()}; }

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char one) {
    return one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one;
  });
  return text;
}

/// Runs what reads octets; what is malformed is an error of the protocol's format.
template <class Read>
auto reading(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const tlv::Malformed& fault) {
    fail("1.3.1", "2.1", fault.what());
  }
}

/// The key identifiers of `list` (A9 or AA of EUICCInfo1).
bool lists(const base::Bytes& list, const base::Bytes& key_id) {
  tlv::Reader reader(list);
  while (const auto one = reader.next()) {
    if (one->tag == 0x04 && std::ranges::equal(one->value, key_id)) return true;
  }
  return false;
}

/// The fields of a CHOICE { ok [0] SEQUENCE, error [1] } within `tag`; empty for the error.
std::optional<base::Bytes> ok_of(const base::Bytes& response, tlv::Tag tag) {
  const auto whole = tlv::single(response);
  if (whole.tag != tag) throw tlv::Malformed(tlv::to_string(tag) + " is expected");
  const auto choice = tlv::single(whole.value);
  if (choice.tag == 0xA1 || choice.tag == 0x81) return std::nullopt;
  if (choice.tag != 0xA0) throw tlv::Malformed("A0 is expected");
  return copy(choice.raw);
}

/// A signed object and its signature, from the beginning of a sequence.
struct SignedPart {
  explicit SignedPart(Fields& fields) {
    const auto object = fields.any();
    octets = copy(object.raw);
    signature = fields.need(signature_tag);
  }
  base::Bytes octets;
  base::Bytes signature;
};

/// An IMEI: pairs of digits swapped, in the last octet the check digit and a filler (SGP.22 4.2).
std::string imei_digits(const base::Bytes& octets) {
  std::string digits;
  for (const auto octet : octets) {
    for (const auto nibble : {octet & 0x0FU, static_cast<unsigned>(octet >> 4U)}) {
      if (nibble <= 9) digits += static_cast<char>('0' + nibble);
    }
  }
  return digits;
}

/// EuiccSigned1 (SGP.22 annex H), what is of use here.
struct EuiccSigned1 {
  explicit EuiccSigned1(const base::Bytes& octets) {
    Fields fields(tlv::single(octets));
    transaction_id = fields.need(0x80);
    address = utf8(fields.need(0x83)).value_or("");
    server_challenge = fields.need(0x84);
    const auto info = fields.any();
    if (info.tag != 0xBF22) throw tlv::Malformed("BF22 is expected");
    Fields of_info(info);
    while (!of_info.empty()) {
      const auto field = of_info.any();
      if (field.tag != 0x84) continue;  // extCardResource: ETSI TS 102 226 8.2.1.7.2
      tlv::Reader resources(field.value);
      while (const auto one = resources.next()) {
        if (one->tag != 0x82) continue;
        for (const auto octet : one->value) free_memory = (free_memory << 8U) | octet;
      }
    }
    Fields context(fields.any());
    fields.end();
    if (const auto id = context.take(0x80)) matching_id = utf8(*id).value_or("");
    Fields device(context.any());
    context.end();
    static_cast<void>(device.need(0x80));
    static_cast<void>(device.any());
    if (const auto octets_of_imei = device.take(0x82)) imei = imei_digits(*octets_of_imei);
  }
  base::Bytes transaction_id;
  std::string address;
  base::Bytes server_challenge;
  std::uint64_t free_memory = 0;
  std::string matching_id;
  std::string imei;
};

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
      ci_(test_ci(setup_.curve)),
      auth_(test_server(setup_.curve, Role::dp_auth, setup_.registered_id)),
      pb_(test_server(setup_.curve, Role::dp_pb, setup_.registered_id)) {}

Smdp::InitiateAuthenticationOk Smdp::initiate_authentication(
    const base::Bytes& challenge, const std::string& address, const base::Bytes& info1,
    const std::optional<std::string>& address_told) {
  if (challenge.size() != challenge_size) fail("1.3.1", "2.1", "a challenge has 16 octets");
  // A port is no part of an FQDN, but without it nobody could practise beside a real server.
  const auto asked = lower(address);
  if (asked != setup_.address && !asked.starts_with(setup_.address + ":")) {
    fail("8.8.1", "3.8", "invalid SM-DP+ address");
  }
  const auto& key_id = ci_.certificate.key_id();
  reading([&] {
    const auto whole = tlv::single(info1);
    if (whole.tag != 0xBF20) throw tlv::Malformed("BF20 is expected");
    Fields fields(whole);
    const auto svn = fields.need(0x82);
    const auto verifies = fields.need(0xA9);
    const auto signs = fields.need(0xAA);
    if (svn.size() != 3 || svn[0] < 2) fail("8.8.3", "3.1", "unsupported SVN");
    if (!lists(verifies, key_id)) fail("8.8.4", "3.7", "no CERT.DPauth below a CI of the eUICC");
    if (!lists(signs, key_id)) fail("8.8.2", "3.1", "none of the CI keys is supported");
  });
  InitiateAuthenticationOk ok;
  ok.transaction_id = random_octets(16);
  Session begun;
  begun.challenge = random_octets(challenge_size);
  begun.address = asked;
  ok.signed1 = element(
      0x30, join({element(0x80, ok.transaction_id), element(0x81, challenge),
                  element(0x83, address_told.value_or(asked)), element(0x84, begun.challenge)}));
  ok.signature1 = element(signature_tag, auth_.key.sign(ok.signed1));
  ok.ci_key_id = element(0x04, key_id);
  ok.certificate = auth_.certificate.der();
  sessions_.emplace(ok.transaction_id, std::move(begun));
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
  return reading([&]() -> AuthenticateClientOk {
    const auto ok = ok_of(response, 0xBF38);
    if (!ok) {
      sessions_.erase(transaction_id);
      fail("8.1", "4.2", "the eUICC did not accept the server");
    }
    Fields fields(tlv::single(*ok));
    const SignedPart told(fields);
    const auto euicc = Certificate::read(fields.any().raw);
    const auto eum = Certificate::read(fields.any().raw);
    fields.end();
    if (!eum || !eum->is_for(Role::eum)) fail("8.1.2", "6.1", "no certificate of an EUM");
    if (eum->issuer_key_id() != ci_.certificate.key_id()) {
      fail("8.11.1", "3.9", "another CI than that of the session");
    }
    if (!eum->issued_by(ci_.certificate)) fail("8.1.2", "6.1", "the EUM certificate is forged");
    if (!euicc || !is_euicc_chain(*euicc, *eum, ci_.certificate)) {
      fail("8.1.3", "6.1", "the eUICC certificate does not hold");
    }
    if (!euicc->key().verifies(told.octets, told.signature)) {
      fail("8.1", "6.1", "the signature of the eUICC does not hold");
    }
    const EuiccSigned1 said(told.octets);
    if (said.transaction_id != transaction_id || said.server_challenge != current.challenge) {
      fail("8.1", "6.1", "the eUICC signed for another session");
    }
    const auto& eid = euicc->subject().serial_number;
    const auto number = find_order(said.matching_id, eid);
    const auto& order = orders_.orders.at(number);
    check_order(order, eid, said.imei);
    if (order.check_memory && said.free_memory < order.size) {
      fail("8.1", "4.8", "the eUICC has not enough memory");
    }
    current.euicc = euicc;
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
        signature_tag, pb_.key.sign(join({out.signed2, element(signature_tag, told.signature)})));
    out.signature2 = current.signature2;
    out.certificate = pb_.certificate.der();
    return out;
  });
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
    if (said.need(0x81) != auth_.certificate.registered_id()) {
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
