#include "lpa/euicc.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/scripted_card.hpp"

using lpa::ProfileFields;
using test::hex;

namespace {

/// The line of an ES10 request of less than 256 octets on channel 1 over T=1.
test::Line es10(const std::string& request, const std::string& answer) {
  const auto octets = hex(request);
  return {"81E29100" + hex(base::Bytes{static_cast<std::uint8_t>(octets.size())}) + request + "00",
          answer};
}

/// An eUICC of which the ISD-R is open, and which then expects the given requests.
class Opened {
 public:
  explicit Opened(const std::vector<test::Line>& lines) : card_(script(lines)) {
    isdr_ = std::move(std::get<std::unique_ptr<lpa::Isdr>>(lpa::Isdr::find(card_, {})));
    euicc_ = std::make_unique<lpa::Euicc>(*isdr_);
  }
  Opened(const std::string& request, const std::string& answer) : Opened({es10(request, answer)}) {}

  lpa::Euicc* operator->() { return euicc_.get(); }

 private:
  static std::vector<test::Line> script(const std::vector<test::Line>& lines) {
    std::vector<test::Line> all{
        {"80AA00000AA9088100820101830107", "9000"},
        {"0070000001", "019000"},
        {"01A4040010A0000005591010FFFFFFFF890000010000", "9000"},
        {"81E2910006BF3E035C015A00", "BF3E125A10890490449000000000000000001023559000"}};
    all.insert(all.end(), lines.begin(), lines.end());
    all.push_back({"00708001", "9000"});
    return all;
  }

  test::ScriptedCard card_;
  std::unique_ptr<lpa::Isdr> isdr_;
  std::unique_ptr<lpa::Euicc> euicc_;
};

constexpr auto state_request = "BF2D065C045A4F9F70";
constexpr auto list_request = "BF2D0D5C0B5A4F9F709091929395 99B7";
constexpr auto details_request = "BF2D0F5C0D5A4F9F70909192939495 99B6B7";

std::string without_blanks(const std::string& text) { return hex(hex(text)); }

const lpa::Iccid iccid{{0x98, 0x00, 0x10, 0x32, 0x54, 0x76, 0x98, 0x10, 0x32, 0x14}};

// Infineon/optiga-connect-consumer-lpa-android@5cd76399ea: Es10InterfaceTest.java
constexpr auto three_profiles =
    "BF2D81DDA081DAE3455A0A980000000000000030F74F10A0000005591010FFFFFFFF89000011009F7001019007416E"
    "72697473759107416E"
    "7269747375920C416E72697473752054657374950100E3455A0A980000000000000060F04F10A0000005591010FFFF"
    "FFFF89000013009F70"
    "0100900752532020202020910752532020202020920C52686F64655363687761727A950100E34A5A0A980000000000"
    "000002004F10A00000"
    "05591010FFFFFFFF89000012009F70010091155465737420536572766963652050726F7669646572920C5465737420"
    "50726F66696C659501"
    "02";

}  // namespace

TEST_CASE("the profiles of a foreign card come out as its owner sees them") {
  Opened euicc(without_blanks(list_request), std::string(three_profiles) + "9000");
  const auto profiles = euicc->profiles(ProfileFields::list);
  REQUIRE(profiles.size() == 3);
  CHECK(profiles[0].iccid->digits() == "8900000000000000037");
  CHECK(profiles[0].enabled());
  CHECK(profiles[0].nickname == "Anritsu");
  CHECK(profiles[0].profile_class == lpa::ProfileClass::test);
  CHECK(profiles[1].nickname == "RS     ");
  CHECK_FALSE(profiles[1].enabled());
  CHECK_FALSE(profiles[2].nickname);
  CHECK(profiles[2].iccid->digits() == "89000000000000002000");
  CHECK(profiles[2].isdp_aid->hex() == "A0000005591010FFFFFFFF8900001200");
  CHECK(profiles[2].profile_class == lpa::ProfileClass::operational);
}

TEST_CASE("a list never asks for icons and details do") {
  const std::string list = without_blanks(list_request);
  const std::string details = without_blanks(details_request);
  CHECK(list.find("94") == std::string::npos);
  CHECK(details.find("94") != std::string::npos);
  Opened euicc({es10(state_request, "BF2D02A0009000"), es10(list, "BF2D02A0009000"),
                es10(details, "BF2D02A0009000")});
  CHECK(euicc->profiles(ProfileFields::state).empty());
  CHECK(euicc->profiles(ProfileFields::list).empty());
  CHECK(euicc->profiles(ProfileFields::details).empty());
}

TEST_CASE("profiles are searched with ten octets of ICCID, an identifier or a class") {
  Opened euicc(
      {es10("BF2D14A00C5A0A980010325476981032145C045A4F9F70", "BF2D02A0009000"),
       es10("BF2D1AA0124F10A0000005591010FFFFFFFF89000011005C045A4F9F70", "BF2D02A0009000"),
       es10("BF2D0BA0039501025C045A4F9F70", "BF2D02A0009000")});
  CHECK(euicc->profiles(ProfileFields::state, iccid).empty());
  CHECK(
      euicc->profiles(ProfileFields::state, lpa::Aid::from_hex("A0000005591010FFFFFFFF8900001100"))
          .empty());
  CHECK(euicc->profiles(ProfileFields::state, lpa::ProfileClass::operational).empty());
}

TEST_CASE("a card that refuses a tag list is asked without one") {
  for (const auto* refusal : {"6A80", "6A88", "6700", "BF2D038101019000", "BF2D0381017F9000"}) {
    CAPTURE(refusal);
    Opened euicc({es10(state_request, refusal), es10("BF2D00", "BF2D02A0009000")});
    CHECK(euicc->profiles(ProfileFields::state).empty());
  }
}

TEST_CASE("a card that refuses to list is told as a refusal with its own word") {
  Opened euicc({es10(state_request, "BF2D0381017F9000"), es10("BF2D00", "BF2D0381017F9000")});
  const auto error = test::error_of([&] { euicc->profiles(ProfileFields::state); });
  REQUIRE(error);
  CHECK(error->kind() == base::ErrorKind::refused);
  CHECK(error->code() == "card.refused-list");
  CHECK(std::string(error->what()).find("undefinedError (127)") != std::string::npos);
  // waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-profiles-error.log
  Opened again({es10(state_request, "BF2D038101019000"), es10("BF2D00", "BF2D038101019000")});
  CHECK(test::error_code([&] { again->profiles(ProfileFields::state); }) == "card.refused-list");
}

TEST_CASE("a status word instead of a list is an error that names function and number") {
  Opened euicc({es10(state_request, "6985"), es10("BF2D00", "6985")});
  const auto error = test::error_of([&] { euicc->profiles(ProfileFields::state); });
  REQUIRE(error);
  CHECK(error->kind() == base::ErrorKind::card);
  CHECK(error->code() == "card.status");
  CHECK(std::string(error->what()) ==
        "the card refused GetProfilesInfo: conditions of use not satisfied (6985)");
  CHECK_FALSE(error->hints().empty());
}

TEST_CASE("a status word without a name is told by its number") {
  CHECK(std::string(lpa::status_error("GetEuiccInfo2", 0x6AFF).what()) ==
        "the card refused GetEuiccInfo2: unknown status word (6AFF)");
}

TEST_CASE("an answer that cannot be read is a fault of the card with the path to it") {
  for (const auto* answer :
       {"9000", "DEADBEEF9000", "BF2D0AA008E3065A0498001032", "BF2D8400000000009000"}) {
    CAPTURE(answer);
    Opened euicc(state_request,
                 std::string(answer).ends_with("9000") ? answer : std::string(answer) + "9000");
    const auto error = test::error_of([&] { euicc->profiles(ProfileFields::state); });
    REQUIRE(error);
    CHECK(error->kind() == base::ErrorKind::card);
    CHECK(error->code() == "card.malformed-answer");
    CHECK(std::string(error->what()).find("ProfileInfoListResponse") != std::string::npos);
  }
}

TEST_CASE("what a card says of itself in EUICCInfo1 and 2 is read") {
  // openharmony/telephony_core_service@263b45b5ac:test/unittest/esim_gtest/esim_test.cpp
  Opened first("BF2000",
               "BF20618203020202A92C0414F54172BDF98A95D65CBEB88A38A1C11D800A85C30414C0BC70BA36929D4"
               "3B467FF57570530E57AB8"
               "FCD8AA2C0414F54172BDF98A95D65CBEB88A38A1C11D800A85C30414C0BC70BA36929D43B467FF57570"
               "530E57AB8FCD89000");
  const auto info1 = first->info1().value;
  CHECK(info1.svn.text() == "2.2.2");
  REQUIRE(info1.ci_for_verification.size() == 2);
  CHECK(hex(info1.ci_for_verification[0]) == "F54172BDF98A95D65CBEB88A38A1C11D800A85C3");
  CHECK(hex(info1.ci_for_signing.at(1)) == "C0BC70BA36929D43B467FF57570530E57AB8FCD8");

  // 1oT/YggdraSIM@d7aa7d7cff:tests/test_scp11_console.py: an SGP.32 card
  Opened second("BF2200",
                "BF228192810302030182030206008303260116840D81010882040002EC08830224DF8505007FB6F3C1"
                "860311020087030203008802"
                "029CA916041481370F5125D0B1D408D4C3B232E6D25E795BEBFBAA16041481370F5125D0B1D408D4C3"
                "B232E6D25E795BEBFB990206"
                "400403FFFFFF0C0D4B4E2D444E2D55502D30333237AF050403030301900101B40BA005040301020081"
                "0082009000");
  const auto info2 = second->info2();
  CHECK(info2.svn.text() == "2.6.0");
  CHECK(info2.firmware_version.text() == "38.1.22");
  CHECK(info2.resources.free_non_volatile_bytes == 191496);
  CHECK(info2.pp_version->text() == "255.255.255");
  CHECK(info2.sas_accreditation_number == "KN-DN-UP-0327");
  CHECK(info2.iot_specific_info);
  CHECK(info2.forbidden_policy_rules->has(lpa::policy_rule::no_disable));
  CHECK_FALSE(info2.category);
}

TEST_CASE("functions that a card may lack are empty when it refuses them") {
  for (const auto* refusal : {"6A88", "6D00", "6A80", "6985"}) {
    CAPTURE(refusal);
    Opened euicc({es10("BF3C00", refusal), es10("BF4300", refusal)});
    CHECK_FALSE(euicc->addresses());
    CHECK_FALSE(euicc->authorisation_table());
  }
}

TEST_CASE("functions that a card may lack are still errors when their answer cannot be read") {
  Opened euicc({es10("BF3C00", "DEAD9000"), es10("BF4300", "9000")});
  CHECK(test::error_code([&] { euicc->addresses(); }) == "card.malformed-answer");
  CHECK(test::error_code([&] { euicc->authorisation_table(); }) == "card.malformed-answer");
}

TEST_CASE("addresses and authorisation table of a foreign card are read") {
  // Infineon/optiga-connect-consumer-lpa-android@5cd76399ea: Es10InterfaceTest.java
  Opened euicc({es10("BF3C00",
                     "BF3C32801974657374736D6470706C75732E696E66696E656F6E2E636F6D811574657374726F6"
                     "F74736D64732E67736D612E"
                     "636F6D9000"),
                es10("BF4300", "BF4319A017301580020560A10B30098003EEEEEE81008200820207809000")});
  const auto addresses = euicc->addresses();
  REQUIRE(addresses);
  CHECK(addresses->default_smdp == "testsmdpplus.infineon.com");
  CHECK(addresses->root_smds == "testrootsmds.gsma.com");
  const auto table = euicc->authorisation_table();
  REQUIRE(table);
  REQUIRE(table->rules.size() == 1);
  const auto& rule = table->rules[0];
  CHECK(rule.policy_rules.has(lpa::policy_rule::no_disable));
  CHECK(rule.policy_rules.has(lpa::policy_rule::no_delete));
  CHECK_FALSE(rule.policy_rules.has(lpa::policy_rule::update_control));
  CHECK(rule.flags.has(lpa::consent_required));
  REQUIRE(rule.operators.size() == 1);
  CHECK(rule.operators[0].plmn.mcc() == "EEE");
  CHECK(rule.operators[0].gid1 == base::Bytes{});
}

TEST_CASE("a switch gives the card's result whatever it is") {
  const std::vector<std::pair<std::string, lpa::SwitchResult>> results{
      {"00", lpa::SwitchResult::ok},
      {"01", lpa::SwitchResult::not_found},
      {"02", lpa::SwitchResult::wrong_state},
      {"03", lpa::SwitchResult::disallowed_by_policy},
      {"04", lpa::SwitchResult::wrong_profile_reenabling},
      {"05", lpa::SwitchResult::cat_busy},
      {"7F", lpa::SwitchResult::undefined},
      {"2A", static_cast<lpa::SwitchResult>(42)}};
  for (const auto& [octet, result] : results) {
    CAPTURE(octet);
    Opened euicc({es10("BF3111A00C5A0A980010325476981032148101FF", "BF31038001" + octet + "9000"),
                  es10("BF3211A00C5A0A98001032547698103214810100", "BF32038001" + octet + "9000")});
    CHECK(euicc->enable(iccid, true).result == result);
    CHECK(euicc->disable(iccid, false).result == result);
  }
}

TEST_CASE("a switch with a proactive command pending succeeded") {
  Opened euicc("BF3111A00C5A0A980010325476981032148101FF", "BF3103800100910B");
  const auto outcome = euicc->enable(iccid, true);
  CHECK(outcome.result == lpa::SwitchResult::ok);
  CHECK(outcome.sw == 0x910B);
}

TEST_CASE("a switch that the card answers with a status word alone has no result") {
  for (const auto* sw : {"9000", "910B", "6F00", "6881", "6985"}) {
    CAPTURE(sw);
    Opened euicc("BF3111A00C5A0A980010325476981032148101FF", sw);
    const auto outcome = euicc->enable(iccid, true);
    CHECK_FALSE(outcome.result);
    CHECK(hex(base::Bytes{static_cast<std::uint8_t>(outcome.sw >> 8U),
                          static_cast<std::uint8_t>(outcome.sw)}) == sw);
  }
}

TEST_CASE("a profile can be switched by its application identifier") {
  Opened euicc("BF3117A0124F10A0000005591010FFFFFFFF8900001100810100", "BF31038001009000");
  const auto aid = lpa::Aid::from_hex("A0000005591010FFFFFFFF8900001100");
  CHECK(euicc->enable(*aid, false).result == lpa::SwitchResult::ok);
}

TEST_CASE("an answer to another request than the one sent is not taken for a result") {
  Opened euicc("BF3111A00C5A0A980010325476981032148101FF", "BF32038001009000");
  CHECK(test::error_code([&] { euicc->enable(iccid, true); }) == "card.malformed-answer");
}

TEST_CASE("a revocation list is handed over with [0] in place of the tag of its SEQUENCE") {
  // SGP.22 v2.5 5.7.12 and annex H: AUTOMATIC TAGS, and no component has a tag of its own.
  Opened euicc("BF3505A003020101", "BF3502A0009000");
  CHECK(std::holds_alternative<lpa::CrlLoaded>(euicc->load_crl(hex("3003020101"))));
  Opened refusing("BF3505A003020101", "BF35038101019000");
  CHECK(std::get<lpa::LoadCrlError>(refusing->load_crl(hex("3003020101"))) ==
        lpa::LoadCrlError::invalid_signature);
}

TEST_CASE("what is no revocation list never reaches the card") {
  Opened euicc(std::vector<test::Line>{});
  for (const auto* text : {"", "30", "3103020101", "300302010100"}) {
    CAPTURE(text);
    CHECK(test::error_code([&] { euicc->load_crl(hex(text)); }) == "crl.malformed");
  }
}
