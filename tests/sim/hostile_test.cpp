#include "sim/hostile.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "tests/sim/simulated.hpp"

namespace {

using sim::test::hex;
using sim::test::select_isdr;

constexpr std::string_view get_eid = "80E2910006BF3E035C015A00";

/// The answer in hexadecimal; "mute" without one.
std::string send(sim::Device& device, std::string_view command) {
  const auto answer = device.transmit(hex(command));
  return answer ? base::to_hex(*answer) : "mute";
}

/// What a card of that kind answers to GetEID.
std::string eid_from(std::string_view kind) {
  const auto device = sim::hostile(kind);
  CHECK(send(*device, select_isdr) == "6121");
  return send(*device, get_eid);
}

}  // namespace

TEST_CASE("a card goes mute after some commands and stays so") {
  const auto device = sim::hostile("mute-after=2");
  CHECK(send(*device, select_isdr) == "6121");
  CHECK(send(*device, "00C0000021").substr(0, 4) == "6F1F");
  CHECK(send(*device, get_eid) == "mute");
  CHECK(send(*device, get_eid) == "mute");
  CHECK(device->present());
}

TEST_CASE("a card is pulled out in the middle of a command") {
  const auto device = sim::hostile("remove-after=1");
  CHECK(send(*device, select_isdr) == "6121");
  CHECK(device->present());
  CHECK(send(*device, get_eid) == "mute");
  CHECK_FALSE(device->present());
}

TEST_CASE("one answer is garbage, and what it was for is done") {
  const auto device = sim::hostile("garbage-at=2");
  CHECK(send(*device, select_isdr) == "6121");
  CHECK(send(*device, "0070000001") == "1FFFFFFF07DEADBEEF00809000");
  CHECK(send(*device, "0070000001") == "029000");
  CHECK(send(*device, select_isdr) == "6121");
}

TEST_CASE("a card is reset by somebody else between two commands, once") {
  const auto device = sim::hostile("reset-at=3");
  CHECK(send(*device, "0070000001") == "019000");
  CHECK(send(*device, select_isdr) == "6121");
  CHECK(send(*device, get_eid) == "6985");         // not selected any more
  CHECK(send(*device, "0070000001") == "019000");  // none open any more
  CHECK(send(*device, select_isdr) == "6121");
  CHECK(send(*device, get_eid) == "6115");
}

TEST_CASE("ES10 answers can be nonsense of many sorts") {
  CHECK(eid_from("garbage") == "1FFFFFFF07DEADBEEF00809000");
  CHECK(eid_from("empty") == "9000");
  CHECK(eid_from("half-status") == "90");
  CHECK(eid_from("truncated") ==
        "BF3E125A108904903200"
        "9000");
  CHECK(eid_from("overlong").size() == 2 * 702);
  CHECK(eid_from("endless-6c") == "6C10");
  CHECK(eid_from("none") == "6115");
}

TEST_CASE("endless-61 never ends") {
  const auto device = sim::hostile("endless-61");
  CHECK(send(*device, get_eid) == "6110");
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(send(*device, "00C0000010") == "5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A6110");
  }
}

TEST_CASE("a plain SIM has no ISD-R") {
  const auto device = sim::hostile("plain-sim");
  CHECK(send(*device, select_isdr) == "6A82");
  CHECK(send(*device, "0070000001") == "019000");
}

TEST_CASE("an SGP.02 card tells its EID from the ECASD only") {
  const auto device = sim::hostile("m2m");
  CHECK(send(*device, select_isdr) == "6A82");
  CHECK(send(*device, "80CA005A12") == "6D00");
  CHECK(send(*device, "00A4040C10A0000005591010FFFFFFFF8900000200") == "9000");
  CHECK(send(*device, "80CA005A00") == "6C12");
  CHECK(send(*device, "80CA005A12") == "5A10890490320000000000000000000421649000");
  CHECK(send(*device, "80CA006600") == "6A88");
}

TEST_CASE("an SGP.32 card ends EUICCInfo2 as a real one does") {
  auto state = sim::test::fresh_t1();
  const auto device = sim::hostile("iot", state);
  send(*device, select_isdr);
  const auto info = send(*device, "80E2910003BF220000");
  // 1oT YggdraSIM, tests/test_scp11_console.py: the last 16 octets.
  CHECK(info.ends_with("900101B40BA0050403010200810082009000"));
}

TEST_CASE("the hostile kinds that are told are those that there are") {
  for (const auto& kind : sim::hostile_kinds()) {
    std::string name(kind.name);
    if (name.ends_with('N')) name.back() = '3';
    CHECK(sim::hostile(name) != nullptr);
  }
  CHECK_THROWS_AS(sim::hostile("friendly"), base::Error);
  CHECK_THROWS_AS(sim::hostile("mute-after=x"), base::Error);
  CHECK_THROWS_AS(sim::hostile("mute-after="), base::Error);
  CHECK_THROWS_AS(sim::hostile("garbage-at=-1"), base::Error);
}
