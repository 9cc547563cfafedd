#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

using sim::test::select_isdr;
using sim::test::Simulated;

namespace {

// The profiles of a fresh card.
const std::string home = "5A0A984401000000002471F6";  // enabled
const std::string travel = "5A0A98106200000000131465";
const std::string bootstrap = "5A0A980001214365870971FF";
const std::string nobody = "5A0A98000000000000000000";
const std::string travel_aid = "4F10A0000005591010FFFFFFFF8900001200";

std::string enable(const std::string& id, const std::string& refresh = "810100") {
  return "BF3111A00C" + id + refresh;
}
std::string disable(const std::string& id, const std::string& refresh = "810100") {
  return "BF3211A00C" + id + refresh;
}

std::vector<bool> enabled(const Simulated& card) {
  std::vector<bool> list;
  for (const auto& profile : card.state().profiles) {
    list.push_back(profile.state == sim::ProfileState::enabled);
  }
  return list;
}

sim::State with_ppr1() {
  auto state = sim::fresh();
  state.profiles[0].rules.ppr1 = true;
  return state;
}

}  // namespace

TEST_CASE("enabling one profile disables the other") {
  Simulated card;
  CHECK(card.selected().es10(enable(travel)) == "BF31038001009000");
  CHECK(enabled(card) == std::vector{false, true, false, false});
}

TEST_CASE("a switch makes one notification for each address that is configured") {
  Simulated card;
  card.selected().es10(enable(travel));
  using enum sim::Event;
  const auto& made = card.state().notifications;
  REQUIRE(made.size() == 3);
  CHECK(made[0] ==
        sim::Notification{1, disable, "smdp.meadow.example", card.state().profiles[0].iccid});
  CHECK(made[1] ==
        sim::Notification{2, disable, "events.meadow.example", card.state().profiles[0].iccid});
  CHECK(made[2] ==
        sim::Notification{3, enable, "rsp.roamwell.example", card.state().profiles[1].iccid});
  CHECK(card.state().next_sequence == 4);
}

TEST_CASE("a profile can be named by its AID") {
  Simulated card;
  CHECK(card.selected().es10("BF3117A012" + travel_aid + "810100") == "BF31038001009000");
  CHECK(card.es10("BF3217A012" + travel_aid + "810100") == "BF32038001009000");
  CHECK(card.es10("BF3312" + travel_aid) == "BF33038001009000");
}

TEST_CASE("enabling tells what is in the way") {
  Simulated card;
  card.selected();
  CHECK(card.es10(enable(nobody)) == "BF31038001019000");  // Infineon LPA: a real card's answer
  CHECK(card.es10(enable(home)) == "BF31038001029000");
  Simulated locked(with_ppr1());
  CHECK(locked.selected().es10(enable(travel)) == "BF31038001039000");
  CHECK(enabled(locked) == std::vector{true, false, false, false});
  CHECK(locked.state().notifications.empty());
}

TEST_CASE("with no profile enabled, enabling disturbs nobody") {
  Simulated card;
  card.selected().es10(disable(home));
  CHECK(enabled(card) == std::vector{false, false, false, false});
  CHECK(card.es10(enable(travel)) == "BF31038001009000");
  CHECK(card.state().notifications.size() == 3);
}

TEST_CASE("disabling tells what is in the way") {
  Simulated card;
  card.selected();
  CHECK(card.es10(disable(nobody)) == "BF32038001019000");
  CHECK(card.es10(disable(travel)) == "BF32038001029000");
  CHECK(card.es10(disable(home)) == "BF32038001009000");
  CHECK(card.es10(disable(home)) == "BF32038001029000");
  Simulated locked(with_ppr1());
  CHECK(locked.selected().es10(disable(home)) == "BF32038001039000");
}

TEST_CASE("deleting tells what is in the way") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF330C" + nobody) == "BF33038001019000");
  CHECK(card.es10("BF330C" + home) == "BF33038001029000");
  CHECK(card.es10("BF330C" + bootstrap) == "BF33038001039000");
  const auto free = card.state().info.free_memory;
  CHECK(card.es10("BF330C" + travel) == "BF33038001009000");
  CHECK(card.state().profiles.size() == 3);
  CHECK(card.state().info.free_memory > free);
  REQUIRE(card.state().notifications.size() == 1);
  CHECK(card.state().notifications[0].operation == sim::Event::remove);
  CHECK(card.es10("BF330C" + travel) == "BF33038001019000");
}

TEST_CASE("a request that is not as the ASN.1 has it is refused") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF310EA00C" + travel) == "6A80");  // no refreshFlag
  CHECK(card.es10("BF320EA00C" + home) == "6A80");
  CHECK(card.es10("BF310F" + travel + "810100") == "6A80");  // no A0
  CHECK(card.es10(enable(travel, "010100")) == "6A80");      // a universal BOOLEAN
  CHECK(card.es10(enable(travel, "810101")) == "6A80");      // neither 00 nor FF
  CHECK(card.es10("BF3113A00C" + travel + "8100" + "810100") == "6A80");
  CHECK(card.es10("BF3114A00C" + travel + "810100" + "820100") == "6A80");
  CHECK(card.es10("BF3110A00B5A0998106200000000131481" + std::string("0100")) == "6A80");
  CHECK(card.es10("BF330EA00C" + travel) == "6A80");  // DeleteProfile has no A0
  CHECK(card.es10("BF330F" + travel + "810100") == "6A80");
  CHECK(card.es10("BF3300") == "6A80");
  CHECK(card.state() == sim::fresh());
}

TEST_CASE("a REFRESH that was asked for is told by 91xx") {
  Simulated card;
  CHECK(card.selected().es10(enable(travel, "8101FF")) == "BF3103800100910B");
  CHECK(card.es10(disable(travel, "8101FF")) == "BF3203800100910B");
  CHECK(card.es10(disable(travel, "8101FF")) == "BF32038001029000");  // nothing changed
  auto state = sim::fresh();
  state.options.proactive_status = false;
  Simulated quiet(state);
  CHECK(quiet.selected().es10(enable(travel, "8101FF")) == "BF31038001009000");
}

TEST_CASE("a card may refuse ES10 after a REFRESH until it is reset") {
  auto state = sim::fresh();
  state.options.busy_until_reset = true;
  Simulated card(state);
  card.selected();
  CHECK(card.es10(enable(travel)) == "BF31038001009000");
  CHECK(card.es10(enable(home, "8101FF")) == "BF3103800100910B");
  CHECK(card.es10("BF2D00") == "6985");
  card.card().reset();
  card(select_isdr);
  CHECK(card.es10("BF2D00").substr(0, 4) == "BF2D");
}

TEST_CASE("a card may refuse ICCIDs and still take AIDs") {
  auto state = sim::fresh();
  state.options.enable_by_iccid_refused = true;
  Simulated card(state);
  CHECK(card.selected().es10(enable(travel)) == "BF310380017F9000");
  CHECK(card.es10("BF3117A012" + travel_aid + "810100") == "BF31038001009000");
}

TEST_CASE("a card may refuse every switch that asks for a REFRESH") {
  auto state = sim::fresh();
  state.options.refresh_refused = true;
  Simulated card(state);
  card.selected();
  CHECK(card.es10(enable(travel, "8101FF")) == "BF310380017F9000");
  CHECK(card.es10(disable(home, "8101FF")) == "BF320380017F9000");
  CHECK(card.state() == state);
  CHECK(card.es10(enable(travel)) == "BF31038001009000");
  CHECK(card.es10(disable(travel)) == "BF32038001009000");
}

TEST_CASE("a card may list its profiles as they were until it is reset") {
  auto state = sim::fresh();
  const std::string list = "BF2D055C039F705A";
  Simulated plain(state);
  const auto before = plain.selected().es10(list);
  plain.es10(enable(travel));
  const auto after = plain.es10(list);
  CHECK(after != before);

  state.options.change_at_reset = true;
  Simulated card(state);
  card.selected().es10(enable(travel));
  CHECK(card.es10(list) == before);
  CHECK(card.es10(enable(travel)) == "BF31038001029000");  // but it is done
  card.es10(disable(travel));
  CHECK(card.es10(list) == before);
  card.es10(enable(travel));
  card.card().reset();
  CHECK(card.selected().es10(list) == after);
}

TEST_CASE("a dialogue of the CAT keeps a card from switching once or until it is reset") {
  for (const bool once : {true, false}) {
    auto state = sim::fresh();
    state.options.cat_busy = once ? sim::CatBusy::once : sim::CatBusy::until_reset;
    Simulated card(state);
    card.selected();
    CHECK(card.es10("BF290F" + travel + "900141") == "BF29038001009000");
    CHECK(card.es10(enable(travel)) == "BF31038001059000");
    CHECK(enabled(card) == std::vector{true, false, false, false});
    CHECK(card.es10(disable(home)) == (once ? "BF32038001009000" : "BF32038001059000"));
    CHECK(card.es10("BF340482020640") == (once ? "BF34038001009000" : "BF34038001059000"));
    card.card().reset();
    CHECK(card.selected().es10(enable(travel)) == "BF31038001009000");
  }
}

TEST_CASE("a card whose memory is full keeps no new text, but takes one away") {
  auto state = sim::fresh();
  state.options.memory_full = true;
  Simulated card(state);
  card.selected();
  CHECK(card.es10("BF290F" + travel + "900141") == "BF290380017F9000");
  CHECK(card.es10("BF290E" + travel + "9000") == "BF29038001009000");
  CHECK(card.es10("BF3F0380016D") == "BF3F0380017F9000");
  CHECK(card.state().default_smdp == state.default_smdp);
  CHECK(card.es10("BF3F028000") == "BF3F038001009000");
  CHECK(card.es10("BF2200").find("820400000000") != std::string::npos);  // free, non-volatile
  CHECK(card.es10("BF330C" + travel) == "BF33038001009000");
}

TEST_CASE(
    "only what a profile is configured to tell becomes a notification, in the order of events") {
  using enum sim::Event;
  auto state = sim::fresh();
  state.profiles[0].notifications = {
      {{disable}, "a.example"}, {{enable}, "b.example"}, {{disable, enable}, "c.example"}};
  state.profiles[1].notifications = {{{install, remove}, "d.example"}, {{enable}, "e.example"}};
  state.next_sequence = 7;
  Simulated card(state);
  card.selected().es10(::enable(travel));
  const auto& iccid = state.profiles[0].iccid;
  CHECK(card.state().notifications ==
        std::vector<sim::Notification>{{7, disable, "a.example", iccid},
                                       {8, disable, "c.example", iccid},
                                       {9, enable, "e.example", state.profiles[1].iccid}});
}

TEST_CASE("any result can be forced") {
  auto state = sim::fresh();
  state.options.enable_result = 5;  // catBusy
  state.options.disable_result = 5;
  state.options.delete_result = 127;
  state.options.reset_result = 5;
  Simulated card(state);
  card.selected();
  CHECK(card.es10(enable(travel, "8101FF")) == "BF31038001059000");
  CHECK(card.es10(disable(home)) == "BF32038001059000");
  CHECK(card.es10("BF330C" + travel) == "BF330380017F9000");
  CHECK(card.es10("BF3404820205E0") == "BF34038001059000");
  CHECK(card.state().profiles == sim::fresh().profiles);
}

TEST_CASE("a nickname is set, and taken away by an empty one") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF2911" + travel + "9003C3A942") == "BF29038001009000");
  CHECK(card.state().profiles[1].nickname == "\xC3\xA9\x42");
  CHECK(card.es10("BF290E" + travel + "9000") == "BF29038001009000");
  CHECK(card.state().profiles[1].nickname == std::nullopt);
}

TEST_CASE("a nickname has at most 64 octets of UTF-8") {
  Simulated card;
  card.selected();
  const auto set = [&](const std::string& outer, const std::string& length, std::size_t octets) {
    std::string text;
    for (std::size_t i = 0; i < octets; ++i) text += "41";
    return card.es10("BF29" + outer + travel + "90" + length + text);
  };
  CHECK(set("4E", "40", 64) == "BF29038001009000");
  CHECK(set("4F", "41", 65) == "BF290380017F9000");
  CHECK(card.es10("BF290F" + travel + "9001C3") == "BF290380017F9000");      // cut short
  CHECK(card.es10("BF2910" + travel + "9002C080") == "BF290380017F9000");    // over-long
  CHECK(card.es10("BF2911" + travel + "9003EDA080") == "BF290380017F9000");  // a surrogate
  CHECK(card.es10("BF290F" + nobody + "900141") == "BF29038001019000");
  CHECK(card.es10("BF290C" + travel) == "6A80");
  CHECK(card.es10("BF290E5A0998106200000000131490"
                  "0141") == "6A80");
}

TEST_CASE("a memory reset deletes what it is told to") {
  auto state = sim::fresh();
  state.default_smdp = "mine.example";
  Simulated card(state);
  card.selected();
  CHECK(card.es10("BF340482020520") == "BF34038001009000");  // the address only
  CHECK(card.state().default_smdp == "smdp.cardworks.example");
  CHECK(card.state().profiles.size() == 4);
  CHECK(card.es10("BF340482020640") == "BF34038001009000");  // test profiles
  CHECK(card.state().profiles.size() == 3);
  CHECK(card.es10("BF340482020640") == "BF34038001019000");  // nothing to delete
  CHECK(card.es10("BF340482020780") == "BF3403800100910B");  // the enabled one among them
  REQUIRE(card.state().profiles.size() == 1);
  CHECK(card.state().profiles[0].profile_class == sim::ProfileClass::provisioning);
  CHECK(card.state().notifications.size() == 2);
  CHECK(card.es10("BF3403820100") == "BF34038001019000");
  CHECK(card.es10("BF3400") == "6A80");
  CHECK(card.es10("BF340482020980") == "6A80");
}

TEST_CASE("a memory reset leaves test profiles that were there from the start") {
  auto state = sim::fresh();
  state.profiles[2].preloaded = true;
  Simulated card(state);
  CHECK(card.selected().es10("BF340482020640") == "BF34038001019000");
}

TEST_CASE("notifications have the octets of a real card's") {
  auto state = sim::fresh();
  const auto iccid = sim::test::hex("98001032547698103214");
  state.notifications = {{27, sim::Event::install, "127.0.0.1", iccid},
                         {28, sim::Event::install, "127.0.0.1", iccid}};
  Simulated card(state);
  // euicc-lpa testdata/cards/omnikey-notifications.log, the last two
  CHECK(card.selected().es10("BF2800") ==
        "BF2844A042BF2F1E80011B810207800C093132372E302E302E315A0A98001032547698103214BF2F1E80011C"
        "810207800C093132372E302E302E315A0A980010325476981032149000");
}

TEST_CASE("notifications can be filtered by event") {
  Simulated card;
  card.selected();
  CHECK(card.es10("BF2800") == "BF2802A0009000");  // Infineon LPA: a real card's answer
  card.es10(enable(travel));
  CHECK(card.es10("BF280481020640") ==
        "BF282EA02CBF2F29800103810206400C147273702E726F616D77656C6C2E6578616D706C655A0A98106200"
        "0000001314659000");
  CHECK(card.es10("BF280481020410") == "BF2802A0009000");
  CHECK(card.es10("BF2803810100") == "BF2802A0009000");
  CHECK(card.es10("BF280481020840") == "6A80");
  CHECK(card.es10("BF280482020640") == "6A80");
}

TEST_CASE("a notification is removed once") {
  auto state = sim::fresh();
  state.next_sequence = 0x80;
  Simulated card(state);
  card.selected().es10(disable(home));
  CHECK(card.es10("BF300480020080") == "BF30038001009000");
  CHECK(card.es10("BF300480020080") == "BF30038001019000");
  CHECK(card.state().notifications.size() == 1);
  CHECK(card.es10("BF2800").substr(0, 24) == "BF2830A02EBF2F2B80020081");  // 0x81 with a leading 00
  CHECK(card.es10("BF3003800180") == "6A80");                              // negative
  CHECK(card.es10("BF300480020001") == "6A80");                            // a needless zero
  CHECK(card.es10("BF3000") == "6A80");
}
