#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/faults.hpp"

/// What an SM-DS keeps: SGP.22 3.6.1, event records.
namespace sim {

struct EventRecord {
  std::string eid;  ///< 32 digits; empty: any
  std::string event_id;
  std::string rsp_server_address;
  bool operator==(const EventRecord&) const = default;
};

struct Events {
  std::vector<EventRecord> events;
  std::vector<std::string> eids;  ///< of the cards that are known; empty: all
  bool refuse_no_event = false;   ///< a card without events gets 8.9.5/3.9 and no empty list
  std::vector<ServerFault> faults;
  bool operator==(const Events&) const = default;
};

/// Events for practice: the first orders of fresh_orders(), at the port of `esimctl-sim smdp`.
Events fresh_events();

/// As the JSON that sim/README.md describes, and back; throws base::Error (usage, "sim.state").
std::string to_json(const Events& events);
Events events_from_json(std::string_view text, std::string_view source);

}  // namespace sim
