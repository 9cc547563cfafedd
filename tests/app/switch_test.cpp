#include "app/switch.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "tests/app/simulated_session.hpp"
#include "tests/support/manual_clock.hpp"

namespace {

using app_test::open;
using test::is_request;

constexpr std::string_view travel = "89012600000000314156";

/// The enable requests that a card saw: by ICCID or AID, with or without REFRESH.
struct Seen {
  std::vector<std::string> requests;
  void note(base::ByteView command) {
    if (!is_request(command, 0xBF, 0x31)) return;
    const bool by_iccid = command[10] == 0x5A;
    // BF31 L A0 L id-tag L id… 81 01 flag; over T=0 nothing follows.
    requests.push_back(std::string(by_iccid ? "iccid" : "aid") +
                       (command[command.size() - 1] == 0xFF ? " refresh" : ""));
  }
};

std::string code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error.code();
  }
  return "";
}

std::string enabled_iccid(const sim::State& state) {
  for (const auto& profile : state.profiles) {
    if (profile.state == sim::ProfileState::enabled) return base::to_hex(profile.iccid);
  }
  return "none";
}

}  // namespace

TEST_CASE("a switch is one request, a reset, and a look whether the card did it") {
  Seen seen;
  test::ManualClock clock;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    return card.transmit(command);
  });
  const auto report = app::enable(*opened.session, clock, "travel");
  CHECK(report.changed);
  CHECK(report.profile.enabled());
  CHECK(report.profile.iccid->digits() == travel);
  REQUIRE(report.disabled_before);
  CHECK(report.disabled_before->nickname == "Home");
  CHECK(!report.disabled_before->enabled());
  CHECK(seen.requests == std::vector<std::string>{"iccid refresh"});
  CHECK(opened.card->resets() == 1);
}

TEST_CASE("a card that refuses to be asked by ICCID is asked by AID, and each form is tried once") {
  auto state = sim::fresh();
  state.options.enable_by_iccid_refused = true;
  Seen seen;
  test::ManualClock clock;
  auto opened = open(state, [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    return card.transmit(command);
  });
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(seen.requests == std::vector<std::string>{"iccid refresh", "iccid", "aid refresh"});
}

TEST_CASE("when every form fails the last reason of the card is told, exit 7, nothing changed") {
  auto state = sim::fresh();
  state.options.enable_result = 127;
  Seen seen;
  test::ManualClock clock;
  auto opened = open(state, [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    return card.transmit(command);
  });
  const auto before = enabled_iccid(opened.card->state());
  try {
    app::enable(*opened.session, clock, "travel");
    FAIL("enabled");
  } catch (const base::Error& error) {
    CHECK(error.code() == "card.not-switched");
    CHECK(error.kind() == base::ErrorKind::refused);
    CHECK(std::string(error.what()).find("undefinedError: 127") != std::string::npos);
  }
  CHECK(seen.requests.size() == 4);
  CHECK(enabled_iccid(opened.card->state()) == before);
}

TEST_CASE("an answer that is lost while the card switches is no failure: the list decides") {
  bool lose = true;
  test::ManualClock clock;
  Seen seen;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    auto answer = card.transmit(command);
    if (lose && is_request(command, 0xBF, 0x31)) {
      lose = false;
      throw base::Error(base::ErrorKind::card, "card.transmit", "lost");
    }
    return answer;
  });
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(seen.requests.size() == 1);

  // Counter-run: lost before the card did it, the next form is tried.
  lose = true;
  seen.requests.clear();
  auto second = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    if (lose && is_request(command, 0xBF, 0x31)) {
      lose = false;
      throw base::Error(base::ErrorKind::card, "card.transmit", "lost");
    }
    return card.transmit(command);
  });
  CHECK(app::enable(*second.session, clock, "travel").changed);
  CHECK(seen.requests.size() == 2);
}

TEST_CASE(
    "6F00, 6881 and 6985 after a switch are no failure when the list shows that it happened") {
  for (const auto& status :
       {base::Bytes{0x6F, 0x00}, base::Bytes{0x68, 0x81}, base::Bytes{0x69, 0x85}}) {
    CAPTURE(base::to_hex(status));
    test::ManualClock clock;
    auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
      auto answer = card.transmit(command);
      return is_request(command, 0xBF, 0x31) ? status : answer;
    });
    CHECK(app::enable(*opened.session, clock, "travel").changed);
  }
}

TEST_CASE("a card that says ok and does nothing is not believed") {
  test::ManualClock clock;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    if (is_request(command, 0xBF, 0x31)) return *base::from_hex("BF31038001009000");
    return card.transmit(command);
  });
  CHECK(code_of([&] { app::enable(*opened.session, clock, "travel"); }) == "card.not-switched");
}

TEST_CASE(
    "a card that wants to be reset before it lists again is reset, and the next form is tried") {
  int refused = 0;
  bool wants_reset = false;
  test::ManualClock clock;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    if (is_request(command, 0xBF, 0x31) && refused++ == 0) {
      wants_reset = true;
      return *base::from_hex("BF310380017F9000");  // undefinedError
    }
    if (is_request(command, 0xBF, 0x2D) && wants_reset) return base::Bytes{0x69, 0x85};
    if (command[1] == 0xAA) wants_reset = false;  // TERMINAL CAPABILITY: it was reset
    return card.transmit(command);
  });
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(refused == 2);
}

TEST_CASE("a card that answers every form with a status word alone is no well-formed refusal") {
  test::ManualClock clock;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    return is_request(command, 0xBF, 0x31) ? base::Bytes{0x6A, 0x80} : card.transmit(command);
  });
  try {
    app::enable(*opened.session, clock, "travel");
    FAIL("enabled");
  } catch (const base::Error& error) {
    CHECK(error.code() == "card.not-switched");
    CHECK(error.kind() == base::ErrorKind::card);
    CHECK(std::string(error.what()).find("incorrect data (6A80)") != std::string::npos);
  }
}

TEST_CASE("a busy toolkit is ended by a cold reset, and the same form is asked again") {
  bool busy = true;
  Seen seen;
  test::ManualClock clock;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    if (busy && is_request(command, 0xBF, 0x31)) {
      busy = false;
      return *base::from_hex("BF31038001059000");
    }
    return card.transmit(command);
  });
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(seen.requests == std::vector<std::string>{"iccid refresh", "iccid refresh"});
  CHECK(opened.card->resets() == 2);
}

TEST_CASE("PPR1 of the enabled profile is told in words, and no other form is tried") {
  auto state = sim::fresh();
  state.profiles[0].rules.ppr1 = true;
  Seen seen;
  test::ManualClock clock;
  auto opened = open(state, [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    return card.transmit(command);
  });
  for (const bool enabling : {true, false}) {
    try {
      enabling ? app::enable(*opened.session, clock, "travel")
               : app::disable(*opened.session, clock, "home");
      FAIL("switched");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::refused);
      CHECK(error.code() == "card.policy-forbids");
      const std::string why =
          enabling ? "“Home” (8944100000000042176) must not be disabled (PPR1)"
                   : "“Home” (8944100000000042176): its operator forbids that (PPR1)";
      CHECK(std::string(error.what()).find(why) != std::string::npos);
    }
  }
  CHECK(seen.requests.size() == 1);
  CHECK(opened.card->resets() == 0);
}

TEST_CASE("a card that wants to be reset before it answers again is reset") {
  auto state = sim::fresh();
  state.options.busy_until_reset = true;
  test::ManualClock clock;
  auto opened = open(state);
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(app::disable(*opened.session, clock, "travel").changed);
  CHECK(enabled_iccid(opened.card->state()) == "none");
}

TEST_CASE("a card that comes back late is polled, not waited for by guess") {
  int refusals = 5;
  bool switched = false;
  test::ManualClock clock;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    if (switched && command[1] == 0xA4 && refusals > 0) {
      --refusals;
      return base::Bytes{0x69, 0x85};
    }
    switched = switched || is_request(command, 0xBF, 0x31);
    return card.transmit(command);
  });
  const auto start = clock.now();
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(refusals == 0);
  CHECK(clock.now() - start == std::chrono::milliseconds(500));

  // Counter-run: a card that never comes back is given up, and what is known is told.
  refusals = 1000000;
  switched = false;
  auto dead = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    if (switched && command[1] == 0xA4) return base::Bytes{0x69, 0x85};
    switched = switched || is_request(command, 0xBF, 0x31);
    return card.transmit(command);
  });
  try {
    app::enable(*dead.session, clock, "travel");
    FAIL("enabled");
  } catch (const base::Error& error) {
    CHECK(error.code() == "card.not-back");
    CHECK(error.hints().back().find("may have done so") != std::string::npos);
  }
}

TEST_CASE("a test profile is enabled only when tests are allowed, and may always be disabled") {
  constexpr auto test_profile = "6789";
  test::ManualClock clock;
  Seen seen;
  auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    seen.note(command);
    return card.transmit(command);
  });
  CHECK(code_of([&] { app::enable(*opened.session, clock, test_profile); }) == "card.test-profile");
  CHECK(seen.requests.empty());
  CHECK(app::enable(*opened.session, clock, test_profile, app::TestProfiles::allowed).changed);
  CHECK_FALSE(app::enable(*opened.session, clock, test_profile).changed);
  CHECK(app::disable(*opened.session, clock, test_profile).changed);
}
