#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "sim/certificate.hpp"
#include "sim/keys.hpp"
#include "sim/mutual_authentication.hpp"
#include "sim/orders.hpp"
#include "sim/pki.hpp"
#include "sim/received.hpp"

namespace sim {

/// What one SM-DP+ is.
struct SmdpSetup {
  Curve curve = Curve::nist;
  std::string address = "localhost";
  std::string registered_id = "2.999.10";
};

/// An SM-DP+ behind ES9+ (SGP.22 5.6), in process: no HTTP, no JSON. All throw Es9Failure.
class Smdp {
 public:
  using OnChange = std::function<void(const Orders&)>;
  using Now = std::function<std::uint64_t()>;  ///< seconds since 1970

  Smdp(SmdpSetup setup, Orders orders, Now now, OnChange on_change = {});

  /// SGP.22 5.6.1. `address_told` replaces the server's address in what it signs.
  InitiateAuthenticationOk initiate_authentication(
      const base::Bytes& challenge, const std::string& address, const base::Bytes& info1,
      const std::optional<std::string>& address_told = std::nullopt);

  struct AuthenticateClientOk {
    base::Bytes metadata;
    base::Bytes signed2;
    base::Bytes signature2;
    base::Bytes certificate;
  };
  AuthenticateClientOk authenticate_client(const base::Bytes& transaction_id,
                                           const base::Bytes& response);  ///< SGP.22 5.6.3

  /// SGP.22 5.6.2; the BoundProfilePackage.
  base::Bytes get_bound_profile_package(const base::Bytes& transaction_id,
                                        const base::Bytes& response);

  Received handle_notification(const base::Bytes& pending);  ///< SGP.22 5.6.4
  void cancel_session(const base::Bytes& transaction_id,
                      const base::Bytes& response);  ///< SGP.22 5.6.5

  [[nodiscard]] const Orders& orders() const { return orders_; }

 private:
  struct Session {
    base::Bytes challenge;
    std::optional<Certificate> euicc{};
    std::size_t order = 0;
    base::Bytes signature2{};
    bool installed = false;  ///< over: only its notification is waited for
  };

  Session& session(const base::Bytes& transaction_id);
  void check_order(const Order& order, const std::string& eid, const std::string& imei) const;
  std::size_t find_order(const std::string& matching_id, const std::string& eid) const;
  void check_code(Session& session, const base::Bytes& transaction_id,
                  const std::optional<base::Bytes>& hash);
  Received installation(const base::Bytes& pending);
  Received other(const base::Bytes& pending) const;
  void change(std::size_t order, const std::function<void(Order&)>& how);

  SmdpSetup setup_;
  Orders orders_;
  Now now_;
  OnChange on_change_;
  MutualAuthentication authentication_;
  Party pb_;
  std::map<base::Bytes, Session> sessions_;
};

}  // namespace sim
