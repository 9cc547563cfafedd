#include "sim/smds.hpp"

#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <httplib.h>

#include "base/error.hpp"
#include "sim/es11.hpp"
#include "tests/sim/es9_driver.hpp"
#include "tests/support/served_smds.hpp"

// A card and an SM-DS; the device between them is tests/sim/es9_driver.hpp.

using namespace sim::test;
using Kind = sim::ServerFault::Kind;

namespace {

const std::string eid = base::to_hex(sim::fresh().eid);

/// An SM-DS, a card, and a device between them.
struct World {
  explicit World(sim::Events events = sim::fresh_events(), sim::Curve curve = sim::Curve::nist)
      : smds({curve, "localhost", "2.999.20"}, std::move(events)),
        card(selected_card(sim::fresh())),
        device(card, [this](const std::string& function, const std::string& body) {
          return sim::run_es11(smds, function, body).value().body;
        }) {}

  Json asked(const std::string& matching_id = {}) {
    return device.authenticate(device.initiate(), matching_id);
  }

  sim::Smds smds;
  sim::Card card;
  Device device;
};

sim::Events events_of(std::vector<sim::EventRecord> records) {
  sim::Events events;
  events.events = std::move(records);
  return events;
}

}  // namespace

TEST_CASE("a card hears of its own events, below either CI") {
  const auto events = events_of({{"", "FOR-ALL", "a.example"},
                                 {eid, "MINE", "b.example:8443"},
                                 {std::string(32, '1'), "OTHER-CARD", "c.example"}});
  for (const auto curve : {sim::Curve::nist, sim::Curve::brainpool}) {
    World world(events, curve);
    const auto answer = world.asked();
    CHECK(outcome(answer) == "Executed-Success");
    CHECK(answer.at("transactionId") == world.device.transaction_id);
    CHECK(answer.at("eventEntries") ==
          Json::parse(R"([{"eventId":"FOR-ALL","rspServerAddress":"a.example"},
                          {"eventId":"MINE","rspServerAddress":"b.example:8443"}])"));
  }
}

TEST_CASE("a matching identifier asks for one event, which has to be there") {
  const auto tried = [](const std::string& matching_id) {
    World world(events_of({{"", "FOR-ALL", "a.example"},
                           {eid, "MINE", "b.example"},
                           {std::string(32, '1'), "OTHER-CARD", "c.example"}}));
    const auto answer = world.asked(matching_id);
    return answer.contains("eventEntries") ? answer.at("eventEntries").dump() : outcome(answer);
  };
  CHECK(tried("MINE") == R"([{"eventId":"MINE","rspServerAddress":"b.example"}])");
  CHECK(tried("OTHER-CARD") == "8.9.5/3.9");
  CHECK(tried("NOBODY") == "8.9.5/3.9");
}

TEST_CASE("a card without events gets an empty list, or a refusal") {
  sim::Events events;
  World world(events);
  CHECK(world.asked().at("eventEntries") == Json::array());
  events.refuse_no_event = true;
  World refusing(events);
  CHECK(outcome(refusing.asked()) == "8.9.5/3.9");
}

TEST_CASE("a card that the server does not know is refused") {
  auto events = sim::fresh_events();
  events.eids = {std::string(32, '1')};
  World world(events);
  CHECK(outcome(world.asked()) == "8.1.1/3.9");
  events.eids.push_back(eid);
  World known(events);
  CHECK(outcome(known.asked()) == "Executed-Success");
}

TEST_CASE("an SM-DS answers with codes of its own") {
  World world;
  CHECK(outcome(world.device.initiate("other.example")) == "8.9.1/3.8");
  CHECK(outcome(world.device.initiate("localhost:8444")) == "Executed-Success");
  auto state = sim::fresh();
  state.info.verification_keys.clear();
  world.card = selected_card(state);
  CHECK(outcome(world.device.initiate()) == "8.9.4/3.7");
  state = sim::fresh();
  state.info.signing_keys.clear();
  world.card = selected_card(state);
  CHECK(outcome(world.device.initiate()) == "8.9.2/3.1");
  state = sim::fresh();
  state.info.svn = {1, 1, 0};
  world.card = selected_card(state);
  CHECK(outcome(world.device.initiate()) == "8.9.3/3.1");
}

TEST_CASE("a session with an SM-DS is over after its answer, and prepares no download") {
  World world;
  const auto begun = world.device.initiate();
  CHECK(outcome(world.device.authenticate(begun, "")) == "Executed-Success");
  CHECK(outcome(world.device.authenticate(begun, "")) == "8.10.1/3.9");
  CHECK_FALSE(sim::run_es11(world.smds, "getBoundProfilePackage", "{}"));
  CHECK_FALSE(sim::run_es11(world.smds, "cancelSession", "{}"));
}

TEST_CASE("the server of an SM-DS has an SM-DP+'s rules and faults") {
  auto events = sim::fresh_events();
  events.faults = {{.function = "initiateAuthentication", .kind = Kind::wrong_address, .times = 1},
                   {.function = "authenticateClient",
                    .kind = Kind::status,
                    .subject = "8.9",
                    .reason = "4.2",
                    .times = 1}};
  test::ServedSmds served(events);
  httplib::SSLClient client("localhost", served.port());
  client.set_ca_cert_path(served.ca());
  client.enable_server_certificate_verification(true);
  client.set_keep_alive(true);
  client.set_address_family(AF_INET);
  auto card = selected_card(sim::fresh());
  Device device(card, [&](const std::string& function, const std::string& body) {
    return client
        .Post("/gsma/rsp2/es9plus/" + function,
              {{"User-Agent", "gsma-rsp-lpad"}, {"X-Admin-Protocol", "gsma/rsp/v2.5.0"}}, body,
              "application/json")
        ->body;
  });
  const auto lied = inside(unbase64(device.initiate().at("serverSigned1")));
  const std::string address = "other.example";
  CHECK(value_of(lied.at(2)) == base::Bytes(address.begin(), address.end()));
  CHECK(outcome(device.authenticate(device.initiate(), "")) == "8.9/4.2");
  CHECK(device.authenticate(device.initiate(), "").at("eventEntries").size() == 2);
  CHECK(served.connections() == 1);
  CHECK(
      client.Post("/gsma/rsp2/es9plus/initiateAuthentication", "{}", "application/json")->status ==
      400);
}

TEST_CASE("events are what their file says, and a fault in it has a place") {
  auto events = events_of({{eid, "MINE", "b.example"}});
  events.eids = {eid};
  events.refuse_no_event = true;
  events.faults = {{.function = "authenticateClient", .kind = Kind::stall}};
  CHECK(sim::events_from_json(sim::to_json(events), "events") == events);
  CHECK(sim::events_from_json("{}", "events") == sim::Events{});
  CHECK_THROWS_WITH(sim::events_from_json("[]", "f"), "f: no JSON object");
  CHECK_THROWS_WITH(sim::events_from_json(R"({"orders":[]})", "f"), "f: orders: no such key");
  CHECK_THROWS_WITH(sim::events_from_json(R"({"events":[{"x":1}]})", "f"), "f: x: no such key");
  CHECK_THROWS_WITH(sim::events_from_json(R"({"eids":[1]})", "f"),
                    "f: eids: a list of texts is expected");
}

TEST_CASE("a port that is taken is an error of the SM-DS") {
  const test::ServedSmds served;
  try {
    const sim::SmdsServer second({}, {}, {.port = static_cast<std::uint16_t>(served.port())});
    FAIL("it listens");
  } catch (const base::Error& error) {
    CHECK(error.code() == "sim.smds");
  }
}
