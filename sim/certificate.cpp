#include "sim/certificate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

constexpr std::uint8_t digital_signature = 0x80;  // the bits of KeyUsage: RFC 5280 4.2.1.3
constexpr std::uint8_t certificate_signing = 0x04;

/// SubjectPublicKeyInfo with a point on one of the two curves (RFC 5480 2).
PublicKey public_key(const tlv::Element& info) {
  Fields fields(info);
  Fields algorithm(fields.any());
  const auto bits = fields.need(0x03);
  fields.end();
  if (algorithm.need(0x06) != x509::object_identifier("1.2.840.10045.2.1")) {
    throw tlv::Malformed("no elliptic curve");
  }
  const auto curve = algorithm.need(0x06);
  algorithm.end();
  if (bits.empty() || bits[0] != 0) throw tlv::Malformed("03: unused bits");
  for (const auto known : {Curve::nist, Curve::brainpool}) {
    if (curve != curve_id(known)) continue;
    auto key = PublicKey::from_point(known, base::ByteView(bits).subspan(1));
    if (key) return *std::move(key);
  }
  throw tlv::Malformed("no point on a known curve");
}

base::Bytes unpack_key_id(base::ByteView value) {
  const auto octets = tlv::single(value);
  if (octets.tag != 0x04) throw tlv::Malformed("04 is expected");
  return {octets.value.begin(), octets.value.end()};
}

/// The only policy: CertificatePolicies (RFC 5280 4.2.1.4).
base::Bytes policy(base::ByteView value) {
  Fields policies(tlv::single(value));
  Fields information(policies.any());
  policies.end();
  return information.need(0x06);
}

base::Bytes registered_id(base::ByteView value) {
  Fields names(tlv::single(value));
  base::Bytes id;
  while (!names.empty()) {
    const auto name = names.any();
    if (name.tag == 0x88) id.assign(name.value.begin(), name.value.end());
  }
  return id;
}

/// permittedSubtrees with one directoryName (RFC 5280 4.2.1.10).
x509::Name permitted_name(base::ByteView value) {
  Fields constraints(tlv::single(value));
  const auto subtrees = constraints.any();
  constraints.end();
  if (subtrees.tag != 0xA0) throw tlv::Malformed("A0 is expected");
  const auto directory_name = tlv::single(tlv::single(subtrees.value).value);
  if (directory_name.tag != 0xA4) throw tlv::Malformed("A4 is expected");
  return x509::unpack_name(tlv::single(directory_name.value));
}

}  // namespace

base::Bytes role_id(Role role) {
  return x509::object_identifier("2.23.146.1.2.1." + std::to_string(static_cast<int>(role)));
}

std::optional<Certificate> Certificate::read(base::ByteView der) {
  try {
    return unpack(der);
  } catch (const tlv::Malformed&) {
    return std::nullopt;
  }
}

/// RFC 5280 4.1.
Certificate Certificate::unpack(base::ByteView der) {
  auto parts = x509::unpack_signed(der);
  Fields fields(tlv::single(parts.object));
  if (fields.need(0xA0) != base::Bytes{0x02, 0x01, 0x02}) throw tlv::Malformed("not version 3");
  auto serial = fields.need(0x02);
  if (!std::ranges::equal(fields.any().raw, x509::signature_algorithm())) {
    throw tlv::Malformed("two algorithms");
  }
  const auto issuer = fields.any();
  const auto validity = fields.any();
  const auto subject = fields.any();
  Certificate certificate(public_key(fields.any()));
  const auto extensions = fields.need(0xA3);
  fields.end();
  if (validity.tag != 0x30) throw tlv::Malformed("no validity");
  certificate.der_.assign(der.begin(), der.end());
  certificate.serial_ = std::move(serial);
  certificate.issuer_name_.assign(issuer.raw.begin(), issuer.raw.end());
  certificate.subject_name_.assign(subject.raw.begin(), subject.raw.end());
  certificate.subject_ = x509::unpack_name(subject);
  for (const auto& extension : x509::unpack_extensions(tlv::single(extensions))) {
    if (!certificate.read_extension(extension) && extension.critical) {
      throw tlv::Malformed("an unknown critical extension");
    }
  }
  certificate.signed_ = std::move(parts);
  return certificate;
}

/// False for one that is not known.
bool Certificate::read_extension(const x509::Extension& extension) {
  if (extension.id.size() != 3 ||
      !std::ranges::equal(base::ByteView(extension.id).first(2), std::array{0x55, 0x1D})) {
    return false;
  }
  const auto& value = extension.value;
  switch (extension.id[2]) {
    case x509::subject_key_id:
      key_id_ = unpack_key_id(value);
      return true;
    case x509::authority_key_id:
      issuer_key_id_ = x509::key_identifier(value);
      return true;
    case x509::key_usage:
      key_usage_ = bits(tlv::single(value).value);
      return extension.critical;
    case x509::basic_constraints:
      if (const auto flag = Fields(tlv::single(value)).take(0x01)) authority_ = boolean(*flag);
      return true;
    case x509::policies:
      policy_ = policy(value);
      return true;
    case x509::subject_alternative_name:
      registered_id_ = sim::registered_id(value);
      return true;
    case x509::name_constraints:
      permitted_ = permitted_name(value);
      return true;
    case x509::extended_key_usage:
    case x509::distribution_points:
      return true;
    default:
      return false;
  }
}

bool Certificate::is_for(Role role) const {
  const bool issues = role == Role::ci || role == Role::eum;
  const auto usage = issues ? certificate_signing : digital_signature;
  const bool has_parties = !key_id_.empty() && (role == Role::ci || !issuer_key_id_.empty());
  const bool has_name = role == Role::euicc || !registered_id_.empty();
  return policy_ == role_id(role) && (key_usage_ & usage) != 0 && authority_ == issues &&
         has_parties && has_name;
}

bool Certificate::issued_by(const Certificate& issuer) const {
  return issuer_key_id_ == issuer.key_id() && issuer_name_ == issuer.subject_name_ &&
         issuer.key().verifies(signed_.object, signed_.signature);
}

bool is_euicc_chain(const Certificate& euicc, const Certificate& eum, const Certificate& ci) {
  if (!euicc.is_for(Role::euicc) || !eum.is_for(Role::eum)) return false;
  if (!euicc.issued_by(eum) || !eum.issued_by(ci)) return false;
  const auto& permitted = eum.permitted();
  if (!permitted) return false;
  return euicc.subject().organisation == permitted->organisation &&
         euicc.subject().serial_number.starts_with(permitted->serial_number);
}

}  // namespace sim
