#pragma once

#include "sim/rsp_server.hpp"
#include "sim/smds.hpp"

namespace sim {

/// A simulated SM-DS behind HTTPS, from its construction to its destruction; as SmdpServer, with
/// the faults of `events` and the code "sim.smds".
class SmdsServer {
 public:
  SmdsServer(const SmdsSetup& setup, const Events& events, RspServerOptions options);

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  Smds smds_;
  RspServer server_;  // the last: it uses the other until it ends
};

}  // namespace sim
