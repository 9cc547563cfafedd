#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "sim/card_answer.hpp"
#include "sim/certificate.hpp"
#include "sim/keys.hpp"
#include "sim/pki.hpp"

namespace sim {

/// How a server begins a session.
struct InitiateAuthenticationOk {
  base::Bytes transaction_id;
  base::Bytes signed1;
  base::Bytes signature1;
  base::Bytes ci_key_id;
  base::Bytes certificate;
  base::Bytes challenge;  ///< the server's own, within `signed1`
};

/// A card that has proved who it is.
struct KnownEuicc {
  Certificate certificate;
  EuiccSigned1 said;
  base::Bytes signature;  ///< over what it said
};

/// The server's side of the common mutual authentication (SGP.22 3.0.1), as an SM-DP+ does it
/// (5.6.1, 5.6.3; codes of 8.8) and an SM-DS (5.8.1, 5.8.2; codes of 8.9). Throws Es9Failure.
class MutualAuthentication {
 public:
  /// `role` is dp_auth or ds_auth; `address` the server's own name.
  MutualAuthentication(Curve curve, Role role, std::string address,
                       const std::string& registered_id);

  /// `address_told` replaces the server's address in what it signs.
  [[nodiscard]] InitiateAuthenticationOk initiate(
      const base::Bytes& challenge, const std::string& address, const base::Bytes& info1,
      const std::optional<std::string>& address_told) const;

  /// Looks at an AuthenticateServerResponse; empty when the card did not accept the server.
  [[nodiscard]] std::optional<KnownEuicc> finish(const base::Bytes& transaction_id,
                                                 const base::Bytes& challenge,
                                                 const base::Bytes& response) const;

  [[nodiscard]] const Certificate& certificate() const { return auth_.certificate; }

 private:
  std::string address_;
  std::string subject_;  ///< of its codes: "8.8" or "8.9"
  Certificate ci_;
  Party auth_;
};

/// The failure when `finish` is empty.
[[noreturn]] void fail_not_accepted();

}  // namespace sim
