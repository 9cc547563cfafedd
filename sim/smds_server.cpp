#include "sim/smds_server.hpp"

#include <utility>

#include "sim/es11.hpp"

namespace sim {
namespace {

RspServerOptions completed(RspServerOptions options, const Events& events) {
  options.faults = events.faults;
  options.code = "sim.smds";
  return options;
}

}  // namespace

SmdsServer::SmdsServer(const SmdsSetup& setup, const Events& events, RspServerOptions options)
    : smds_(setup, events),
      server_(test_server(Curve::nist, Role::ds_tls, setup.registered_id, {setup.address}),
              completed(std::move(options), events),
              [this](std::string_view function, std::string_view body,
                     const std::optional<ServerFault>& fault) {
                return run_es11(smds_, function, body, fault);
              }) {}

}  // namespace sim
