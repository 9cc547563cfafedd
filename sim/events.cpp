#include "sim/events.hpp"

#include "base/error.hpp"
#include "sim/json.hpp"

namespace sim {

Events fresh_events() {
  Events events;
  for (const auto* id : {"SMALL-2KB", "LARGE-200KB"}) {
    events.events.push_back({.eid = "", .event_id = id, .rsp_server_address = "localhost:8443"});
  }
  return events;
}

std::string to_json(const Events& events) {
  std::vector<JsonObject> list;
  for (const auto& each : events.events) {
    list.push_back(JsonObject()
                       .set("eid", each.eid)
                       .set("event_id", each.event_id)
                       .set("rsp_server_address", each.rsp_server_address));
  }
  return JsonObject()
      .set("events", list)
      .set("eids", events.eids)
      .set_flag("refuse_no_event", events.refuse_no_event)
      .set("faults", pack(events.faults))
      .dump_pretty();
}

Events events_from_json(std::string_view text, std::string_view source) {
  try {
    const auto json = JsonObject::parse(text);
    only(json, {"events", "eids", "refuse_no_event", "faults"});
    Events events;
    for (const auto& one : json.objects("events")) {
      only(one, {"eid", "event_id", "rsp_server_address"});
      events.events.push_back({.eid = one.text("eid").value_or(""),
                               .event_id = one.text("event_id").value_or(""),
                               .rsp_server_address = one.text("rsp_server_address").value_or("")});
    }
    events.eids = json.texts("eids");
    events.refuse_no_event = json.flag("refuse_no_event").value_or(false);
    events.faults = unpack_faults(json.objects("faults"));
    return events;
  } catch (const JsonFault& fault) {
    throw base::Error(base::ErrorKind::usage, "sim.state",
                      std::string(source) + ": " + fault.what());
  }
}

}  // namespace sim
