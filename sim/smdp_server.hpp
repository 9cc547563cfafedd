#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "sim/orders.hpp"
#include "sim/rsp_server.hpp"
#include "sim/smdp.hpp"

namespace sim {

/// How an SM-DP+ is put on the network.
struct SmdpServerOptions {
  std::string host{"127.0.0.1"};
  std::uint16_t port = 0;                              ///< 0: any that is free
  std::function<void(const std::string& line)> log{};  ///< a JSON object for each event
  Smdp::OnChange on_change{};
};

/// A simulated SM-DP+ behind HTTPS, from its construction to its destruction.
///
/// The TLS certificate is for the address of the setup, below the P-256 CI of the test PKI. Throws
/// base::Error (failure, "sim.smdp") when it cannot listen.
class SmdpServer {
 public:
  SmdpServer(const SmdpSetup& setup, Orders orders, SmdpServerOptions options);

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] Orders orders() const;

 private:
  mutable std::mutex mutex_;
  Smdp smdp_;
  RspServer server_;  // the last: it uses the others until it ends
};

}  // namespace sim
