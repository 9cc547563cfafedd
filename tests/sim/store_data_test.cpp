#include <string>

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

using sim::test::Simulated;

TEST_CASE("STORE DATA needs the ISD-R") {
  Simulated card;
  CHECK(card("80E2910003BF3C0000") == "6985");
}

TEST_CASE("blocks of one command are put together, and only the last has an answer") {
  Simulated card;
  card.selected();
  CHECK(card("80E2110001BF00") == "9000");
  CHECK(card("80E21101013C00") == "9000");
  CHECK(card("80E29102010000") == "612B");
}

TEST_CASE("the card refuses a block that is out of order and forgets those before") {
  Simulated card;
  card.selected();
  CHECK(card("80E2910103BF3C0000") == "6A86");
  CHECK(card("80E2110001BF00") == "9000");
  CHECK(card("80E29102023C0000") == "6A86");
  CHECK(card("80E29101023C0000") == "6A86");
}

TEST_CASE("a block 00 begins anew") {
  Simulated card;
  card.selected();
  CHECK(card("80E2110001BF00") == "9000");
  CHECK(card("80E2910003BF3C0000") == "612B");
}

TEST_CASE("the card refuses P1 other than 11 and 91, and blocks without data") {
  Simulated card;
  card.selected();
  CHECK(card("80E2900003BF3C0000") == "6A86");
  CHECK(card("80E2810003BF3C0000") == "6A86");
  CHECK(card("80E2010003BF3C0000") == "6A86");
  CHECK(card("80E29100") == "6700");
  CHECK(card("80E2910000") == "6700");
}

TEST_CASE("no command has more than 256 blocks") {
  Simulated card;
  card.selected();
  CHECK(card("80E2110001BF00") == "9000");
  for (unsigned block = 1; block < 256; ++block) {
    const auto p2 = base::to_hex(base::Bytes{static_cast<std::uint8_t>(block)});
    REQUIRE(card("80E211" + p2 + "010000") == "9000");
  }
  CHECK(card("80E29100013C00") == "6A80");  // 00 again is a new command
}

TEST_CASE("blocks of 255 octets are taken") {
  Simulated card;
  card.selected();
  CHECK(card("80E21100FF" + std::string(510, '0') + "00") == "9000");
}

TEST_CASE(
    "the card answers 6A80 to what is no ES10 command and 6A88 to one that it does not have") {
  Simulated card;
  card.selected();
  CHECK(card("80E2910001BF00") == "6A80");
  CHECK(card("80E2910003BF3C0100") == "6A80");      // the length runs past the end
  CHECK(card("80E2910004BF3C000000") == "6A80");    // an octet after it
  CHECK(card("80E2910005BF3C02800000") == "6A80");  // fields that the request does not have
  CHECK(card("80E2910004BF3C808000") == "6A80");    // indefinite length
  CHECK(card("80E2910003BF3D0000") == "6A88");      // HandleNotification is ES9+
  CHECK(card("80E2910003BF420000") == "6A88");      // LpaeActivation
  CHECK(card("80E29100025A0000") == "6A88");
}
