#include "sim/smds.hpp"

#include <algorithm>
#include <utility>

namespace sim {

Smds::Smds(const SmdsSetup& setup, Events events)
    : events_(std::move(events)),
      authentication_(setup.curve, Role::ds_auth, setup.address, setup.registered_id) {}

InitiateAuthenticationOk Smds::initiate_authentication(
    const base::Bytes& challenge, const std::string& address, const base::Bytes& info1,
    const std::optional<std::string>& address_told) {
  auto ok = authentication_.initiate(challenge, address, info1, address_told);
  challenges_.emplace(ok.transaction_id, ok.challenge);
  return ok;
}

std::vector<EventRecord> Smds::authenticate_client(const base::Bytes& transaction_id,
                                                   const base::Bytes& response) {
  const auto session = challenges_.extract(transaction_id);
  if (session.empty()) fail("8.10.1", "3.9", "the transaction is unknown");
  const auto known = authentication_.finish(transaction_id, session.mapped(), response);
  if (!known) fail_not_accepted();
  const auto& eid = known->certificate.subject().serial_number;
  const auto& cards = events_.eids;
  if (!cards.empty() && std::ranges::find(cards, eid) == cards.end()) {
    fail("8.1.1", "3.9", "the EID is unknown");
  }
  const auto& wanted = known->said.matching_id;
  std::vector<EventRecord> found;
  for (const auto& each : events_.events) {
    if (!each.eid.empty() && each.eid != eid) continue;
    if (wanted.empty() || each.event_id == wanted) found.push_back(each);
  }
  if (found.empty() && (!wanted.empty() || events_.refuse_no_event)) {
    fail("8.9.5", "3.9", "there is no such event");
  }
  return found;
}

}  // namespace sim
