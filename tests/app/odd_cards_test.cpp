#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/chip.hpp"
#include "app/default_smdp.hpp"
#include "app/notifications.hpp"
#include "app/profiles.hpp"
#include "app/remove.hpp"
#include "app/rename.hpp"
#include "app/reset.hpp"
#include "app/switch.hpp"
#include "tests/app/simulated_session.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/manual_clock.hpp"

/// Cards that are peculiar about what they do and tell.

namespace {

using app_test::open;
using test::error_code;
using test::is_request;

/// The switches that a card was asked for: E or D, by ICCID or AID, with or without REFRESH.
struct Asked {
  std::vector<std::string> switches;
  base::Bytes operator()(sim::Card& card, base::ByteView command) {
    const bool enable = is_request(command, 0xBF, 0x31);
    if (enable || is_request(command, 0xBF, 0x32)) {
      switches.push_back(std::string(enable ? "E" : "D") +
                         (command[10] == 0x5A ? " iccid" : " aid") +
                         (command.back() == 0xFF ? " refresh" : ""));
    }
    return card.transmit(command);
  }
};

bool is_enabled(const app_test::Opened& opened, std::size_t index) {
  return opened.card->state().profiles[index].state == sim::ProfileState::enabled;
}

std::vector<lpa::ProfileInfo> list(const app_test::Opened& opened) {
  return opened.session->euicc().profiles(lpa::ProfileFields::list);
}

void agree(const lpa::ProfileInfo&) {}

}  // namespace

TEST_CASE("a card that refuses every REFRESH is asked to switch without") {
  auto state = sim::fresh();
  state.options.refresh_refused = true;
  Asked asked;
  test::ManualClock clock;
  const auto opened = open(state, std::ref(asked));
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(app::disable(*opened.session, clock, "travel").changed);
  CHECK(asked.switches == std::vector<std::string>{"E iccid refresh", "E iccid", "D iccid"});
  CHECK(opened.card->state().notifications.size() == 4);
}

TEST_CASE("a change that the card shows only after a reset is seen there, and asked for once") {
  auto state = sim::fresh();
  state.options.change_at_reset = true;
  Asked asked;
  test::ManualClock clock;
  const auto opened = open(state, std::ref(asked));
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(list(opened)[1].enabled());
  CHECK(app::disable(*opened.session, clock, "travel").changed);
  CHECK_FALSE(list(opened)[1].enabled());
  CHECK(asked.switches == std::vector<std::string>{"E iccid refresh", "D iccid refresh"});
  // Counter-run: without the reset the list shows nothing of it.
  const auto raw = open(state);
  auto& euicc = raw.session->euicc();
  CHECK(euicc.enable(*list(raw)[1].iccid, true).result == lpa::SwitchResult::ok);
  CHECK_FALSE(list(raw)[1].enabled());
}

TEST_CASE("a CAT that is busy once or until a reset is in the way of no switch and no reset") {
  for (const auto busy : {sim::CatBusy::once, sim::CatBusy::until_reset}) {
    auto state = sim::fresh();
    state.options.cat_busy = busy;
    test::ManualClock clock;
    const auto enabling = open(state);
    CHECK(app::enable(*enabling.session, clock, "travel").changed);
    CHECK(is_enabled(enabling, 1));
    CHECK(enabling.card->state().notifications.size() == 3);
    const auto disabling = open(state);
    CHECK(app::disable(*disabling.session, clock, "home").changed);
    CHECK_FALSE(is_enabled(disabling, 0));
    const auto resetting = open(state);
    CHECK(app::reset(*resetting.session, clock, {.test_profiles = true}));
    CHECK(resetting.card->state().profiles.size() == 3);
  }
}

TEST_CASE("a busy CAT is told once also when the answer is asked for with the right length") {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  state.options.cat_busy = sim::CatBusy::once;
  state.options.line.exact_le = true;
  Asked asked;
  test::ManualClock clock;
  const auto opened = open(state, std::ref(asked));
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(asked.switches.size() == 4);  // each of two twice
  CHECK(opened.card->resets() == 2);
}

TEST_CASE("a card whose memory is full says so, and what needs none of it is done") {
  auto state = sim::fresh();
  state.options.memory_full = true;
  test::ManualClock clock;
  const auto opened = open(state);
  CHECK(app::chip_info(*opened.session).info.resources.free_non_volatile_bytes == 0);
  CHECK(error_code([&] { app::rename(*opened.session, "travel", "x"); }) == "card.refused-rename");
  CHECK(error_code([&] { app::set_default_smdp(*opened.session, "x.example"); }) ==
        "card.refused-smdp");
  CHECK(opened.card->state() == state);
  CHECK(app::rename(*opened.session, "travel", "").changed);
  CHECK(app::set_default_smdp(*opened.session, "").changed);
  CHECK(app::enable(*opened.session, clock, "89012600000000314156").changed);
}

TEST_CASE("elements that nobody knows are skipped wherever they come") {
  auto state = sim::fresh();
  state.options.extra_tags = true;
  test::ManualClock clock;
  const auto opened = open(state);
  const auto chip = app::chip_info(*opened.session);
  CHECK(chip.eid.octets.front() == 0x89);
  CHECK(chip.kind == app::CardKind::consumer);
  CHECK(chip.info.sas_accreditation_number == state.info.sas_number);
  CHECK(chip.addresses->root_smds == state.root_smds);
  CHECK(chip.authorisation_table.has_value());
  CHECK(opened.session->euicc().info1().value.svn == chip.info.svn);
  CHECK(app::profile_details(opened.session->euicc(), "travel").icon == state.profiles[1].icon);
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(app::disable(*opened.session, clock, "travel").changed);
  CHECK(app::rename(*opened.session, "travel", "x").changed);
  CHECK(app::set_default_smdp(*opened.session, "x.example").changed);
  CHECK(app::remove(*opened.session, "x", agree).name == "Europe 10 GB");
  const auto notifications = opened.session->euicc().notifications();
  REQUIRE(notifications.size() == 5);
  CHECK(notifications.back().address == "rsp.roamwell.example");
  app_test::remove_notification(opened, 5);
  CHECK(app::reset(*opened.session, clock, {.test_profiles = true}));
}

TEST_CASE("profiles of which the card tells hardly anything are listed, shown and switched") {
  auto state = sim::fresh();
  state.options.defaults_left_out = true;
  for (auto& profile : state.profiles) {
    sim::Profile bare;
    bare.iccid = profile.iccid;
    bare.state = profile.state;
    profile = std::move(bare);
  }
  test::ManualClock clock;
  const auto opened = open(state);
  const auto before = list(opened);
  REQUIRE(before.size() == 4);
  CHECK(before[0].enabled());
  CHECK_FALSE(before[1].state);
  CHECK_FALSE(before[1].isdp_aid);
  CHECK_FALSE(before[1].profile_class);
  CHECK(app::spoken_name(before[1]) == "89012600000000314156");
  CHECK(app::profile_details(opened.session->euicc(), "4156").iccid == before[1].iccid);
  CHECK(app::enable(*opened.session, clock, "4156").changed);
  CHECK(is_enabled(opened, 1));
  CHECK(app::disable(*opened.session, clock, "4156").changed);
  CHECK_FALSE(is_enabled(opened, 1));
  CHECK(app::remove(*opened.session, "4156", agree).iccid == before[1].iccid);
  CHECK(opened.card->state().profiles.size() == 3);
}

TEST_CASE("a profile without ISD-P AID that cannot be switched is asked for by ICCID alone") {
  auto state = sim::fresh();
  state.profiles[1].isdp_aid.clear();
  state.options.enable_by_iccid_refused = true;
  Asked asked;
  test::ManualClock clock;
  const auto opened = open(state, std::ref(asked));
  CHECK(error_code([&] { app::enable(*opened.session, clock, "travel"); }) == "card.not-switched");
  CHECK(asked.switches == std::vector<std::string>{"E iccid refresh", "E iccid"});
}

TEST_CASE("EUICCInfo2 without all that is optional is read") {
  auto state = sim::fresh();
  state.info.ts102241_version.reset();
  state.info.globalplatform_version.reset();
  state.info.category.reset();
  state.info.forbidden_rules.reset();
  state.info.certification.reset();
  state.default_smdp.clear();
  state.authorisation_rules.clear();
  const auto opened = open(state);
  const auto chip = app::chip_info(*opened.session);
  CHECK(chip.kind == app::CardKind::consumer);
  CHECK(chip.info.sas_accreditation_number == state.info.sas_number);
  CHECK_FALSE(chip.info.category);
  CHECK_FALSE(chip.addresses->default_smdp);
}

TEST_CASE("ICCIDs of 18, 19 and 20 digits and with letters are listed, found, shown and switched") {
  struct Odd {
    std::string octets;
    std::string digits;
    std::string ending;
  };
  const std::vector<Odd> odd{
      {"981032547698103254FF", "890123456789012345", "9012345"},
      {"989401000000001032F4", "8949100000000001234", "1234"},
      {"98681000000000103254", "89860100000000012345", "00012345"},
      {"9868005B1000325476A8", "898600B501002345678A", "678a"},
      {"98F8105B1000325476F8", "898F01B501002345678", "5678F"},  // ends as the filling does
  };
  auto state = sim::fresh();
  state.profiles.clear();
  for (const auto& each : odd) {
    sim::Profile profile;
    profile.iccid = test::hex(each.octets);
    profile.isdp_aid = test::hex("A0000005591010FFFFFFFF89000012" + each.octets.substr(16, 2));
    state.profiles.push_back(std::move(profile));
  }
  test::ManualClock clock;
  const auto opened = open(state);
  const auto listed = list(opened);
  REQUIRE(listed.size() == odd.size());
  for (std::size_t i = 0; i < odd.size(); ++i) {
    CAPTURE(odd[i].digits);
    CHECK(test::hex(listed[i].iccid->octets) == odd[i].octets);
    CHECK(listed[i].iccid->digits() == odd[i].digits);
    CHECK(app::profile_details(opened.session->euicc(), odd[i].digits).iccid == listed[i].iccid);
    CHECK(app::enable(*opened.session, clock, odd[i].ending).changed);
    CHECK(is_enabled(opened, i));
    CHECK_FALSE(app::enable(*opened.session, clock, odd[i].digits).changed);
    CHECK(app::disable(*opened.session, clock, odd[i].digits).changed);
    CHECK_FALSE(is_enabled(opened, i));
  }
}

TEST_CASE("enabling one profile while another is enabled leaves notifications of both, by number") {
  auto state = sim::fresh();
  state.notifications = {
      {.sequence = 40, .operation = sim::Event::install, .address = "z.example", .iccid = {}}};
  state.next_sequence = 3;
  test::ManualClock clock;
  const auto opened = open(state);
  app::enable(*opened.session, clock, "travel");
  std::vector<std::string> told;
  for (const auto& each : opened.session->euicc().notifications()) {
    told.push_back(std::to_string(each.sequence_number) +
                   (each.operation.has(lpa::notification_event::disable)  ? " disable "
                    : each.operation.has(lpa::notification_event::enable) ? " enable "
                                                                          : " install ") +
                   each.address);
  }
  CHECK(told == std::vector<std::string>{"3 disable smdp.meadow.example",
                                         "4 disable events.meadow.example",
                                         "5 enable rsp.roamwell.example", "40 install z.example"});
}
