#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "lpa/es10b.hpp"
#include "lpa/trust.hpp"

/// The certificates that a server and a card show each other (SGP.22 v2.5 4.5.2.1), looked at by
/// the LPA between them. A certificate is DER of at most 16 KiB with nothing behind it.
namespace lpa {

/// What a certificate of a server is for: the roles below id-rspRole, 2.23.146.1.2.1 (SGP.22 v2.5
/// annex H).
enum class ServerRole : std::uint8_t {
  authentication = 4,  ///< CERT.DPauth
  binding = 5,         ///< CERT.DPpb
  discovery = 7        ///< CERT.DSauth
};

struct ServerCertificateCheck {
  ServerRole role = ServerRole::authentication;
  std::optional<std::string> oid;  ///< dotted; the activation code's, of which the server must be
  KeyId issuer_key_id;             ///< euiccCiPKIdToBeUsed, without tag and length
  std::chrono::sys_seconds now;
  const Trust& trust;  ///< borrowed
};

/// Whether the issuer made the certificate (SGP.22 v2.5 4.5.2.2). False when his key is not known
/// here, so that only the card can tell: no key in lpa/issuers.hpp, one of SGP.26 without test
/// mode, or no certificate with that key identifier in the file of a FileTrust.
///
/// Throws Error `smdp.certificate` (refused), which says what is wrong with it: it cannot be read,
/// is for another role or server, names or has another issuer, or has expired; `trust.file` as
/// http_trust.
bool check_server_certificate(base::ByteView der, const ServerCertificateCheck& check);

/// Whether `signature`, r and s of 32 octets each (BSI TR-03111 5.2.1), by the certificate's key
/// holds over `message`: ECDSA with SHA-256, P-256 or brainpoolP256r1.
bool signed_by(base::ByteView certificate_der, base::ByteView message, base::ByteView signature);

/// The first registeredID in subjectAltName, dotted: the object identifier of a server.
std::optional<std::string> registered_id(base::ByteView der);

/// The card's certificate in its AuthenticateServerResponse (SGP.22 v2.5 5.7.13), as it came; empty
/// when it is not there.
std::optional<base::Bytes> euicc_certificate(base::ByteView authenticate_response);

/// Whether the card's signature in its ProfileInstallationResult (SGP.22 v2.5 2.5.6) holds.
bool installation_signed_by(base::ByteView certificate_der, base::ByteView installation_result);

}  // namespace lpa
