#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "lpa/es10_schema.hpp"
#include "tests/support/hex.hpp"

/// The octets of requests, from the specification and from traces of other programs; never from our
/// own encoder.

using test::hex;

namespace {

lpa::Iccid iccid(std::string_view text) { return tlv::Value<lpa::Iccid>::decode(hex(text)); }
lpa::Aid aid(std::string_view text) { return lpa::Aid::from_hex(text).value(); }

template <tlv::Message T>
std::string octets(const T& message) {
  return hex(tlv::encode(message));
}

}  // namespace

TEST_CASE("EnableProfile wraps the ICCID in A0 and says with 00 that no refresh is wanted") {
  // waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-enable.log
  CHECK(octets(lpa::EnableRequest{iccid("98001032547698103214"), false}) ==
        "BF3111A00C5A0A98001032547698103214810100");
}

TEST_CASE("DisableProfile wraps the ICCID in A0 like EnableProfile") {
  // waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-disable.log
  CHECK(octets(lpa::DisableRequest{iccid("98001032547698103214"), false}) ==
        "BF3211A00C5A0A98001032547698103214810100");
}

TEST_CASE("a refresh is wanted with FF") {
  // DER: TRUE is FF. SGP.22 v2.5 5.7.16.
  CHECK(octets(lpa::EnableRequest{iccid("98001032547698103214"), true}) ==
        "BF3111A00C5A0A980010325476981032148101FF");
  CHECK(octets(lpa::DisableRequest{iccid("98001032547698103214"), true}) ==
        "BF3211A00C5A0A980010325476981032148101FF");
}

TEST_CASE("the answer to LoadCRL tells of missing parts, or why the list was not taken") {
  // SGP.22 v2.5 annex H, with AUTOMATIC TAGS.
  const auto done = tlv::decode<lpa::LoadCrlResponse>(hex("BF3502A000"));
  CHECK_FALSE(std::get<lpa::CrlLoaded>(done).missing_parts);
  const auto partly = tlv::decode<lpa::LoadCrlResponse>(hex("BF350EA00CA00A30038001013003800102"));
  CHECK(std::get<lpa::CrlLoaded>(partly).missing_parts->at(1).number == 2);
  const auto error = tlv::decode<lpa::LoadCrlResponse>(hex("BF3503810104"));
  CHECK(std::get<lpa::LoadCrlError>(error) == lpa::LoadCrlError::no_verification_key);
}

TEST_CASE("a profile can be named by its application identifier instead") {
  CHECK(octets(lpa::EnableRequest{aid("A0000005591010FFFFFFFF8900001100"), false}) ==
        "BF3117A0124F10A0000005591010FFFFFFFF8900001100810100");
}

TEST_CASE("a padded ICCID goes to the card with its padding in ten octets") {
  CHECK(octets(lpa::EnableRequest{iccid("989444999999990930F1"), false}) ==
        "BF3111A00C5A0A989444999999990930F1810100");
}

TEST_CASE("requests without contents are their tag and a length of zero") {
  // waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-info.log
  CHECK(octets(lpa::EuiccInfo2Request{}) == "BF2200");
  CHECK(octets(lpa::EuiccInfo1Request{}) == "BF2000");
  CHECK(octets(lpa::ConfiguredAddressesRequest{}) == "BF3C00");
  CHECK(octets(lpa::RatRequest{}) == "BF4300");
}

TEST_CASE("the EID is asked for by its tag") {
  // waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-info.log
  CHECK(octets(lpa::EidRequest{hex("5A")}) == "BF3E035C015A");
}

TEST_CASE("all profiles are asked for without criteria and without a tag list") {
  // waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-profiles.log
  CHECK(octets(lpa::ProfilesRequest{}) == "BF2D00");
}

TEST_CASE("profiles are searched by ICCID, identifier or class inside A0") {
  CHECK(octets(lpa::ProfilesRequest{iccid("989444999999990930F1"), {}}) ==
        "BF2D0EA00C5A0A989444999999990930F1");
  CHECK(octets(lpa::ProfilesRequest{aid("A0000005591010FFFFFFFF8900001100"), {}}) ==
        "BF2D14A0124F10A0000005591010FFFFFFFF8900001100");
  CHECK(octets(lpa::ProfilesRequest{lpa::ProfileClass::operational, {}}) == "BF2D05A003950102");
}

TEST_CASE("a tag list is the tags one after the other in 5C") {
  CHECK(octets(lpa::ProfilesRequest{{}, hex("5A4F9F70")}) == "BF2D065C045A4F9F70");
  CHECK(octets(lpa::ProfilesRequest{lpa::ProfileClass::test, hex("5A")}) ==
        "BF2D08A0039501005C015A");
}
