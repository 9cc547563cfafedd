#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "sim/events.hpp"
#include "sim/keys.hpp"
#include "sim/mutual_authentication.hpp"

namespace sim {

/// What one SM-DS is.
struct SmdsSetup {
  Curve curve = Curve::nist;
  std::string address = "localhost";
  std::string registered_id = "2.999.20";
};

/// An SM-DS behind ES11 (SGP.22 5.8), in process: no HTTP, no JSON. All throw Es9Failure.
class Smds {
 public:
  Smds(const SmdsSetup& setup, Events events);

  /// SGP.22 5.8.1. `address_told` replaces the server's address in what it signs.
  InitiateAuthenticationOk initiate_authentication(
      const base::Bytes& challenge, const std::string& address, const base::Bytes& info1,
      const std::optional<std::string>& address_told = std::nullopt);

  /// SGP.22 5.8.2; the card's events, or the one that its matching identifier names. It is the end
  /// of the session.
  std::vector<EventRecord> authenticate_client(const base::Bytes& transaction_id,
                                               const base::Bytes& response);

 private:
  Events events_;
  MutualAuthentication authentication_;
  std::map<base::Bytes, base::Bytes> challenges_;  ///< by transaction
};

}  // namespace sim
