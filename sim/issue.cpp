#include "sim/issue.hpp"

#include <string_view>
#include <utility>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"

namespace sim {
namespace {

using x509::extension_id;
using x509::object_identifier;

constexpr tlv::Tag sequence = 0x30;
constexpr tlv::Tag utc_time = 0x17;

constexpr std::string_view beginning = "200101000000Z";
constexpr std::string_view end = "491231235959Z";  // as late as UTCTime goes: RFC 5280 4.1.2.5.1

/// Where a CI publishes whom it revoked; nobody asks there.
constexpr std::string_view crl_address = "http://ci.example/simulated.crl";

base::Bytes oid(std::string_view dotted) { return element(0x06, object_identifier(dotted)); }

base::Bytes key_info(const PublicKey& key) {
  const base::Bytes no_unused_bits{0x00};
  return element(sequence, join({element(sequence, join({oid("1.2.840.10045.2.1"),
                                                         element(0x06, curve_id(key.curve()))})),
                                 element(0x03, join({no_unused_bits, key.point()}))}));
}

/// digitalSignature, keyCertSign and cRLSign are bits 0, 5 and 6 (RFC 5280 4.2.1.3).
base::Bytes usage(Role role) {
  const bool ci = role == Role::ci;
  const bool issues = ci || role == Role::eum;
  return element(0x03, named_bits({!issues, false, false, false, false, issues, ci}));
}

base::Bytes constraints(Role role) {
  auto fields = element(0x01, base::Bytes{0xFF});
  if (role == Role::eum) fields = join({fields, element(0x02, integer(0))});
  return element(sequence, fields);
}

base::Bytes alternative_names(const CertificateFields& fields) {
  base::Bytes names;
  for (const auto& name : fields.dns_names) names = join({names, element(0x82, name)});
  if (!fields.registered_id.empty()) {
    names = join({names, element(0x88, object_identifier(fields.registered_id))});
  }
  return element(sequence, names);
}

std::vector<x509::Extension> extensions(const CertificateFields& fields, const PublicKey& key,
                                        const base::Bytes& issuer_key_id) {
  const auto role = fields.role;
  std::vector<x509::Extension> list;
  const auto add = [&](std::uint8_t number, bool critical, base::Bytes value) {
    list.push_back({extension_id(number), critical, std::move(value)});
  };
  if (role != Role::ci) {
    add(x509::authority_key_id, false, element(sequence, element(0x80, issuer_key_id)));
  }
  add(x509::subject_key_id, false, element(0x04, key.key_id()));
  add(x509::key_usage, true, usage(role));
  add(x509::policies, true, element(sequence, element(sequence, element(0x06, role_id(role)))));
  if (!fields.registered_id.empty() || !fields.dns_names.empty()) {
    add(x509::subject_alternative_name, false, alternative_names(fields));
  }
  if (role == Role::ci || role == Role::eum) {
    add(x509::basic_constraints, true, constraints(role));
  }
  if (role == Role::dp_tls || role == Role::ds_tls) {
    add(x509::extended_key_usage, true,
        element(sequence, join({oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2")})));
  }
  if (fields.permitted) {
    const auto subtree = element(sequence, element(0xA4, pack(*fields.permitted)));
    add(x509::name_constraints, true, element(sequence, element(0xA0, subtree)));
  }
  if (role != Role::euicc) {
    const auto point = element(0xA0, element(0xA0, element(0x86, crl_address)));
    add(x509::distribution_points, false, element(sequence, element(sequence, point)));
  }
  return list;
}

/// An eUICC's certificate has no end (SGP.22 4.5.2.1.0.3, RFC 5280 4.1.2.5).
base::Bytes validity(Role role) {
  return element(sequence, join({element(utc_time, beginning),
                                 role == Role::euicc ? element(0x18, "99991231235959Z")
                                                     : element(utc_time, end)}));
}

}  // namespace

Certificate make_certificate(const CertificateFields& fields, const PublicKey& key,
                             const PrivateKey& issuer_key) {
  const auto issuer_key_id = issuer_key.public_key().key_id();
  const auto object = element(
      sequence, join({element(0xA0, element(0x02, integer(2))), element(0x02, fields.serial),
                      x509::signature_algorithm(), pack(fields.issuer), validity(fields.role),
                      pack(fields.subject), key_info(key),
                      element(0xA3, x509::pack(extensions(fields, key, issuer_key_id)))}));
  auto made = Certificate::read(x509::sign(object, issuer_key));
  if (!made) throw tlv::Malformed("these fields make no certificate");
  return *std::move(made);
}

base::Bytes make_revocation_list(const x509::Name& issuer, const PrivateKey& issuer_key,
                                 const std::vector<base::Bytes>& serials) {
  base::Bytes entries;
  for (const auto& serial : serials) {
    entries = join(
        {entries, element(sequence, join({element(0x02, serial), element(utc_time, beginning)}))});
  }
  const auto authority = element(sequence, element(0x80, issuer_key.public_key().key_id()));
  const std::vector<x509::Extension> extensions{
      {extension_id(x509::authority_key_id), false, authority},
      {extension_id(x509::crl_number), false, element(0x02, integer(1))}};
  return x509::sign(
      element(sequence, join({element(0x02, integer(1)), x509::signature_algorithm(), pack(issuer),
                              element(utc_time, beginning), element(utc_time, end),
                              entries.empty() ? base::Bytes{} : element(sequence, entries),
                              element(0xA0, x509::pack(extensions))})),
      issuer_key);
}

}  // namespace sim
