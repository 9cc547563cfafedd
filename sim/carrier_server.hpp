#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "sim/carrier.hpp"
#include "sim/carrier_state.hpp"
#include "sim/https_listener.hpp"

namespace sim {

/// How a carrier is put on the network.
struct CarrierServerOptions {
  std::string host{"127.0.0.1"};
  std::uint16_t port = 0;                              ///< 0: any that is free
  std::string address{"localhost"};                    ///< in the certificate
  std::function<void(const std::string& line)> log{};  ///< a JSON object for each event
  std::function<void(const CarrierState&)> on_change{};
  /// Asked before each request: another state, when somebody changed it.
  std::function<std::optional<CarrierState>()> changed{};
};

/// A simulated carrier behind HTTPS, from its construction to its destruction.
///
/// The TLS certificate is below the P-256 CI of the test PKI. Throws base::Error: failure,
/// "sim.carrier", when it cannot listen; usage, "sim.provider", when the state names no provider.
class CarrierServer {
 public:
  CarrierServer(CarrierState state, CarrierServerOptions options);

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  [[nodiscard]] CarrierState state() const;
  /// Changes the state between two requests.
  void change(const std::function<void(CarrierState&)>& change);

 private:
  HttpAnswer serve(const HttpRequest& request);

  mutable std::mutex mutex_;
  CarrierServerOptions options_;
  CarrierState state_;
  const CarrierApi& api_;
  HttpsListener listener_;  // the last: it uses the others until it ends
};

}  // namespace sim
