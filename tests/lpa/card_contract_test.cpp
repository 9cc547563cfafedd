#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "lpa/atr.hpp"
#include "lpa/euicc.hpp"
#include "lpa/isdr.hpp"
#include "lpa/pcsc.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/simulated_card.hpp"

/// What any eUICC does, whoever made it: the card in the reader that ESIMCTL_CONTRACT_READER names,
/// or the simulated card in process. ESIMCTL_TEST_MAY_SWITCH=1 allows to switch profiles there and
/// back on a card in a reader.

using test::hex;

namespace {

std::optional<std::string> setting(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes it
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

bool may_switch() {
  return !setting("ESIMCTL_CONTRACT_READER") || setting("ESIMCTL_TEST_MAY_SWITCH") == "1";
}

std::unique_ptr<lpa::Card> card() {
  if (const auto reader = setting("ESIMCTL_CONTRACT_READER")) {
    return lpa::pcsc::connect(*reader, std::chrono::seconds(10));
  }
  return std::make_unique<test::SimulatedCard>();
}

/// A card whose ISD-R is open.
struct Session {
  Session() {
    auto found = lpa::Isdr::find(*card, {});
    REQUIRE(std::holds_alternative<std::unique_ptr<lpa::Isdr>>(found));
    isdr = std::move(std::get<std::unique_ptr<lpa::Isdr>>(found));
  }

  std::unique_ptr<lpa::Card> card = ::card();
  std::unique_ptr<lpa::Isdr> isdr;
  base::SystemClock clock;
};

std::vector<lpa::ProfileInfo> profiles(lpa::Isdr& isdr) {
  return lpa::Euicc(isdr).profiles(lpa::ProfileFields::list);
}

std::optional<lpa::Iccid> enabled(lpa::Isdr& isdr) {
  for (const auto& profile : profiles(isdr)) {
    if (profile.enabled()) return profile.iccid;
  }
  return std::nullopt;
}

bool succeeded(const lpa::SwitchOutcome& outcome) {
  return outcome.result ? outcome.result == lpa::SwitchResult::ok
                        : (outcome.sw >> 8U) == 0x91 || outcome.sw == 0x9000;
}

lpa::StatusWord status_of(lpa::Card& card, const lpa::Command& command) {
  return lpa::Channel(card).exchange(command).sw;
}

constexpr auto restart_limit = std::chrono::seconds(15);

}  // namespace

TEST_CASE("the card introduces itself and speaks a protocol that it offers") {
  const auto card = ::card();
  const auto atr = card->atr();
  REQUIRE(atr.size() >= 2);
  CHECK(atr.size() <= 33);
  CHECK((atr[0] == 0x3B || atr[0] == 0x3F));
  const auto offered = lpa::offered_protocols(atr);
  CHECK(std::ranges::find(offered, card->protocol()) != offered.end());
}

TEST_CASE("the ISD-R is found and gives an EID") {
  const Session session;
  CHECK(session.isdr->eid().plausible());
  CHECK(session.isdr->eid().check_digits_hold());
  CHECK(session.isdr->channel() <= lpa::max_channel);
}

TEST_CASE("the same EID is read each time") {
  std::optional<lpa::Eid> first;
  for (int i = 0; i < 3; ++i) {
    const Session session;
    if (!first) first = session.isdr->eid();
    CHECK(session.isdr->eid() == *first);
  }
}

TEST_CASE("the card tells its versions and the issuers that it trusts") {
  const Session session;
  lpa::Euicc euicc(*session.isdr);
  const auto info1 = euicc.info1().value;
  const auto info2 = euicc.info2();
  CHECK(info1.svn.numbers[0] >= 2);
  CHECK(info2.svn == info1.svn);
  CHECK_FALSE(info1.ci_for_verification.empty());
  CHECK(info2.ci_for_verification == info1.ci_for_verification);
  CHECK(info2.ci_for_signing == info1.ci_for_signing);
  CHECK(info2.resources.free_non_volatile_bytes);
}

TEST_CASE("each profile has an ICCID of its own and at most one is enabled") {
  const Session session;
  const auto list = profiles(*session.isdr);
  std::size_t count = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    REQUIRE(list[i].iccid);
    CHECK(list[i].iccid->digits().size() >= 18);
    for (std::size_t j = 0; j < i; ++j) CHECK(list[i].iccid != list[j].iccid);
    if (list[i].enabled()) ++count;
  }
  CHECK(count <= 1);
}

TEST_CASE("a profile is found by its ICCID and by its identifier") {
  const Session session;
  lpa::Euicc euicc(*session.isdr);
  for (const auto& profile : profiles(*session.isdr)) {
    const auto by_iccid = euicc.profiles(lpa::ProfileFields::state, *profile.iccid);
    REQUIRE(by_iccid.size() == 1);
    CHECK(by_iccid[0].iccid == profile.iccid);
    if (!profile.isdp_aid) continue;
    const auto by_aid = euicc.profiles(lpa::ProfileFields::state, *profile.isdp_aid);
    REQUIRE(by_aid.size() == 1);
    CHECK(by_aid[0].iccid == profile.iccid);
  }
}

TEST_CASE("a profile that the card does not have is found nowhere and cannot be switched") {
  const Session session;
  lpa::Euicc euicc(*session.isdr);
  const lpa::Iccid unknown{{0x98, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x79}};
  CHECK(euicc.profiles(lpa::ProfileFields::state, unknown).empty());
  CHECK(euicc.enable(unknown, false).result == lpa::SwitchResult::not_found);
  CHECK(euicc.disable(unknown, false).result == lpa::SwitchResult::not_found);
}

TEST_CASE("classes and instructions that the card does not have are refused and it goes on") {
  Session session;
  const auto wrong_class = status_of(*session.card, {0xB0, 0xE2, 0x91, 0x00, hex("BF2000"), 256});
  CHECK((wrong_class >> 12U) == 0x6);
  const auto wrong_instruction = status_of(*session.card, {0x00, 0xF9, 0x00, 0x00, {}, {}});
  CHECK((wrong_instruction >> 12U) == 0x6);
  CHECK(lpa::Euicc(*session.isdr).info1().value.svn.numbers[0] >= 2);
}

TEST_CASE("a request that is no TLV is refused and the next one is answered") {
  const Session session;
  const auto refused = session.isdr->exchange(hex("BF2D7F00"));
  CHECK((!refused.ok() || !refused.data.empty()));
  CHECK(lpa::Euicc(*session.isdr).info1().value.svn.numbers[0] >= 2);
}

TEST_CASE("channels are opened and closed ten times without one left over") {
  std::optional<unsigned> first;
  const auto card = ::card();
  for (int i = 0; i < 10; ++i) {
    std::vector<std::string> notes;
    const auto found = lpa::Isdr::find(
        *card, {.aid = {}, .secure_element = {}, .note = [&](const std::string& note) {
                  notes.push_back(note);
                }});
    REQUIRE(std::holds_alternative<std::unique_ptr<lpa::Isdr>>(found));
    const auto channel = std::get<std::unique_ptr<lpa::Isdr>>(found)->channel();
    if (!first) first = channel;
    CHECK(channel == *first);
  }
}

TEST_CASE("channels that were left open are recovered") {
  const auto card = ::card();
  // As many as it gives, as killed programs would leave them.
  for (unsigned i = 0; i < lpa::max_channel; ++i) {
    if (!lpa::Channel(*card).exchange({0x00, 0x70, 0x00, 0x00, {}, 1}).ok()) break;
  }
  const auto found = lpa::Isdr::find(*card, {});
  REQUIRE(std::holds_alternative<std::unique_ptr<lpa::Isdr>>(found));
  CHECK(std::get<std::unique_ptr<lpa::Isdr>>(found)->eid().plausible());
}

TEST_CASE("after a restart the same card answers with the same profiles") {
  Session session;
  const auto eid = session.isdr->eid();
  const auto before = profiles(*session.isdr);
  session.isdr->restart(session.clock, restart_limit);
  CHECK(session.isdr->eid() == eid);
  CHECK(profiles(*session.isdr).size() == before.size());
}

TEST_CASE("a profile is switched there and back and the card ends as it began" *
          doctest::skip(!may_switch())) {
  Session session;
  lpa::Euicc euicc(*session.isdr);
  const auto before = enabled(*session.isdr);
  std::optional<lpa::Iccid> other;
  for (const auto& profile : profiles(*session.isdr)) {
    if (!profile.enabled() && profile.profile_class != lpa::ProfileClass::test)
      other = profile.iccid;
  }
  REQUIRE(other);

  CHECK(succeeded(euicc.enable(*other, true)));
  session.isdr->restart(session.clock, restart_limit);
  CHECK(enabled(*session.isdr) == other);
  CHECK(euicc.enable(*other, true).result == lpa::SwitchResult::wrong_state);

  CHECK(succeeded(euicc.disable(*other, true)));
  session.isdr->restart(session.clock, restart_limit);
  CHECK_FALSE(enabled(*session.isdr));

  if (before) {
    CHECK(succeeded(euicc.enable(*before, true)));
    session.isdr->restart(session.clock, restart_limit);
  }
  CHECK(enabled(*session.isdr) == before);
}
