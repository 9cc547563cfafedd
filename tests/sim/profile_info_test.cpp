#include <string>

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

using sim::test::hex;
using sim::test::Simulated;

namespace {

sim::Profile profile(std::string_view iccid, std::string_view aid,
                     sim::ProfileClass profile_class) {
  sim::Profile made;
  made.iccid = hex(iccid);
  made.isdp_aid = hex(aid);
  made.profile_class = profile_class;
  return made;
}

/// Three profiles of a real test eUICC (Infineon LPA, Es10InterfaceTest.java).
sim::State infineon() {
  using enum sim::ProfileClass;
  auto state = sim::fresh();
  state.profiles = {
      profile("980000000000000030F7", "A0000005591010FFFFFFFF8900001100", test),
      profile("980000000000000060F0", "A0000005591010FFFFFFFF8900001300", test),
      profile("98000000000000000200", "A0000005591010FFFFFFFF8900001200", operational)};
  auto& list = state.profiles;
  list[0].state = sim::ProfileState::enabled;
  list[0].nickname = "Anritsu";
  list[0].provider = "Anritsu";
  list[0].name = "Anritsu Test";
  list[1].nickname = "RS     ";
  list[1].provider = "RS     ";
  list[1].name = "RhodeSchwarz";
  list[2].provider = "Test Service Provider";
  list[2].name = "Test Profile";
  return state;
}

}  // namespace

TEST_CASE("the list of profiles has the octets of a real card's") {
  Simulated card(infineon());
  CHECK(card.selected().es10("BF2D00") ==
        "BF2D81DDA081DAE3455A0A980000000000000030F74F10A0000005591010FFFFFFFF89000011009F7001019007"
        "416E72697473759107416E7269747375920C416E72697473752054657374950100E3455A0A9800000000000000"
        "60F04F10A0000005591010FFFFFFFF89000013009F700100900752532020202020910752532020202020920C52"
        "686F64655363687761727A950100E34A5A0A980000000000000002004F10A0000005591010FFFFFFFF89000012"
        "009F70010091155465737420536572766963652050726F7669646572920C546573742050726F66696C65950102"
        "9000");
}

TEST_CASE("an empty list is an empty sequence") {
  auto state = sim::fresh();
  state.profiles.clear();
  Simulated card(state);
  CHECK(card.selected().es10("BF2D00") == "BF2D02A0009000");  // omnikey-profiles.log
}

TEST_CASE("a tag list is honoured exactly") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF2D045C025A95").substr(0, 40) == "BF2D46A044E30F5A0A984401000000002471F695");
  CHECK(card.es10("BF2D10A00C5A0A984401000000002471F65C00") == "BF2D04A002E3009000");
  CHECK(card.es10("BF2D12A00C5A0A984401000000002471F65C029F70") == "BF2D08A006E3049F7001019000");
  CHECK(card.es10("BF2D11A00C5A0A984401000000002471F65C0190") == "BF2D0AA008E3069004486F6D659000");
}

TEST_CASE("the icon comes when it is asked for") {
  Simulated card;
  card.selected();
  const auto icon = card.es10("BF2D12A00C5A0A981062000000001314655C029394");
  CHECK(icon.substr(0, 40) == "BF2D820109A0820105E38201019301019481FB89");
}

TEST_CASE("owner, notification configuration and policy rules come only when they are asked for") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF2D11A00C5A0A984401000000002471F65C01B7") ==
        "BF2D0FA00DE30BB709800399F90781024D019000");
  CHECK(card.es10("BF2D11A00C5A0A9868005B1000325476985C01B7").substr(0, 12) == "BF2D11A00FE3");
  // All four events are 04F0; enable and disable are 0560.
  CHECK(card.es10("BF2D11A00C5A0A984401000000002471F65C01B6") ==
        "BF2D3EA03CE33AB6383019800204F08113736D64702E6D6561646F772E6578616D706C65301B"
        "8002056081156576656E74732E6D6561646F772E6578616D706C659000");
  CHECK(card.es10("BF2D11A00C5A0A980001214365870971FF5C0199") ==
        "BF2D08A006E304990205209000");  // PPR2 alone
  CHECK(card.es10("BF2D00").find("B706") == std::string::npos);
}

TEST_CASE("a profile without policy rules has none to tell") {
  Simulated card;
  CHECK(card.selected().es10("BF2D11A00C5A0A984401000000002471F65C0199") == "BF2D04A002E3009000");
}

TEST_CASE("state disabled and class operational may be left out, and so may an ISD-P AID") {
  auto state = sim::fresh();
  state.options.defaults_left_out = true;
  state.profiles[0].isdp_aid.clear();
  Simulated card(state);
  CHECK(
      card.selected().es10("BF2D075C059F70954F5A") ==
      "BF2D7AA078E3105A0A984401000000002471F69F700101E31E5A0A981062000000001314654F10A0000005591010"
      "FFFFFFFF8900001200E3215A0A9868005B1000325476984F10A0000005591010FFFFFFFF8900001300950100E3"
      "215A0A980001214365870971FF4F10A0000005591010FFFFFFFF89000014009501019000");
}

TEST_CASE("profiles can be searched by ICCID, ISD-P AID and class") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF2D17A0124F10A0000005591010FFFFFFFF89000012005C0190") ==
        "BF2D0CA00AE30890065472617665"
        "6C9000");
  CHECK(card.es10("BF2D08A0039501005C015A") == "BF2D10A00EE30C5A0A9868005B1000325476989000");
  CHECK(card.es10("BF2D08A0039501015C0191") ==
        "BF2D0FA00DE30B9109436172"
        "64776F726B739000");
  CHECK(card.es10("BF2D08A0039501025C0195") == "BF2D0CA00AE303950102E3039501029000");
  CHECK(card.es10("BF2D0EA00C5A0A98440100000000247100") == "BF2D02A0009000");
}

TEST_CASE("a search that cannot be is told as incorrectInputValues") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF2D05A003950103") == "BF2D038101019000");
  CHECK(card.es10("BF2D035C019F") == "BF2D038101019000");  // ends within a tag
}

TEST_CASE("tags that the card does not know are left out") {
  Simulated card;
  CHECK(card.selected().es10("BF2D13A00C5A0A984401000000002471F65C03BF7690") ==
        "BF2D0AA008E3069004486F6D659000");
}

TEST_CASE("a malformed search is refused") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF2D02A000") == "6A80");
  CHECK(card.es10("BF2D04A0025A00") == "6A80");
  CHECK(card.es10("BF2D05A003900141") == "6A80");
  CHECK(card.es10("BF2D065C015AA00190") == "6A80");
  CHECK(card.es10("BF2D0D5A0A984401000000002471F6") == "6A80");
  CHECK(card.es10("BF2D0C5A0A984401000000002471F6") == "6A80");  // no A0 around it
}
