#include "lpa/es11.hpp"

#include <utility>

namespace lpa {
namespace {

constexpr std::size_t most_events = 256;
constexpr std::string_view no_event = "8.9.5/3.9";  // SGP.22 v2.5 5.8.2

}  // namespace

Smds::Smds(base::HttpClient& http, std::string address, Version card, std::stop_token stop)
    : RspServer({"ES11", "is this the address of an SM-DS? `esimctl smdp` shows the card's own"},
                http, std::move(address), card, std::move(stop)) {}

EventList Smds::authenticate_client(const TransactionId& session, base::ByteView card_answer) {
  const auto answer = post_of_session("authenticateClient", session, "authenticateServerResponse",
                                      card_answer, {.stop = stop(), .nothing = no_event});
  if (answer.empty()) return {session, {}};
  EventList list{answer.transaction_id(), {}};
  for (const auto& each : answer.list("eventEntries", most_events)) {
    list.entries.push_back({each.text("eventId"), each.text("rspServerAddress")});
  }
  return list;
}

}  // namespace lpa
