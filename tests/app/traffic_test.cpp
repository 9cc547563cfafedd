#include <doctest/doctest.h>

#include "tests/app/simulated_session.hpp"

/// How much goes to the card: round trips are what a user waits for.
namespace {

/// A full card: text of 20 octets each, owner, class, policy rule, and an icon of 1 KB.
sim::State full_card(sim::Protocol protocol) {
  auto state = sim::fresh();
  const auto model = state.profiles[1];
  state.protocol = protocol;
  state.profiles.clear();
  for (std::uint8_t i = 0; i < 16; ++i) {
    auto profile = model;
    profile.iccid[8] = i;
    profile.isdp_aid[14] = static_cast<std::uint8_t>(0x10 + i);
    profile.nickname = std::string(20, 'n');
    profile.provider = std::string(20, 'p');
    profile.name = std::string(20, 'm');
    profile.rules.ppr2 = true;
    profile.icon_type = sim::IconType::png;
    profile.icon.assign(1024, 0x55);
    state.profiles.push_back(profile);
  }
  return state;
}

/// Commands from opening to closing, with these fields asked for.
std::size_t commands(sim::Protocol protocol, lpa::ProfileFields fields) {
  std::size_t count = 0;
  {
    const auto opened =
        app_test::open(full_card(protocol), [&](sim::Card& card, base::ByteView command) {
          ++count;
          return card.transmit(command);
        });
    CHECK(opened.session->euicc().profiles(fields).size() == 16);
  }
  return count;
}

}  // namespace

TEST_CASE(
    "a list of 16 profiles takes at most 14 commands over T=1 and 18 over T=0, opening and closing "
    "included") {
  CHECK(commands(sim::Protocol::t1, lpa::ProfileFields::list) <= 14);
  CHECK(commands(sim::Protocol::t0, lpa::ProfileFields::list) <= 18);
  // Counter-run: with the icons it is far more.
  CHECK(commands(sim::Protocol::t1, lpa::ProfileFields::details) > 60);
}
