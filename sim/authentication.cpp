#include "sim/authentication.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/encode.hpp"
#include "sim/euicc_info.hpp"
#include "sim/pki.hpp"
#include "sim/request.hpp"
#include "sim/revocation.hpp"

namespace sim {
namespace {

constexpr tlv::Tag signature_tag = 0x5F37;
constexpr tlv::Tag one_time_key_tag = 0x5F49;
constexpr std::size_t challenge_size = 16;

// SGP.22 annex H: AuthenticateErrorCode and DownloadErrorCode; the first four mean the same.
constexpr std::uint8_t invalid_certificate = 1;
constexpr std::uint8_t invalid_signature = 2;
constexpr std::uint8_t unsupported_curve = 3;
constexpr std::uint8_t no_session_context = 4;
constexpr std::uint8_t invalid_oid = 5;
constexpr std::uint8_t challenge_mismatch = 6;
constexpr std::uint8_t ci_unknown = 7;
constexpr std::uint8_t invalid_transaction_id = 5;
constexpr std::uint8_t undefined_error = 127;

base::Bytes copy(base::ByteView octets) { return {octets.begin(), octets.end()}; }

tlv::Element need_sequence(Fields& fields) {
  const auto sequence = fields.any();
  if (sequence.tag != 0x30) throw tlv::Malformed("30 is expected");
  return sequence;
}

base::Bytes need_sized(Fields& fields, tlv::Tag tag, std::size_t least, std::size_t most) {
  auto value = fields.need(tag);
  if (value.size() < least || value.size() > most) {
    throw tlv::Malformed(tlv::to_string(tag) + ": of this size");
  }
  return value;
}

base::Bytes need_transaction_id(Fields& fields) { return need_sized(fields, 0x80, 1, 16); }

/// An error ends the session (SGP.22 3.1.3).
Es10Answer refuse(tlv::Tag function, const base::Bytes& transaction_id, std::uint8_t reason) {
  Es10Answer answer{.data =
                        element(function, element(0xA1, join({element(0x80, transaction_id),
                                                              element(0x02, integer(reason))})))};
  answer.session.emplace();
  return answer;
}

bool revoked(const State& state, const Certificate& certificate) {
  return std::ranges::any_of(state.revocations, [&](const base::Bytes& der) {
    const auto list = RevocationList::read(der);
    return list && list->revokes(certificate);
  });
}

/// DeviceInfo (SGP.22 annex H): A1 { 80 tac, A1 { capabilities }, 82 imei }.
void check_device_info(const tlv::Element& info) {
  if (info.tag != 0xA1) throw tlv::Malformed("A1 is expected");
  Fields fields(info);
  need_sized(fields, 0x80, 4, 4);
  const auto capabilities = fields.any();
  if (capabilities.tag != 0xA1) throw tlv::Malformed("A1 is expected");
  Fields versions(capabilities);
  for (tlv::Tag tag = 0x80; tag <= 0x88; ++tag) {
    const auto version = versions.take(tag);
    if (version && version->size() != 3) throw tlv::Malformed("a version of this size");
  }
  if (const auto imei = fields.take(0x82); imei && imei->size() != 8) {
    throw tlv::Malformed("82: eight octets");
  }
}

/// CtxParamsForCommonAuthentication: A0 { 80 matchingId, A1 deviceInfo }.
void check_context(const tlv::Element& context) {
  if (context.tag != 0xA0) throw tlv::Malformed("A0 is expected");
  Fields fields(context);
  if (const auto matching_id = fields.take(0x80); matching_id && !utf8(*matching_id)) {
    throw tlv::Malformed("80: no UTF-8");
  }
  check_device_info(fields.any());
  fields.end();
}

struct ServerSigned {
  explicit ServerSigned(const tlv::Element& sequence) {
    Fields fields(sequence);
    transaction_id = need_transaction_id(fields);
    challenge = need_sized(fields, 0x81, challenge_size, challenge_size);
    const auto text = utf8(fields.need(0x83));
    if (!text) throw tlv::Malformed("83: no UTF-8");
    address = *text;
    server_challenge = need_sized(fields, 0x84, challenge_size, challenge_size);
    fields.end();
  }
  base::Bytes transaction_id;
  base::Bytes challenge;
  std::string address;
  base::Bytes server_challenge;
};

/// Why the certificate of a server is no good below `ci`; 0 when it is.
std::uint8_t server_fault(const State& state, const Certificate& certificate,
                          const Certificate& ci) {
  if (certificate.key().curve() != ci.key().curve()) return unsupported_curve;
  if (!certificate.issued_by(ci) || revoked(state, certificate)) return invalid_certificate;
  return 0;
}

/// EuiccSigned1.
base::Bytes answer_to(const State& state, const ServerSigned& server, const tlv::Element& context) {
  return element(
      0x30, join({element(0x80, server.transaction_id), element(0x83, server.address),
                  element(0x84, server.server_challenge), euicc_info2(state), copy(context.raw)}));
}

struct ServerSigned2 {
  explicit ServerSigned2(const tlv::Element& sequence) {
    Fields fields(sequence);
    transaction_id = need_transaction_id(fields);
    code_required = boolean(fields.need(0x01));
    one_time_key = fields.take(one_time_key_tag);
    fields.end();
  }
  base::Bytes transaction_id;
  bool code_required = false;
  std::optional<base::Bytes> one_time_key;
};

/// The key that the package is already bound to, when the card still has it (SGP.22 5.7.5).
PrivateKey one_time_key(const Session& session, const ServerSigned2& wanted, Curve curve) {
  if (wanted.one_time_key && session.unused_key && session.unused_key->curve() == curve &&
      session.unused_key->public_key().point() == *wanted.one_time_key) {
    return *session.unused_key;
  }
  return PrivateKey::generate(curve);
}

}  // namespace

Es10Answer get_challenge(const Session& session, const tlv::Element& request) {
  Fields(request).end();
  Session begun;
  begun.challenge = random_octets(challenge_size);
  begun.unused_key = session.unused_key;
  Es10Answer answer{.data = element(0xBF2E, element(0x80, begun.challenge))};
  answer.session = std::move(begun);
  return answer;
}

Es10Answer authenticate_server(const State& state, const Session& session,
                               const tlv::Element& request) {
  Fields fields(request);
  const auto signed_part = need_sequence(fields);
  const auto signature = need_sized(fields, signature_tag, signature_size, signature_size);
  const auto ci_key_id = fields.need(0x04);
  const auto certificate_part = need_sequence(fields);
  const auto context = fields.any();
  fields.end();
  check_context(context);
  const ServerSigned server(signed_part);
  const auto refused = [&](std::uint8_t reason) {
    return refuse(request.tag, server.transaction_id, reason);
  };
  if (const auto forced = state.download.authenticate_error) return refused(*forced);
  if (session.challenge.empty()) return refused(no_session_context);
  auto own = identity(state, ci_key_id);
  const auto listed = [&](const std::vector<base::Bytes>& keys) {
    return std::ranges::find(keys, ci_key_id) != keys.end();
  };
  if (!own || !listed(state.info.verification_keys) || !listed(state.info.signing_keys)) {
    return refused(ci_unknown);
  }
  const auto certificate = Certificate::read(certificate_part.raw);
  if (!certificate) return refused(invalid_certificate);
  if (const auto fault = server_fault(state, *certificate, own->ci); fault != 0) {
    return refused(fault);
  }
  const bool discovers = certificate->is_for(Role::ds_auth);
  if (!discovers && !certificate->is_for(Role::dp_auth)) return refused(invalid_oid);
  if (!certificate->key().verifies(signed_part.raw, signature)) return refused(invalid_signature);
  if (server.challenge != session.challenge) return refused(challenge_mismatch);

  const auto told = answer_to(state, server, context);
  const auto euicc_signature = element(signature_tag, own->euicc.key.sign(told));
  Es10Answer answer{.data = element(request.tag, element(0xA0, join({told, euicc_signature,
                                                                     own->euicc.certificate.der(),
                                                                     own->eum.der()})))};
  Session next;
  next.server = ServerSession{server.transaction_id,
                              *std::move(own),
                              server.address,
                              certificate->registered_id(),
                              discovers ? Role::ds_auth : Role::dp_auth,
                              euicc_signature};
  next.unused_key = session.unused_key;
  answer.session = std::move(next);
  return answer;
}

Es10Answer prepare_download(const State& state, const Session& session,
                            const tlv::Element& request) {
  Fields fields(request);
  const auto signed_part = need_sequence(fields);
  const auto signature = need_sized(fields, signature_tag, signature_size, signature_size);
  const auto code_hash = fields.take(0x04);
  const auto certificate_part = need_sequence(fields);
  fields.end();
  if (code_hash && code_hash->size() != 32) throw tlv::Malformed("04: 32 octets");
  const ServerSigned2 wanted(signed_part);
  const auto refused = [&](std::uint8_t reason) {
    return refuse(request.tag, wanted.transaction_id, reason);
  };
  if (const auto forced = state.download.prepare_error) return refused(*forced);
  if (!session.server || session.server->role != Role::dp_auth) return refused(no_session_context);
  const auto& server = *session.server;
  if (wanted.transaction_id != server.transaction_id) return refused(invalid_transaction_id);
  const auto certificate = Certificate::read(certificate_part.raw);
  if (!certificate) return refused(invalid_certificate);
  if (const auto fault = server_fault(state, *certificate, server.own.ci); fault != 0) {
    return refused(fault);
  }
  // Both certificates belong to one SM-DP+: SGP.22 5.7.5.
  if (!certificate->is_for(Role::dp_pb) || certificate->registered_id() != server.registered_id) {
    return refused(invalid_certificate);
  }
  if (!certificate->key().verifies(join({copy(signed_part.raw), server.euicc_signature}),
                                   signature)) {
    return refused(invalid_signature);
  }
  const auto hash = wanted.code_required ? code_hash : std::nullopt;
  if (wanted.code_required && !hash) return refused(undefined_error);

  auto key = one_time_key(session, wanted, certificate->key().curve());
  auto told = join(
      {element(0x80, server.transaction_id), element(one_time_key_tag, key.public_key().point())});
  if (hash) tlv::append(told, 0x04, *hash);
  told = element(0x30, told);
  const auto euicc_signature =
      server.own.euicc.key.sign(join({told, element(signature_tag, signature)}));
  Es10Answer answer{
      .data = element(request.tag,
                      element(0xA0, join({told, element(signature_tag, euicc_signature)})))};
  auto next = session;
  next.prepared = PreparedDownload{certificate->key(), certificate->registered_id(), key};
  next.unused_key = std::move(key);
  answer.session = std::move(next);
  return answer;
}

Es10Answer cancel_session(const State& state, const Session& session, const tlv::Element& request) {
  Fields fields(request);
  const auto transaction_id = need_transaction_id(fields);
  const auto reason = fields.need(0x81);
  fields.end();
  if (const auto number = unsigned_integer(reason); number > 5 && number != undefined_error) {
    throw tlv::Malformed("81: no reason");
  }
  const auto refused = [&](std::uint8_t number) {
    return Es10Answer{.data = element(request.tag, element(0x81, integer(number)))};
  };
  if (const auto forced = state.download.cancel_error) return refused(*forced);
  if (!session.server || session.server->transaction_id != transaction_id) {
    return refused(invalid_transaction_id);
  }
  const auto& own = session.server->own;
  const auto told =
      element(0x30, join({element(0x80, transaction_id),
                          element(0x81, session.server->registered_id), element(0x82, reason)}));
  Es10Answer answer{
      .data =
          element(request.tag,
                  element(0xA0, join({told, element(signature_tag, own.euicc.key.sign(told))})))};
  answer.session.emplace();
  answer.session->unused_key = session.unused_key;
  return answer;
}

}  // namespace sim
