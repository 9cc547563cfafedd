#include "lpa/brands.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "lpa/makers.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/scripted_card.hpp"

namespace {

lpa::Eid eid(std::string_view digits) {
  lpa::Eid made;
  const auto octets = test::hex(digits);
  std::ranges::copy(octets, made.octets.begin());
  return made;
}

const auto gsma = *lpa::Aid::from_hex("A0000005591010FFFFFFFF8900000100");
const auto estk = *lpa::Aid::from_hex("A06573746B6D65FFFF4953442D522030");
const auto some_eid = eid("89049032123451234512345678901235");

}  // namespace

TEST_CASE("a maker is known by the first eight digits of the EID") {
  CHECK(lpa::find_maker(some_eid)->name == "Giesecke+Devrient");
  CHECK(lpa::find_maker(eid("89086030202200000024000070951319"))->name == "Eastcompeace");
  CHECK_FALSE(lpa::find_maker(eid("89000000000000000000000000000000")));
}

TEST_CASE("an eSTK.me card is asked what it is, and may leave out what it likes") {
  test::ScriptedCard card({{"00A4040010A06573746B6D65FFFFFFFFFFFF6D677400", "9000"},
                           {"0000000000", "3031323334359000"},
                           {"0000010000", "6D00"},
                           {"0000020000", "54302E339000"},
                           {"0000030000", "506C75732B9000"}});
  const auto brand = lpa::find_brand(card, estk, some_eid, {});
  REQUIRE(brand);
  CHECK(brand->name == "eSTK.me");
  CHECK(brand->serial == "012345");
  CHECK_FALSE(brand->bootloader);
  CHECK(brand->firmware == "T0.3");
  CHECK(brand->product == "Plus+");
}

TEST_CASE("an eSTK.me card without the product applet is still one") {
  test::ScriptedCard card({{"00A4040010A06573746B6D65FFFFFFFFFFFF6D677400", "6A82"}});
  CHECK(lpa::find_brand(card, estk, some_eid, {})->name == "eSTK.me");
}

TEST_CASE("a 9eSIM card is known by its EID and its model by the firmware, without a question") {
  test::ScriptedCard card({});
  const auto nine = eid("89044045846727494800000001234567");
  CHECK(lpa::find_brand(card, gsma, nine, {{37, 4, 3}})->product == "v3.2");
  CHECK_FALSE(lpa::find_brand(card, gsma, nine, {{1, 0, 0}})->product);
}

TEST_CASE("other cards have no brand and are asked nothing") {
  test::ScriptedCard card({});
  CHECK_FALSE(lpa::find_brand(card, gsma, some_eid, {{36, 7, 2}}));
}
