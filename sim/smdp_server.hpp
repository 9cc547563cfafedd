#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/orders.hpp"
#include "sim/smdp.hpp"

namespace sim {

/// How an SM-DP+ is put on the network.
struct SmdpServerOptions {
  std::string host{"127.0.0.1"};
  std::uint16_t port = 0;                              ///< 0: any that is free
  std::function<void(const std::string& line)> log{};  ///< a JSON object for each event
  Smdp::OnChange on_change{};
};

/// A simulated SM-DP+ behind HTTPS (SGP.22 2.6.6, 6.2), from its construction to its destruction.
///
/// The TLS certificate is for the address of the setup, below the P-256 CI of the test PKI. Throws
/// base::Error (failure, "sim.smdp") when it cannot listen.
class SmdpServer {
 public:
  SmdpServer(const SmdpSetup& setup, Orders orders, SmdpServerOptions options);
  ~SmdpServer();
  SmdpServer(const SmdpServer&) = delete;
  SmdpServer& operator=(const SmdpServer&) = delete;
  SmdpServer(SmdpServer&&) = delete;
  SmdpServer& operator=(SmdpServer&&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] Orders orders() const;

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

/// The certificate of the CI that a client has to trust, as PEM (RFC 7468).
std::string smdp_ca_pem();

}  // namespace sim
