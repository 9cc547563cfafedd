#include "lpa/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "lpa/es10_schema.hpp"
#include "tests/support/hex.hpp"

using test::hex;

namespace {

/// What decoding says of octets that it refuses; "fine" when it takes them.
template <tlv::Message T>
std::string fault(std::string_view text) {
  try {
    static_cast<void>(tlv::decode<T>(hex(text)));
  } catch (const tlv::Malformed& malformed) {
    return malformed.what();
  }
  return "fine";
}

template <class T>
std::string value_fault(std::string_view text) {
  try {
    static_cast<void>(tlv::Value<T>::decode(hex(text)));
  } catch (const tlv::Malformed& malformed) {
    return malformed.what();
  }
  return "fine";
}

/// `contents` in an element with that tag.
std::string in(std::string_view tag, std::string_view contents) {
  const auto octets = hex(contents);
  base::Bytes out;
  const auto tag_octets = hex(tag);
  tlv::Tag number = 0;
  for (const auto octet : tag_octets) number = (number << 8U) | octet;
  tlv::append(out, number, octets);
  return hex(out);
}

std::string list_of(std::string_view profiles) { return in("BF2D", in("A0", profiles)); }

std::vector<lpa::ProfileInfo> profiles(std::string_view text) {
  return std::get<std::vector<lpa::ProfileInfo>>(tlv::decode<lpa::ProfilesResponse>(hex(text)));
}

constexpr auto iccid = "5A0A98001032547698103214";

/// The least that an EUICCInfo2 may say.
const std::string info2_contents = "8103020301 8203020300 8303010402 8400 8500 A900 AA00";

lpa::EuiccInfo2 info2_with(const std::string& more) {
  return tlv::decode<lpa::EuiccInfo2>(hex(in("BF22", info2_contents + more)));
}

}  // namespace

TEST_CASE("tags that the table does not have are skipped") {
  const auto list =
      profiles(list_of(in("E3", std::string("9F7B0101") + iccid + "9F2602AABB9F670100")));
  REQUIRE(list.size() == 1);
  CHECK(list[0].iccid->digits() == "89000123456789012341");
}

TEST_CASE("an unknown template is skipped with everything in it") {
  // A Kigen card has a 04 in its AF that is not the ppVersion.
  const auto info = info2_with("AF050403030301 900101 BF7607 04030909098100");
  CHECK_FALSE(info.pp_version);
  REQUIRE(info.additional_profile_versions);
  CHECK(info.additional_profile_versions->front().text() == "3.3.1");
}

TEST_CASE("elements may come in any order") {
  const auto list = profiles(list_of(in("E3", std::string("950102 9F700101") + iccid)));
  CHECK(list.at(0).enabled());
  CHECK(list.at(0).profile_class == lpa::ProfileClass::operational);
  CHECK(list.at(0).iccid->digits() == "89000123456789012341");
}

TEST_CASE("an element that comes twice is refused with the path to it") {
  CHECK(fault<lpa::ProfilesResponse>(list_of(in("E3", std::string(iccid) + iccid))) ==
        "ProfileInfoListResponse.[0].iccid: given twice");
  // Under its second tag it is the same element.
  CHECK(fault<lpa::EuiccInfo2>(in("BF22", info2_contents + "8B0101 AB0101")) ==
        "EUICCInfo2.euiccCategory: given twice");
}

TEST_CASE("a required element that is missing is refused with the path to it") {
  CHECK(fault<lpa::EuiccInfo1>(in("BF20", "A900AA00")) == "EUICCInfo1.svn: missing");
  CHECK(fault<lpa::EidResponse>("BF3E00") == "GetEuiccDataResponse.eidValue: missing");
  CHECK(fault<lpa::ProfilesResponse>(list_of(in("E3", iccid) + in("E3", in("B7", "8100")))) ==
        "ProfileInfoListResponse.[1].profileOwner.mccMnc: missing");
}

TEST_CASE("a value of the wrong length is refused with the path to it") {
  CHECK(fault<lpa::ProfilesResponse>(list_of(in("E3", "5A09980010325476981032"))) ==
        "ProfileInfoListResponse.[0].iccid: 9 octets, not 10");
  CHECK(fault<lpa::ProfilesResponse>(list_of(in("E3", iccid) + in("E3", "4F04A0000005"))) ==
        "ProfileInfoListResponse.[1].isdpAid: 4 octets, not 5 to 16");
  CHECK(fault<lpa::EuiccInfo1>(in("BF20", "82020202 A900AA00")) ==
        "EUICCInfo1.svn: 2 octets, not 3");
  CHECK(fault<lpa::EidResponse>("BF3E 03 5A01 89") ==
        "GetEuiccDataResponse.eidValue: 1 octets, not 16");
}

TEST_CASE("a length that runs past its template is refused with the path to it") {
  CHECK(fault<lpa::ProfilesResponse>("BF2D 06 A004 E302 5A0A") ==
        "ProfileInfoListResponse.[0]: 5A claims 10 octets, 0 are there");
  CHECK(fault<lpa::ProfilesResponse>("BF2D 05 A0") ==
        "ProfileInfoListResponse: BF2D claims 5 octets, 1 are there");
}

TEST_CASE("another message than the one asked for is refused") {
  CHECK(fault<lpa::ProfilesResponse>("BF3103800100") ==
        "ProfileInfoListResponse: tag BF31, not BF2D");
  CHECK(fault<lpa::EnableResponse>("BF3203800100") == "EnableProfileResponse: tag BF32, not BF31");
}

TEST_CASE("octets after a message are refused") {
  CHECK(fault<lpa::EnableResponse>("BF3103800100 00") ==
        "EnableProfileResponse.BF31: 1 octets after its end");
  CHECK(fault<lpa::EnableResponse>("BF3103800100") == "fine");
  CHECK(fault<lpa::EnableResponse>("") == "EnableProfileResponse: empty");
}

TEST_CASE("a choice has exactly one of its alternatives") {
  CHECK(fault<lpa::ProfilesResponse>("BF2D00") == "ProfileInfoListResponse: empty");
  CHECK(fault<lpa::ProfilesResponse>("BF2D03 820101") ==
        "ProfileInfoListResponse: none of its alternatives has tag 82");
  CHECK(fault<lpa::ProfilesResponse>("BF2D05 A000 810101") ==
        "ProfileInfoListResponse: more than one alternative");
}

TEST_CASE("an item of a list that is none is refused") {
  CHECK(fault<lpa::ProfilesResponse>(list_of(in("E3", iccid) + in("30", iccid))) ==
        "ProfileInfoListResponse.[1]: tag 30, not E3");
}

TEST_CASE("unknown templates are skipped however deep they nest") {
  std::string deep = "8000";
  for (int i = 0; i < 30; ++i) deep = in("30", deep);
  CHECK(profiles(list_of(in("E3", std::string(iccid) + deep))).size() == 1);
}

TEST_CASE(
    "an element that cards send under two tags is read under both and written under the first") {
  CHECK(info2_with("8B0102").category == lpa::EuiccCategory::medium);
  CHECK(info2_with("AB0102").category == lpa::EuiccCategory::medium);
  CHECK_FALSE(info2_with("").category);
  const auto octets = hex(tlv::encode(info2_with("AB0102")));
  CHECK(octets.find("8B0102") != std::string::npos);
  CHECK(octets.find("AB0102") == std::string::npos);
}

TEST_CASE(
    "numbers are read padded with zeros and without the zero that a high first bit asks for") {
  using Number = tlv::Value<std::uint64_t>;
  CHECK(Number::decode(hex("00000007")) == 7);
  CHECK(Number::decode(hex("81")) == 129);
  CHECK(Number::decode(hex("0081")) == 129);
  CHECK(Number::decode(hex("FFFFFFFF")) == 0xFFFFFFFF);
  CHECK(Number::decode(hex("00FFFFFFFFFFFFFFFF")) == ~0ULL);
  CHECK(Number::decode(hex("00")) == 0);
}

TEST_CASE("a number that is too large or has no octets is refused") {
  CHECK(value_fault<std::uint64_t>("01FFFFFFFFFFFFFFFF") == "a number that is too large");
  CHECK(value_fault<std::uint8_t>("0100") == "a number that is too large");
  CHECK(value_fault<std::uint8_t>("00FF") == "fine");
  CHECK(value_fault<std::uint64_t>("") == "a number of no octets");
}

TEST_CASE("a number whose first bit is set is written with a zero before it") {
  using Number = tlv::Value<std::uint64_t>;
  CHECK(hex(Number::encode(0)) == "00");
  CHECK(hex(Number::encode(127)) == "7F");
  CHECK(hex(Number::encode(128)) == "0080");
  CHECK(hex(Number::encode(255)) == "00FF");
  CHECK(hex(Number::encode(256)) == "0100");
  CHECK(hex(Number::encode(~0ULL)) == "00FFFFFFFFFFFFFFFF");
}

TEST_CASE("any number that is written is read again") {
  CHECK(rc::check([](std::uint64_t number) {
    RC_ASSERT(tlv::Value<std::uint64_t>::decode(tlv::Value<std::uint64_t>::encode(number)) ==
              number);
  }));
  CHECK(rc::check([](std::uint16_t number) {
    RC_ASSERT(tlv::Value<std::uint16_t>::decode(tlv::Value<std::uint16_t>::encode(number)) ==
              number);
  }));
}

TEST_CASE("a truth is one octet") {
  CHECK(tlv::Value<bool>::decode(hex("FF")));
  CHECK(tlv::Value<bool>::decode(hex("01")));
  CHECK_FALSE(tlv::Value<bool>::decode(hex("00")));
  CHECK(value_fault<bool>("") == "0 octets, not 1");
  CHECK(value_fault<bool>("FFFF") == "2 octets, not 1");
}

TEST_CASE("a result that has no name is kept as the number that it is") {
  CHECK(tlv::decode<lpa::EnableResponse>(hex("BF310380012A")).result ==
        static_cast<lpa::SwitchResult>(42));
  const auto list = profiles(list_of(in("E3", "930109 950107")));
  CHECK(list.at(0).icon_type == static_cast<lpa::IconType>(9));
  CHECK(list.at(0).profile_class == static_cast<lpa::ProfileClass>(7));
}

TEST_CASE("what a card leaves out of a profile stays empty") {
  const auto list = profiles(list_of(in("E3", "")));
  REQUIRE(list.size() == 1);
  const auto& profile = list[0];
  CHECK_FALSE(profile.iccid);
  CHECK_FALSE(profile.isdp_aid);
  CHECK_FALSE(profile.state);
  CHECK_FALSE(profile.nickname);
  CHECK_FALSE(profile.provider);
  CHECK_FALSE(profile.name);
  CHECK_FALSE(profile.icon_type);
  CHECK_FALSE(profile.icon);
  CHECK_FALSE(profile.profile_class);
  CHECK_FALSE(profile.notifications);
  CHECK_FALSE(profile.owner);
  CHECK_FALSE(profile.policy_rules);
  CHECK_FALSE(profile.enabled());
  CHECK_FALSE(profile.has_rule(lpa::policy_rule::no_disable));
}

TEST_CASE("an empty list of profiles is no error") { CHECK(profiles("BF2D02A000").empty()); }

TEST_CASE("an icon may lack its type and a type its icon") {
  const auto list = profiles(list_of(in("E3", "9404FFD8FFE1") + in("E3", "930101")));
  CHECK(hex(list.at(0).icon.value()) == "FFD8FFE1");
  CHECK_FALSE(list.at(0).icon_type);
  CHECK(list.at(1).icon_type == lpa::IconType::png);
  CHECK_FALSE(list.at(1).icon);
}

TEST_CASE("text of a card is kept as it came with bad UTF-8 and control characters") {
  const auto list = profiles(list_of(in("E3", "9003 1BFF00 9100")));
  CHECK(list.at(0).nickname == std::string("\x1B\xFF\0", 3));
  CHECK(list.at(0).provider == "");
  CHECK_FALSE(list.at(0).name);
}

TEST_CASE("a nickname of 64 octets is read whole") {
  CHECK(profiles(list_of(in("E3", in("90", test::repeated(64, "C3"))))).at(0).nickname->size() ==
        64);
}

TEST_CASE("addresses may be missing, empty, or with a port") {
  const auto decode = [](std::string_view text) {
    return tlv::decode<lpa::ConfiguredAddresses>(hex(text));
  };
  CHECK_FALSE(decode("BF3C00").default_smdp);
  CHECK_FALSE(decode("BF3C00").root_smds);
  CHECK(decode("BF3C04 80008100").default_smdp == "");
  CHECK(decode("BF3C06 8004613A3434").default_smdp == "a:44");
}

TEST_CASE(
    "the memory of a card is a list behind a primitive tag and each of its numbers may be "
    "missing") {
  const auto resources = [](std::string_view text) {
    return tlv::decode<lpa::EuiccInfo2>(
               hex(in("BF22", "8103020301 8203020300 8303010402 8500 A900 AA00" + in("84", text))))
        .resources;
  };
  const auto all = resources("810108 820400045BF8 83022419");
  CHECK(all.installed_applications == 8);
  CHECK(all.free_non_volatile_bytes == 285688);
  CHECK(all.free_volatile_bytes == 9241);
  CHECK_FALSE(resources("810100").free_non_volatile_bytes);
  CHECK_FALSE(resources("").installed_applications);
}

TEST_CASE("what SGP.22 lets a card leave out of EUICCInfo2 stays empty") {
  const auto info = info2_with("");
  CHECK_FALSE(info.ts102241_version);
  CHECK_FALSE(info.globalplatform_version);
  CHECK_FALSE(info.rsp_capability);
  CHECK_FALSE(info.category);
  CHECK_FALSE(info.forbidden_policy_rules);
  CHECK_FALSE(info.pp_version);
  CHECK_FALSE(info.sas_accreditation_number);
  CHECK_FALSE(info.certification_data);
  CHECK_FALSE(info.additional_profile_versions);
  CHECK_FALSE(info.iot_specific_info);
}

TEST_CASE("what only SGP.32 cards have is read under both tags it is seen with") {
  CHECK(info2_with("9400").iot_specific_info);
  CHECK(hex(info2_with("B404 81008200").iot_specific_info.value()) == "81008200");
}

TEST_CASE("the outermost messages have the tags of the specification") {
  CHECK(tlv::schema<lpa::EuiccInfo1>.tag == 0xBF20);
  CHECK(tlv::schema<lpa::EuiccInfo2>.tag == 0xBF22);
  CHECK(tlv::schema<lpa::ProfilesResponse>.tag == 0xBF2D);
  CHECK(tlv::schema<lpa::EnableRequest>.tag == 0xBF31);
  CHECK(tlv::schema<lpa::DisableRequest>.tag == 0xBF32);
  CHECK(tlv::schema<lpa::ConfiguredAddresses>.tag == 0xBF3C);
  CHECK(tlv::schema<lpa::EidRequest>.tag == 0xBF3E);
  CHECK(tlv::schema<lpa::RatRequest>.tag == 0xBF43);
}

TEST_CASE("any profile that is written is read again as it was") {
  CHECK(rc::check([](const std::string& nickname, const std::string& provider,
                     const base::Bytes& icon, std::uint8_t state, std::uint8_t profile_class,
                     std::uint8_t bits) {
    lpa::ProfileInfo profile;
    profile.iccid = lpa::Iccid{{0x98, 0x00, 0x10, 0x32, 0x54, 0x76, 0x98, 0x10, 0x32, state}};
    if (*rc::gen::arbitrary<bool>()) profile.nickname = nickname;
    if (*rc::gen::arbitrary<bool>()) profile.provider = provider;
    if (*rc::gen::arbitrary<bool>()) profile.icon = icon;
    profile.state = static_cast<lpa::ProfileState>(state);
    profile.profile_class = static_cast<lpa::ProfileClass>(profile_class);
    profile.policy_rules = lpa::BitString::from(base::Bytes{0, bits});
    const auto octets = tlv::encode<lpa::ProfilesResponse>(std::vector{profile});
    const auto list =
        std::get<std::vector<lpa::ProfileInfo>>(tlv::decode<lpa::ProfilesResponse>(octets));
    RC_ASSERT(list.size() == 1U);
    RC_ASSERT((list[0].iccid == profile.iccid));
    RC_ASSERT((list[0].nickname == profile.nickname));
    RC_ASSERT((list[0].provider == profile.provider));
    RC_ASSERT((list[0].icon == profile.icon));
    RC_ASSERT((list[0].state == profile.state));
    RC_ASSERT((list[0].profile_class == profile.profile_class));
    RC_ASSERT((list[0].policy_rules == profile.policy_rules));
    RC_ASSERT(tlv::encode<lpa::ProfilesResponse>(list) == octets);
  }));
}
