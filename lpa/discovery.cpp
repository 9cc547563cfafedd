#include "lpa/discovery.hpp"

#include <utility>

#include "lpa/server_check.hpp"

namespace lpa {

std::vector<EventEntry> discover(const DiscoveryParties& with) {
  Challenge challenge{};
  const auto begun = with.smds.initiate_authentication(
      [&] { return challenge = with.euicc.challenge(); }, with.info1.raw);
  const auto transaction_id = check_server({.server = with.smds,
                                            .role = ServerRole::discovery,
                                            .oid = {},
                                            .listed = with.info1.value.ci_for_verification,
                                            .challenge = challenge,
                                            .now = with.now,
                                            .trust = with.trust,
                                            .note = with.note},
                                           begun);
  // An empty matching identifier, and not none, asks for all events.
  const auto answer = authenticate_server(with.euicc, with.smds, begun.server,
                                          {.matching_id = std::string(), .device = with.device});
  auto list = with.smds.authenticate_client(transaction_id, answer);
  same_transaction(with.smds, {transaction_id, list.transaction_id}, "its answer");
  return std::move(list.entries);
}

}  // namespace lpa
