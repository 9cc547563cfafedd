#include "sim/es11.hpp"

#include <vector>

namespace sim {
namespace {

Es9Answer authenticate_client(Smds& smds, const Es9Request& request,
                              const std::optional<ServerFault>& fault) {
  const auto transaction_id = request.transaction_id();
  std::vector<JsonObject> entries;
  for (const auto& each :
       smds.authenticate_client(transaction_id, request.octets("authenticateServerResponse"))) {
    entries.push_back(JsonObject()
                          .set("eventId", each.event_id)
                          .set("rspServerAddress", each.rsp_server_address));
  }
  const auto id = told_id(transaction_id, fault);
  return succeeded_es9(es9_header().set("transactionId", id).set("eventEntries", entries), id);
}

std::optional<Es9Answer> run(Smds& smds, std::string_view function, const Es9Request& request,
                             const std::optional<ServerFault>& fault) {
  if (function == "initiateAuthentication") {
    return begun_es9(
        smds.initiate_authentication(request.octets("euiccChallenge"), request.text("smdpAddress"),
                                     request.octets("euiccInfo1"), told_address(fault)),
        fault);
  }
  if (function == "authenticateClient") return authenticate_client(smds, request, fault);
  return std::nullopt;
}

}  // namespace

std::optional<Es9Answer> run_es11(Smds& smds, std::string_view function, std::string_view body,
                                  const std::optional<ServerFault>& fault) {
  return answering_es9(
      body, [&](const Es9Request& request) { return run(smds, function, request, fault); });
}

}  // namespace sim
