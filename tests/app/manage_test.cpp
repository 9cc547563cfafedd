#include <functional>

#include <doctest/doctest.h>

#include "app/default_smdp.hpp"
#include "app/notifications.hpp"
#include "app/remove.hpp"
#include "app/rename.hpp"
#include "app/reset.hpp"
#include "app/switch.hpp"
#include "base/error.hpp"
#include "lpa/outbox.hpp"
#include "sim/issue.hpp"
#include "sim/pki.hpp"
#include "tests/app/simulated_session.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/pending_notification.hpp"

namespace {

using app_test::open;

std::string code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error.code();
  }
  return "";
}

void agree(const lpa::ProfileInfo&) {}

std::size_t profiles(const app_test::Opened& opened) {
  return opened.card->state().profiles.size();
}

/// How many requests with this tag a card has seen.
struct Counter {
  std::uint8_t tag;
  int count = 0;
  base::Bytes operator()(sim::Card& card, base::ByteView command) {
    if (test::is_request(command, 0xBF, tag)) ++count;
    return card.transmit(command);
  }
};

}  // namespace

TEST_CASE("a profile is given a nickname, and an empty one takes it away") {
  const auto opened = open(sim::fresh());
  const auto report = app::rename(*opened.session, "travel", "Reise 旅行");
  CHECK(report.changed);
  CHECK(report.profile.nickname == "Reise 旅行");
  CHECK(opened.card->state().profiles[1].nickname == "Reise 旅行");
  CHECK(app::rename(*opened.session, "reise 旅行", "").changed);
  CHECK(opened.card->state().profiles[1].nickname.value_or("").empty());
}

TEST_CASE("a nickname that the profile has already is not sent to the card") {
  Counter counter{0x29};
  const auto opened = open(sim::fresh(), std::ref(counter));
  CHECK(!app::rename(*opened.session, "travel", "Travel").changed);
  CHECK(counter.count == 0);
  CHECK(app::rename(*opened.session, "travel", "travel").changed);
  CHECK(counter.count == 1);
}

TEST_CASE("a nickname has at most 64 octets, not characters, and is UTF-8") {
  CHECK(code_of([] { app::check_nickname(std::string(64, 'a')); }).empty());
  CHECK(code_of([] { app::check_nickname(std::string(65, 'a')); }) == "profile.nickname");
  std::string wide;
  for (int i = 0; i < 22; ++i) wide += "旅";  // 22 characters, 66 octets
  CHECK(code_of([&] { app::check_nickname(wide); }) == "profile.nickname");
  CHECK(code_of([] { app::check_nickname("\xFF"); }) == "profile.nickname");
  const auto opened = open(sim::fresh());
  CHECK(app::rename(*opened.session, "travel", std::string(64, 'a')).changed);
}

TEST_CASE("a disabled profile is deleted once it is agreed to, and the card lists it no more") {
  const auto opened = open(sim::fresh());
  const auto deleted = app::remove(*opened.session, "travel", agree);
  CHECK(deleted.nickname == "Travel");
  CHECK(profiles(opened) == 3);
  CHECK(code_of([&] { app::remove(*opened.session, "travel", agree); }) == "profile.not-found");
}

TEST_CASE("a deletion that is not agreed to sends nothing and changes nothing") {
  Counter counter{0x33};
  const auto opened = open(sim::fresh(), std::ref(counter));
  const auto refuse = [](const lpa::ProfileInfo&) {
    throw base::Error(base::ErrorKind::declined, "prompt.declined", "no");
  };
  CHECK(code_of([&] { app::remove(*opened.session, "travel", refuse); }) == "prompt.declined");
  CHECK(counter.count == 0);
  CHECK(profiles(opened) == 4);
  app::remove(*opened.session, "travel", agree);  // counter-run
  CHECK(counter.count == 1);
}

TEST_CASE("the enabled profile and one with PPR2 are refused in words before anybody is asked") {
  bool asked = false;
  const auto ask = [&](const lpa::ProfileInfo&) { asked = true; };
  const auto opened = open(sim::fresh());
  CHECK(code_of([&] { app::remove(*opened.session, "home", ask); }) == "card.profile-enabled");
  CHECK(code_of([&] { app::remove(*opened.session, "9017", ask); }) == "card.policy-forbids");
  CHECK(!asked);
  CHECK(profiles(opened) == 4);
  app::remove(*opened.session, "travel", ask);  // counter-run
  CHECK(asked);
}

TEST_CASE("a card that says that it deleted and did not is not believed") {
  const auto opened = open(sim::fresh(), [](sim::Card& card, base::ByteView command) {
    if (test::is_request(command, 0xBF, 0x33)) return *base::from_hex("BF33038001009000");
    return card.transmit(command);
  });
  CHECK(code_of([&] { app::remove(*opened.session, "travel", agree); }) == "card.not-deleted");
}

TEST_CASE("every result of DeleteProfile but ok is a refusal with its name") {
  for (const int result : {1, 2, 3, 127, 9}) {
    CAPTURE(result);
    auto state = sim::fresh();
    state.options.delete_result = static_cast<std::uint8_t>(result);
    const auto opened = open(state);
    try {
      app::remove(*opened.session, "travel", agree);
      FAIL("deleted");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::refused);
      CHECK(std::string(error.what()).find(std::to_string(result)) != std::string::npos);
    }
  }
}

TEST_CASE("each part of a reset erases what it says and nothing else") {
  test::ManualClock clock;
  const auto operational = open(sim::fresh());
  CHECK(app::reset(*operational.session, clock, {.operational_profiles = true}));
  for (const auto& profile : operational.card->state().profiles) {
    CHECK(profile.profile_class != sim::ProfileClass::operational);
  }
  CHECK(profiles(operational) == 2);
  CHECK(operational.card->resets() == 1);

  const auto tests = open(sim::fresh());
  CHECK(app::reset(*tests.session, clock, {.test_profiles = true}));
  CHECK(profiles(tests) == 3);
  CHECK(!app::reset(*tests.session, clock, {.test_profiles = true}));  // nothing left

  const auto address = open(sim::fresh());
  app::set_default_smdp(*address.session, "other.example");
  CHECK(app::reset(*address.session, clock, {.default_smdp = true}));
  CHECK(profiles(address) == 4);
  CHECK(address.card->state().default_smdp == sim::fresh().factory_smdp);
}

TEST_CASE("a busy toolkit does not keep a reset from being made after a cold reset") {
  bool busy = true;
  test::ManualClock clock;
  const auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    if (busy && test::is_request(command, 0xBF, 0x34)) {
      busy = false;
      return *base::from_hex("BF34038001059000");
    }
    return card.transmit(command);
  });
  CHECK(app::reset(*opened.session, clock, {.test_profiles = true}));
  CHECK(opened.card->resets() == 2);
}

TEST_CASE("the default SM-DP+ is read, set and taken away, and set only when it differs") {
  Counter counter{0x3F};
  const auto opened = open(sim::fresh(), std::ref(counter));
  CHECK(app::default_smdp(*opened.session).address == "smdp.cardworks.example");
  CHECK(!app::set_default_smdp(*opened.session, "smdp.cardworks.example").changed);
  CHECK(counter.count == 0);
  CHECK(app::set_default_smdp(*opened.session, "rsp.example:8443").changed);
  CHECK(app::default_smdp(*opened.session).address == "rsp.example:8443");
  CHECK(app::set_default_smdp(*opened.session, "").changed);
  CHECK(app::default_smdp(*opened.session).address.empty());
}

TEST_CASE("what cannot be the name of a server is not sent to the card") {
  for (const std::string address : {"foo bar", "http://x.example", "a..b", ".a", "-a",
                                    "a:", "a:123456", "a:x", ":1", "\x1b[31m"}) {
    CAPTURE(address);
    CHECK(code_of([&] { app::check_smdp_address(address); }) == "smdp.address");
  }
  CHECK(code_of([] { app::check_smdp_address("smdp-1.Example.COM:443"); }).empty());
}

TEST_CASE("a switch leaves notifications in the order of their numbers, and they can be removed") {
  test::ManualClock clock;
  auto state = sim::fresh();
  state.notifications = {
      {.sequence = 9, .operation = sim::Event::install, .address = "b.example", .iccid = {}},
      {.sequence = 0, .operation = sim::Event::enable, .address = "a.example", .iccid = {}}};
  const auto opened = open(state);
  const auto list = opened.session->euicc().notifications();
  REQUIRE(list.size() == 2);
  CHECK(list[0].sequence_number == 0);
  CHECK(list[1].operation.has(lpa::notification_event::install));
  app_test::remove_notification(opened, 0);
  CHECK(code_of([&] { app_test::remove_notification(opened, 0); }) == "notification.not-found");
  CHECK(opened.session->euicc().notifications().size() == 1);
}

TEST_CASE("a pending notification keeps the octets that were signed, outer tag included") {
  const auto answer = test::pending_notification();
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  const auto opened = open(state, [&](sim::Card& card, base::ByteView command) {
    return test::is_request(command, 0xBF, 0x2B) ? answer : card.transmit(command);
  });
  const auto pending = app::notification(*opened.session, 2);
  const auto& metadata = lpa::metadata(pending);
  CHECK(metadata.address == "testsmdpplus1.example.com");
  CHECK(metadata.iccid->digits() == "8949449999999990031");
  const auto& installed = std::get<tlv::Signed<lpa::InstallationResult>>(pending);
  const auto& outcome = std::get<lpa::InstallationError>(installed.value.data.outcome);
  CHECK(outcome.command == 2);
  CHECK(outcome.reason == 9);
  CHECK(installed.raw == base::Bytes(answer.begin() + 7, answer.end() - 2));
  CHECK(code_of([&] { app::notification(*opened.session, 3); }) == "notification.not-found");
}

TEST_CASE("notifications are listed and fetched by event, by number and all in one request") {
  Counter listed{0x28};
  auto opened = open(sim::fresh(), std::ref(listed));
  test::ManualClock clock;
  app::enable(*opened.session, clock, "travel");
  auto& euicc = opened.session->euicc();
  const auto all = euicc.notifications();
  REQUIRE(all.size() >= 2);
  const lpa::BitString enabling{lpa::notification_event::enable};
  const auto some = euicc.notifications(enabling);
  REQUIRE(some.size() < all.size());
  for (const auto& each : some) CHECK(each.operation == enabling);

  CHECK(euicc.retrieve_notifications().size() == all.size());
  CHECK(euicc.retrieve_notifications(enabling).size() == some.size());
  const auto one = euicc.retrieve_notifications(all.back().sequence_number);
  REQUIRE(one.size() == 1);
  CHECK(lpa::metadata(one.front()).sequence_number == all.back().sequence_number);
  CHECK(euicc.retrieve_notifications(99U).empty());
}

TEST_CASE("a revocation list that an issuer of the card signed is taken, another one is not") {
  auto state = sim::fresh();
  state.info.rsp_capability = *base::from_hex("03D8");  // with crlSupport
  auto opened = open(state);
  auto& euicc = opened.session->euicc();
  const auto list = sim::make_revocation_list({"t", "", ""}, sim::test_ci(sim::Curve::nist).key,
                                              {*base::from_hex("1401")});
  CHECK(std::holds_alternative<lpa::CrlLoaded>(euicc.load_crl(list)));
  CHECK(opened.card->state().revocations.size() == 1);
  const auto stranger =
      sim::make_revocation_list({"t", "", ""}, sim::PrivateKey::generate(sim::Curve::nist), {});
  CHECK(std::get<lpa::LoadCrlError>(euicc.load_crl(stranger)) ==
        lpa::LoadCrlError::no_verification_key);
}

TEST_CASE("a test profile is deleted only when tests are allowed, an operational one always") {
  const auto opened = open(sim::fresh());
  CHECK(code_of([&] { app::remove(*opened.session, "6789", agree); }) == "card.test-profile");
  CHECK(profiles(opened) == 4);
  app::remove(*opened.session, "6789", agree, app::TestProfiles::allowed);
  app::remove(*opened.session, "travel", agree);
  CHECK(profiles(opened) == 2);
}

TEST_CASE("an enabled profile that may not be disabled is not said to be in the way for now only") {
  auto state = sim::fresh();
  state.profiles[0].rules.ppr1 = true;
  const auto opened = open(state);
  CHECK(code_of([&] { app::remove(*opened.session, "home", agree); }) == "card.policy-forbids");
}
