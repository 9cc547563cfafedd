#include "sim/smdp_server.hpp"

#include <chrono>
#include <utility>

#include "sim/es9.hpp"

namespace sim {
namespace {

std::uint64_t seconds_now() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

}  // namespace

SmdpServer::SmdpServer(const SmdpSetup& setup, Orders orders, SmdpServerOptions options)
    : smdp_(setup, orders, seconds_now, std::move(options.on_change)),
      server_(test_server(Curve::nist, Role::dp_tls, setup.registered_id, {setup.address}),
              {.host = std::move(options.host),
               .port = options.port,
               .log = std::move(options.log),
               .faults = std::move(orders.faults),
               .code = "sim.smdp"},
              [this](std::string_view function, std::string_view body,
                     const std::optional<ServerFault>& fault) {
                const std::lock_guard lock(mutex_);
                return run_es9(smdp_, function, body, fault);
              }) {}

Orders SmdpServer::orders() const {
  const std::lock_guard lock(mutex_);
  return smdp_.orders();
}

}  // namespace sim
