#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "sim/certificate.hpp"
#include "sim/keys.hpp"
#include "sim/loading.hpp"
#include "sim/pki.hpp"

namespace sim {

/// The server that AuthenticateServer found to be one (SGP.22 5.7.13).
struct ServerSession {
  base::Bytes transaction_id;
  Identity own;  ///< below the CI that the server chose
  std::string address;
  base::Bytes registered_id;  ///< in CERT.XXauth: contents of the OBJECT IDENTIFIER
  Role role = Role::dp_auth;
  base::Bytes euicc_signature;  ///< euiccSignature1 with tag and length
};

/// What PrepareDownload agreed on (SGP.22 5.7.5).
struct PreparedDownload {
  PublicKey server_key;       ///< of CERT.DPpb
  base::Bytes registered_id;  ///< in CERT.DPpb
  PrivateKey one_time_key;    ///< otSK.EUICC.ECKA
};

/// What a card knows of an RSP session (SGP.22 3.1.3); a reset takes it away.
struct Session {
  base::Bytes challenge;  ///< 16 octets, used once; empty when there is none
  std::optional<ServerSession> server;
  std::optional<PreparedDownload> prepared;
  std::optional<Loading> loading;
  std::optional<PrivateKey> unused_key;  ///< a one-time key that no package was loaded with
};

}  // namespace sim
