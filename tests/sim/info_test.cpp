#include <string>

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

// What real cards have sent; the sources are named with each.

using sim::test::hex;
using sim::test::Simulated;

namespace {

/// The simulated card with the data of an SGP.26 test eUICC (euicc-lpa,
/// testdata/cards/omnikey-*.log).
sim::State omnikey() {
  auto state = sim::fresh();
  state.eid = hex("89049032123451234512345678901235");
  state.info.profile_version = {2, 1, 0};
  state.info.svn = {2, 2, 0};
  state.info.firmware = {4, 4, 0};
  state.info.installed_applications = 0;
  state.info.free_memory = 518'706;
  state.info.free_volatile_memory = 5'856;
  state.info.uicc_capability = hex("067F36C0");
  state.info.ts102241_version = sim::Version{9, 2, 0};
  state.info.rsp_capability = hex("0490");
  state.info.verification_keys = {hex("C0BC70BA36929D43B467FF57570530E57AB8FCD8"),
                                  hex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3")};
  state.info.signing_keys = state.info.verification_keys;
  state.info.category = std::nullopt;
  state.info.protection_profile = {0, 0, 1};
  state.info.sas_number = "G&DAccreditationNbr";
  state.info.certification = sim::Certification{"1.2.840.1234567/myPlatformLabel",
                                                "https://mycompany.com/myDLOARegistrar"};
  return state;
}

}  // namespace

TEST_CASE("EUICCInfo2 has the octets of a real card's") {
  Simulated card(omnikey());
  CHECK(card.selected().es10("BF2200") ==
        "BF2281F8810302010082030202008303040400840F81010082040007EA328304000016E08504067F36C0"
        "8603090200870302030088020490A92C0414C0BC70BA36929D43B467FF57570530E57AB8FCD80414F541"
        "72BDF98A95D65CBEB88A38A1C11D800A85C3AA2C0414C0BC70BA36929D43B467FF57570530E57AB8FCD8"
        "0414F54172BDF98A95D65CBEB88A38A1C11D800A85C39902078004030000010C13472644416363726564"
        "69746174696F6E4E6272AC48801F312E322E3834302E313233343536372F6D79506C6174666F726D4C61"
        "62656C812568747470733A2F2F6D79636F6D70616E792E636F6D2F6D79444C4F41526567697374726172"
        "9000");
}

TEST_CASE("EUICCInfo1 has the octets of a real card's") {
  auto state = omnikey();
  state.info.svn = {2, 5, 0};
  std::swap(state.info.verification_keys[0], state.info.verification_keys[1]);
  state.info.signing_keys = state.info.verification_keys;
  Simulated card(state);
  // onomondo-eim doc/examples.md
  CHECK(card.selected().es10("BF2000") ==
        "BF20618203020500A92C0414F54172BDF98A95D65CBEB88A38A1C11D800A85C30414C0BC70BA36929D43"
        "B467FF57570530E57AB8FCD8AA2C0414F54172BDF98A95D65CBEB88A38A1C11D800A85C30414C0BC70BA"
        "36929D43B467FF57570530E57AB8FCD89000");
}

TEST_CASE("EUICCInfo2 without all that is optional still has what is not") {
  auto state = sim::fresh();
  state.info.ts102241_version.reset();
  state.info.globalplatform_version.reset();
  state.info.category.reset();
  state.info.forbidden_rules.reset();
  state.info.certification.reset();
  state.info.verification_keys = {hex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3")};
  state.info.signing_keys = state.info.verification_keys;
  Simulated card(state);
  CHECK(
      card.selected().es10("BF2200") ==
      "BF226F810302030182030203008303010402840F810104820400064CCC8304000024198505067F36F3C088020398"
      "A9160414F54172BDF98A95D65CBEB88A38A1C11D800A85C3AA160414F54172BDF98A95D65CBEB88A38A1C11D800A"
      "85C304030100000C0D45532D494D2D55502D303030319000");
}

TEST_CASE("answers may end with elements that nobody knows, where the ASN.1 has a SEQUENCE") {
  const std::string extra = "9F7E02CAFEFF7D04DF7C0100";
  auto state = sim::fresh();
  state.options.extra_tags = true;
  Simulated card(state);
  card.selected();
  CHECK(card.es10("BF3E035C015A") == "BF3E1E5A10" + base::to_hex(state.eid) + extra + "9000");
  CHECK(card.es10("BF2200").ends_with(extra + "9000"));
  CHECK(card.es10("BF2D10A00C5A0A984401000000002471F65C00") == "BF2D10A00EE30C" + extra + "9000");
  CHECK(card.es10("BF2D05A003950103") == "BF2D038101019000");  // a CHOICE
  CHECK(card.es10("BF2800") == "BF2802A0009000");              // a SEQUENCE OF
  CHECK(card.es10("BF3111A00C5A0A98106200000000131465810100") == "BF310F800100" + extra + "9000");
  const auto notifications = card.es10("BF2800");
  CHECK(notifications.ends_with("5A0A98106200000000131465" + extra + "9000"));
  CHECK(card.es10("BF2B05A003800109") == "BF2B038101019000");  // a CHOICE
  CHECK(card.es10("BF4200") == "6A88");
}

TEST_CASE("the category stands after the key lists") {
  Simulated card;
  const auto info = card.selected().es10("BF2200");
  CHECK(info.find("61B04B628B0102990207800403010000") != std::string::npos);
}

TEST_CASE("the EID has the octets of a real card's") {
  Simulated card(omnikey());
  CHECK(card.selected().es10("BF3E035C015A") == "BF3E125A10890490321234512345123456789012359000");
}

TEST_CASE("GetEID takes no other tag list") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF3E00") == "6A80");
  CHECK(card.es10("BF3E025C00") == "6A80");
  CHECK(card.es10("BF3E035C0190") == "6A80");
  CHECK(card.es10("BF3E045C025A90") == "6A80");
}

TEST_CASE("the rules authorisation table has the octets of a real card's") {
  Simulated card;
  // Infineon LPA, Es10InterfaceTest.java
  CHECK(card.selected().es10("BF4300") ==
        "BF4319A017301580020560A10B30098003EEEEEE81008200820207809000");
}

TEST_CASE("the addresses have the octets of a real card's") {
  auto state = sim::fresh();
  state.default_smdp = "testsmdpplus.infineon.com";
  state.root_smds = "testrootsmds.gsma.com";
  Simulated card(state);
  // Infineon LPA, Es10InterfaceTest.java
  CHECK(card.selected().es10("BF3C00") ==
        "BF3C32801974657374736D6470706C75732E696E66696E656F6E2E636F6D811574657374726F6F74736D64"
        "732E67736D612E636F6D9000");
}

TEST_CASE("the default SM-DP+ can be set and taken away") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF3F0380016D") == "BF3F038001009000");
  CHECK(card.state().default_smdp == "m");
  CHECK(card.es10("BF3C00") == "BF3C1380016D810E6C70612E64732E6578616D706C659000");
  CHECK(card.es10("BF3F028000") == "BF3F038001009000");
  CHECK(card.es10("BF3C00") == "BF3C10810E6C70612E64732E6578616D706C659000");
  CHECK(card.es10("BF3F038001FF") == "BF3F0380017F9000");  // no UTF-8
  CHECK(card.es10("BF3F00") == "6A80");
  CHECK(card.es10("BF3F0381016D") == "6A80");
}
