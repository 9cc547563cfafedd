#include "sim/pace.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include "base/fd.hpp"
#include "sim/card_device.hpp"
#include "sim/hostile.hpp"
#include "sim/paced_device.hpp"
#include "sim/stoppable_clock.hpp"
#include "tests/sim/simulated.hpp"
#include "tests/support/manual_clock.hpp"

using namespace std::chrono_literals;
using sim::test::hex;
using sim::test::select_isdr;

TEST_CASE("a command takes a time of its own and some for each octet") {
  test::ManualClock clock;
  sim::Pace pace({.ms_per_apdu = 5, .us_per_byte = 1000}, clock);
  pace.wait(20);
  CHECK(clock.passed() == 25ms);
  CHECK(clock.waits() == 1);
  pace.wait(0);
  CHECK(clock.passed() == 30ms);
}

TEST_CASE("parts of a millisecond are not lost") {
  test::ManualClock clock;
  sim::Pace pace({.us_per_byte = 100}, clock);
  for (int i = 0; i < 25; ++i) pace.wait(1);
  CHECK(clock.passed() == 2ms);
  CHECK(clock.waits() == 2);
}

TEST_CASE("a card that is not slow is not waited for") {
  test::ManualClock clock;
  sim::Pace pace({}, clock);
  pace.wait(1000);
  CHECK(clock.waits() == 0);
}

TEST_CASE("command and answer take their time in a reader, and a mute card's command does") {
  test::ManualClock clock;
  const sim::Pace pace({.ms_per_apdu = 10, .us_per_byte = 1000}, clock);
  sim::PacedDevice device(std::make_unique<sim::CardDevice>(sim::Card(sim::fresh())), pace);
  CHECK(base::to_hex(*device.transmit(hex(select_isdr))) == "6121");
  CHECK(clock.passed() == 10ms + 22ms + 2ms);
  sim::PacedDevice mute(sim::hostile("mute-after=0"), pace);
  CHECK_FALSE(mute.transmit(hex(select_isdr)));
  CHECK(clock.passed() == 34ms + 10ms + 22ms);
  sim::PacedDevice pulled(sim::hostile("remove-after=0"), pace);
  CHECK_FALSE(pulled.transmit(hex(select_isdr)));
  CHECK_FALSE(pulled.present());
}

TEST_CASE("waiting ends when it is told to") {
  const base::Fd stop(::eventfd(1, EFD_CLOEXEC));
  sim::StoppableClock clock(stop.number());
  clock.wait(1h);  // or the test runs into its time limit
  CHECK(clock.now() < base::SystemClock().now() + 1h);
}

TEST_CASE("without anybody who tells it to end, waiting lasts as long as it should") {
  const base::Fd stop(::eventfd(0, EFD_CLOEXEC));
  sim::StoppableClock clock(stop.number());
  const auto start = clock.now();
  clock.wait(2ms);
  CHECK(clock.now() - start >= 2ms);
}
