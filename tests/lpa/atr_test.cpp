#include "lpa/atr.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "tests/support/hex.hpp"

namespace {

/// The protocols offered, as "T=0 T=1".
std::string offered(std::string_view atr) {
  std::string text;
  for (const auto protocol : lpa::offered_protocols(test::hex(atr))) {
    text += (text.empty() ? "T=" : " T=") + std::string(protocol == lpa::Protocol::t0 ? "0" : "1");
  }
  return text;
}

}  // namespace

TEST_CASE("the answers to reset of real eUICCs offer T=0") {
  // Infineon and sysmocom, with T=15 for the global interface characters, which is no protocol.
  CHECK(offered("3B9F96803FC7828031E073F62157574A4D0005608000E4") == "T=0");
  CHECK(offered("3B9F96803F87828031E073FE211F574543753130136502") == "T=0");
  // eSTK.me.
  CHECK(offered("3B9F96801FC78031E073FE2115576573746B2E6D65C1") == "T=0");
}

TEST_CASE("a card that offers both protocols offers them in its order") {
  CHECK(offered("3B 9F 95 80 81 31 FE 80") == "T=0 T=1");  // TD1 = 80, TD2 = 81
  CHECK(offered("3B 80 81 80 00") == "T=1 T=0");
}

TEST_CASE("a card that speaks T=1 alone offers only that") {
  CHECK(offered("3B 80 81 31 FE 45 00") == "T=1");
  // A YubiKey NEO, which repeats it.
  CHECK(offered("3BFC1300008131FE15597562696B65794E454F7233E1") == "T=1");
}

TEST_CASE("an answer to reset that names no protocol offers T=0") {
  CHECK(offered("3B 02 14 50") == "T=0");
  CHECK(offered("3B 00") == "T=0");
}

TEST_CASE("an answer to reset that is cut off offers what it got to say") {
  CHECK(offered("") == "T=0");
  CHECK(offered("3B") == "T=0");
  CHECK(offered("3B 9F") == "T=0");  // promises TA1 and TD1
  CHECK(offered("3B 9F 96") == "T=0");
  CHECK(offered("3B 80 81") == "T=1");  // TD1 promises TD2
  CHECK(offered("3B F0 00 00") == "T=0");
}

TEST_CASE("protocols other than T=0 and T=1 are left out") {
  CHECK(offered("3B 80 8E 01") == "T=1");  // T=14, then T=1
  CHECK(offered("3B 80 0F") == "T=0");
}
