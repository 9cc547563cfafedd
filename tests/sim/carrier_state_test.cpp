#include "sim/carrier_state.hpp"

#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "tests/support/served_carrier.hpp"

namespace {

std::string error_of(const std::string& text) {
  try {
    sim::carrier_from_json(text, "state.json");
  } catch (const base::Error& error) {
    CHECK(error.code() == "sim.state");
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the state of each carrier is written and read without a loss") {
  for (const auto* const api : sim::carrier_apis()) {
    auto state = test::still_carrier(std::string(api->name));
    CHECK(state.provider == api->name);
    CHECK(state.lines.size() == 3);
    CHECK(state.lines[0].days.front().date == "2027-02-01");
    CHECK(state.lines[0].days.back().date == "2027-03-15");
    CHECK(state.lines[0].cycle_end == "2027-04-01T00:00:00Z");
    state.clock_offset_seconds = -90;
    state.accounts[0].trusted_devices = {{.fingerprint = "f", .id = 1, .until = 2}};
    state.sessions = {{.kind = "access", .token = "t", .key = "k", .user = "u", .expires = 5}};
    state.faults = {{.path = "/v1", .fault = "stall", .skip = 2}};
    CHECK(sim::carrier_from_json(sim::to_json(state), "") == state);
  }
}

TEST_CASE("a state that makes no sense is an error that names the key") {
  CHECK(error_of(R"({"provider":"mint"})").empty());
  CHECK(error_of("[]") == "state.json: no JSON object");
  CHECK(error_of(R"({"lines":[{"colour":"red"}]})") == "state.json: colour: no such key");
  CHECK(error_of(R"({"now":"noon"})") == "state.json: now: no such time");
  CHECK(error_of(R"({"lines":[{}]})") == "state.json: lines: a cycle needs its two times");
  CHECK(error_of(R"({"faults":[{"fault":"x"}]})") == "state.json: fault: no such word");
  CHECK(error_of(R"({"settings":{"megabyte":0}})") == "state.json: megabyte: more than none");
  CHECK(error_of(R"({"clock_offset_seconds":"1"})") ==
        "state.json: clock_offset_seconds: a whole number is expected");
}

TEST_CASE("a carrier that nobody knows is an error") {
  try {
    sim::carrier_api("pigeon");
    FAIL("it is known");
  } catch (const base::Error& error) {
    CHECK(error.code() == "sim.provider");
  }
}

TEST_CASE("a carrier that cannot listen says so") {
  const test::ServedCarrier served("telnyx");
  try {
    const sim::CarrierServer second(test::still_carrier("telnyx"),
                                    {.port = static_cast<std::uint16_t>(served.port())});
    FAIL("it listens");
  } catch (const base::Error& error) {
    CHECK(error.code() == "sim.carrier");
  }
}
