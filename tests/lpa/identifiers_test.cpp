#include "lpa/identifiers.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "tests/support/hex.hpp"

using test::hex;

namespace {

template <class Identifier>
Identifier of(std::string_view text) {
  const auto octets = hex(text);
  Identifier result;
  REQUIRE(octets.size() == result.octets.size());
  std::ranges::copy(octets, result.octets.begin());
  return result;
}

}  // namespace

TEST_CASE("an ICCID of 18, 19 or 20 digits is shown without its filling") {
  // The last three are of real cards: sysmocom and Infineon.
  CHECK(of<lpa::Iccid>("9800103254769810 32FF").digits() == "890001234567890123");
  CHECK(of<lpa::Iccid>("989444999999990930F1").digits() == "8949449999999990031");
  CHECK(of<lpa::Iccid>("980000000000000060F0").digits() == "8900000000000000060");
  CHECK(of<lpa::Iccid>("98001032547698103214").digits() == "89000123456789012341");
}

TEST_CASE("hexadecimal letters inside an ICCID are kept") {
  CHECK(of<lpa::Iccid>("986800B5103254769810").digits() == "8986005B012345678901");
  // An F in the middle is no filling.
  CHECK(of<lpa::Iccid>("98001F32547698103214").digits() == "8900F123456789012341");
}

TEST_CASE("an ICCID of filling alone has no digits") {
  CHECK(of<lpa::Iccid>("FFFFFFFFFFFFFFFFFFFF").digits().empty());
}

TEST_CASE("the check digits of the EIDs of real cards hold") {
  // sysmoEUICC1-C2T, and the certificate of a sysmoEUICC-IoT.
  for (const auto* text :
       {"89049044900000000000000000102355", "89044045118427484800000000011628"}) {
    const auto eid = of<lpa::Eid>(text);
    CHECK(eid.digits() == text);
    CHECK(eid.plausible());
    CHECK(eid.check_digits_hold());
  }
}

TEST_CASE("an EID with one digit changed does not check") {
  CHECK_FALSE(of<lpa::Eid>("89049044900000000000000000102365").check_digits_hold());
  CHECK(of<lpa::Eid>("89049044900000000000000000102365").plausible());
}

TEST_CASE("zeros and letters are no EID") {
  for (const auto* text : {"00000000000000000000000000000000", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                           "8904904490000000000000000010235A"}) {
    CHECK_FALSE(of<lpa::Eid>(text).plausible());
    CHECK_FALSE(of<lpa::Eid>(text).check_digits_hold());
  }
}

TEST_CASE("an application identifier has 5 to 16 octets") {
  CHECK_FALSE(lpa::Aid::from_hex(test::repeated(4)));
  CHECK(lpa::Aid::from_hex(test::repeated(5)));
  CHECK(lpa::Aid::from_hex(test::repeated(16)));
  CHECK_FALSE(lpa::Aid::from_hex(test::repeated(17)));
  CHECK_FALSE(lpa::Aid::from({}));
  CHECK_FALSE(lpa::Aid::from_hex("A00000055910G0"));
}

TEST_CASE("an application identifier is written as it was read") {
  CHECK(lpa::Aid::from_hex("a0 00000559 1010")->hex() == "A0000005591010");
  CHECK(lpa::Aid::from_hex("A000000559") != lpa::Aid::from_hex("A000000558"));
}

TEST_CASE("a version is three numbers that may be above nine") {
  CHECK(lpa::Version{{2, 2, 2}}.text() == "2.2.2");
  CHECK(lpa::Version{{35, 6, 255}}.text() == "35.6.255");
  CHECK(lpa::Version{{2, 3, 0}} < lpa::Version{{2, 10, 0}});
}

TEST_CASE("a network code has two or three digits") {
  // 262-01 and 310-260 as TS 24.008 packs them.
  CHECK(of<lpa::Plmn>("62F210").mcc() == "262");
  CHECK(of<lpa::Plmn>("62F210").mnc() == "01");
  CHECK(of<lpa::Plmn>("130062").mcc() == "310");
  CHECK(of<lpa::Plmn>("130062").mnc() == "260");
}

TEST_CASE("the wildcard of a rule is shown as the letters that it is") {
  CHECK(of<lpa::Plmn>("EEEEEE").mcc() == "EEE");
  CHECK(of<lpa::Plmn>("EEEEEE").mnc() == "EEE");
}

TEST_CASE("a bit string has the bits that were sent and no others") {
  const auto bits = lpa::BitString::from(hex("0560"));  // PPR1 and PPR2, three bits
  REQUIRE(bits);
  CHECK(bits->size() == 3);
  CHECK_FALSE(bits->has(0));
  CHECK(bits->has(1));
  CHECK(bits->has(2));
  CHECK_FALSE(bits->has(3));
  CHECK_FALSE(bits->has(1000));
}

TEST_CASE("the events of a notification are the first four bits of a bit string") {
  for (const auto& [text, bit] : {std::pair{"0480", 0U}, std::pair{"0440", 1U},
                                  std::pair{"0420", 2U}, std::pair{"0410", 3U}}) {
    const auto bits = lpa::BitString::from(hex(text));
    REQUIRE(bits);
    CHECK(bits->size() == 4);
    for (std::size_t each = 0; each < 4; ++each) CHECK(bits->has(each) == (each == bit));
  }
}

TEST_CASE("bits that a card set beyond the end of a bit string do not count") {
  CHECK(lpa::BitString::from(hex("07FF")) == lpa::BitString::from(hex("0780")));
  CHECK_FALSE(lpa::BitString::from(hex("07FF"))->has(1));
}

TEST_CASE("an empty bit string is read with and without its count") {
  CHECK(lpa::BitString::from({})->size() == 0);
  CHECK(lpa::BitString::from(hex("00"))->size() == 0);
}

TEST_CASE("a count of unused bits above seven or without bits is refused") {
  CHECK_FALSE(lpa::BitString::from(hex("08FF")));
  CHECK_FALSE(lpa::BitString::from(hex("FF00")));
  CHECK_FALSE(lpa::BitString::from(hex("01")));
}

TEST_CASE("bits that are set are written as a card writes them") {
  CHECK(hex(lpa::BitString({1, 2}).contents()) == "0560");
  CHECK(hex(lpa::BitString({0}).contents()) == "0780");
  CHECK(hex(lpa::BitString({7}).contents()) == "0001");
  CHECK(hex(lpa::BitString({8}).contents()) == "070080");
  CHECK(hex(lpa::BitString().contents()) == "00");
}
