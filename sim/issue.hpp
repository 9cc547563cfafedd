#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "sim/certificate.hpp"
#include "sim/keys.hpp"
#include "sim/x509.hpp"

/// Makes certificates (SGP.22 4.5.2.1) and revocation lists (RFC 5280 section 5).
namespace sim {

/// What stands in a certificate besides the key.
struct CertificateFields {
  Role role = Role::ci;
  base::Bytes serial{0x01};  ///< contents of an INTEGER
  x509::Name issuer;
  x509::Name subject;
  std::string registered_id;              ///< in subjectAltName, "2.999.10"; may be empty
  std::vector<std::string> dns_names;     ///< likewise, of a TLS certificate
  std::optional<x509::Name> permitted{};  ///< nameConstraints of an EUM
};

Certificate make_certificate(const CertificateFields& fields, const PublicKey& key,
                             const PrivateKey& issuer_key);

/// A list without an end; `serials` are contents of INTEGERs.
base::Bytes make_revocation_list(const x509::Name& issuer, const PrivateKey& issuer_key,
                                 const std::vector<base::Bytes>& serials);

}  // namespace sim
