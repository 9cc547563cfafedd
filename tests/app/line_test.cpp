#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "app/rename.hpp"
#include "app/switch.hpp"
#include "sim/pace.hpp"
#include "tests/app/simulated_session.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/manual_clock.hpp"

/// Cards that are peculiar about how commands and answers travel: everything works all the same.

namespace {

using app_test::open;

sim::State card(sim::Protocol protocol, const sim::Line& line) {
  auto state = sim::fresh();
  state.protocol = protocol;
  state.options.line = line;
  return state;
}

/// The commands that went to a card.
struct Seen {
  std::vector<std::string> commands;
  std::vector<std::string> answers;
  base::Bytes operator()(sim::Card& card, base::ByteView command) {
    auto answer = card.transmit(command);
    commands.push_back(test::hex(command));
    answers.push_back(test::hex(answer));
    return answer;
  }
  [[nodiscard]] std::ptrdiff_t count(std::string_view begin) const {
    return std::ranges::count_if(commands, [&](const auto& each) {
      return std::string_view(each).substr(2).starts_with(begin);
    });
  }
  [[nodiscard]] std::ptrdiff_t answered(std::string_view status) const {
    return std::ranges::count_if(answers, [&](const auto& each) { return each.ends_with(status); });
  }
};

/// A list, a nickname of 64 octets and a switch, as on a card without peculiarities.
void check_that_all_works(sim::State state, std::reference_wrapper<Seen> seen) {
  test::ManualClock clock;
  const auto opened = open(std::move(state), seen);
  CHECK(opened.session->euicc().profiles(lpa::ProfileFields::details).size() == 4);
  CHECK(app::rename(*opened.session, "travel", std::string(64, 'a')).changed);
  CHECK(app::enable(*opened.session, clock, "0000314156").changed);
  CHECK(opened.card->state().profiles[1].nickname == std::string(64, 'a'));
  CHECK(opened.card->state().profiles[1].state == sim::ProfileState::enabled);
  CHECK(opened.card->state().notifications.size() == 3);  // one switch, done once
  CHECK(opened.session->euicc().notifications().size() == 3);
}

constexpr auto both_protocols = {sim::Protocol::t0, sim::Protocol::t1};

}  // namespace

TEST_CASE("a card that refuses an Le over T=1 is asked without, and only SELECT is asked twice") {
  Seen seen;
  check_that_all_works(card(sim::Protocol::t1, {.le = sim::Le::refused}), seen);
  CHECK(seen.answered("6700") == 1);
  CHECK(seen.count("A4") == 3);  // the last after the reset
  CHECK(seen.count("E29100") > 0);
  CHECK(std::ranges::none_of(seen.commands, [](const auto& each) {
    return each.substr(2, 2) == "E2" &&
           each.size() != 2 * (5 + std::stoul(each.substr(8, 2), nullptr, 16));
  }));
}

TEST_CASE("a card that wants an Le over T=1 gets one") {
  Seen seen;
  check_that_all_works(card(sim::Protocol::t1, {.le = sim::Le::needed}), seen);
  CHECK(seen.answered("6700") == 0);
}

TEST_CASE("a card that wants the right Le over T=1 is asked again with it, and does things once") {
  Seen seen;
  check_that_all_works(card(sim::Protocol::t1, {.exact_le = true}), seen);
  CHECK(seen.answered("6C06") == 2);  // the nickname and the switch
}

TEST_CASE("answers in small pieces are put together, also when only one octet comes at a time") {
  for (const auto protocol : both_protocols) {
    for (const auto piece : std::initializer_list<std::uint16_t>{4, 7, 100, 255}) {
      CAPTURE(piece);
      Seen seen;
      check_that_all_works(card(protocol, {.answer_piece = piece}), seen);
    }
    auto state = card(protocol, {.answer_piece = 1});
    state.profiles.resize(1);
    state.profiles[0].notifications.clear();
    const auto opened = open(state);
    CHECK(opened.session->euicc().profiles(lpa::ProfileFields::details).size() == 1);
  }
}

TEST_CASE("an answer in more than 256 pieces is given up with a reason") {
  const auto opened = open(card(sim::Protocol::t1, {.answer_piece = 1}));
  const auto list = [&] { opened.session->euicc().profiles(lpa::ProfileFields::details); };
  CHECK(test::error_code(list) == "card.endless");
}

TEST_CASE("GET RESPONSE is sent in the class that the card knows, and the other is tried once") {
  using enum sim::GetResponseClass;
  for (const auto of_card : {interindustry, proprietary}) {
    Seen seen;
    check_that_all_works(card(sim::Protocol::t0, {.get_response_class = of_card}), seen);
    CHECK(seen.answered("6E00") == (of_card == proprietary ? 2 : 0));  // again after the reset
  }
}

TEST_CASE("a card that takes short blocks only gets them") {
  for (const auto protocol : both_protocols) {
    for (const auto longest : std::initializer_list<std::uint8_t>{254, 120, 79, 63}) {
      for (const auto* status : {"6700", "6A80", "6601"}) {
        CAPTURE(status);
        Seen seen;
        check_that_all_works(
            card(protocol, {.longest_block = longest, .too_long_status = test::hex(status)}), seen);
        CHECK(seen.answered(status) == (longest < 81 ? 1 : 0));
      }
    }
  }
}

TEST_CASE("a card that takes neither Le nor long blocks gets neither") {
  Seen seen;
  check_that_all_works(card(sim::Protocol::t1, {.le = sim::Le::refused, .longest_block = 63}),
                       seen);
  CHECK(seen.answered("6700") == 2);
}

TEST_CASE("a card that takes no block at all is refused with what it said") {
  for (const auto* status : {"6700", "6A80", "6601"}) {
    test::SimulatedCard none(
        card(sim::Protocol::t1, {.longest_block = 5, .too_long_status = test::hex(status)}));
    const auto isdr = lpa::Isdr::find(none, {});
    REQUIRE(std::holds_alternative<lpa::NoIsdr>(isdr));
    CHECK(std::get<lpa::NoIsdr>(isdr).without_eid);
    CHECK(std::get<lpa::NoIsdr>(isdr).last_status ==
          (test::hex(status)[0] << 8U | test::hex(status)[1]));
  }
}

TEST_CASE("a card that refuses TERMINAL CAPABILITY works without") {
  for (const auto* status : {"6D00", "6E00", "6985"}) {
    Seen seen;
    check_that_all_works(card(sim::Protocol::t0, {.terminal_capability_status = test::hex(status)}),
                         seen);
  }
}

TEST_CASE("a card that always has a proactive command waiting works as any other") {
  for (const auto protocol : both_protocols) {
    Seen seen;
    check_that_all_works(card(protocol, {.always_proactive = true}), seen);
    CHECK(seen.answered("9000") == 0);
  }
}

TEST_CASE("channels that somebody left open are no obstacle, nor is a card with only one") {
  for (const auto protocol : both_protocols) {
    Seen seen;
    check_that_all_works(card(protocol, {.leaked_channels = 3}), seen);
    CHECK(seen.answered("6A81") == 1);
    auto state = card(protocol, {});
    state.channels = 1;
    Seen single;
    check_that_all_works(state, single);
    CHECK(single.answered("6881") > 0);
  }
}

TEST_CASE("a slow card takes its time, and everything works all the same") {
  test::ManualClock line;
  sim::Pace pace({.ms_per_apdu = 2000, .us_per_byte = 1250}, line);
  std::size_t commands = 0;
  test::ManualClock clock;
  const auto opened = open(sim::fresh(), [&](sim::Card& card, base::ByteView command) {
    auto answer = card.transmit(command);
    pace.wait(command.size() + answer.size());
    ++commands;
    return answer;
  });
  CHECK(app::enable(*opened.session, clock, "travel").changed);
  CHECK(line.passed() > std::chrono::milliseconds(2000) * commands);
  CHECK(clock.waits() == 0);  // and nothing else waits
}

TEST_CASE("a card of a brand is found by its own ISD-R when that of SGP.02 is not there") {
  auto state = sim::fresh();
  state.isdr_aid = test::hex("A0000005591010FFFFFFFF8900050500");
  Seen seen;
  check_that_all_works(state, seen);
  CHECK(seen.answered("6A82") > 0);
}
