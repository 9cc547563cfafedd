#include "usage/line_match.hpp"

#include <doctest/doctest.h>

namespace {

using usage::CardProfile;
using usage::Line;
using usage::LineMatch;
using usage::MatchedBy;

constexpr auto eid = "89049032000000000000000000042164";
const CardProfile home{.iccid = "8944100000000042176", .nickname = "Home"};
const CardProfile travel{.iccid = "89012600000000314156", .nickname = "Travel"};

Line with_iccid(const std::string& iccid) {
  return {.iccid = iccid, .eid = eid, .msisdn = {}, .imsi = {}, .provider_id = {}};
}
Line with_eid(const std::string& number = eid) {
  return {.iccid = {}, .eid = number, .msisdn = {}, .imsi = {}, .provider_id = {}};
}
Line with_number(const std::string& number) {
  return {.iccid = {}, .eid = {}, .msisdn = number, .imsi = {}, .provider_id = {}};
}

struct Given {
  Line line;
  std::string linked{};
};

std::vector<std::optional<LineMatch>> matched(const std::vector<CardProfile>& profiles,
                                              const std::vector<Given>& given) {
  std::vector<usage::CarrierLine> lines;
  lines.reserve(given.size());
  for (const auto& each : given) lines.push_back({.line = each.line, .linked = each.linked});
  return usage::match_lines(eid, profiles, lines);
}

LineMatch is(std::size_t line, MatchedBy by) { return {.line = line, .by = by}; }

CardProfile called(const std::string& nickname, const std::string& iccid = home.iccid) {
  return {.iccid = iccid, .nickname = nickname};
}

}  // namespace

TEST_CASE("a line is behind the profile of its ICCID, with or without its last digit") {
  const auto found =
      matched({home, travel}, {{with_iccid("8901260000000031415")}, {with_iccid(home.iccid)}});
  CHECK(found.at(0) == is(1, MatchedBy::iccid));
  CHECK(found.at(1) == is(0, MatchedBy::iccid));
  CHECK_FALSE(matched({home}, {{with_iccid(travel.iccid)}}).at(0));
  CHECK(matched({}, {{with_iccid(travel.iccid)}}).empty());
  CHECK_FALSE(matched({home}, {}).at(0));
}

TEST_CASE("what the user said goes before the ICCID, and the line is behind no other profile") {
  const std::vector<Given> lines{{with_iccid(home.iccid), travel.iccid}};
  const auto found = matched({home, travel}, lines);
  CHECK_FALSE(found.at(0));
  CHECK(found.at(1) == is(0, MatchedBy::link));
  CHECK_FALSE(matched({home}, lines).at(0));  // linked to a profile of another card
  // Counter-run: without the link it is the other one.
  CHECK(matched({home, travel}, {{with_iccid(home.iccid)}}).at(0) == is(0, MatchedBy::iccid));
}

TEST_CASE("by the EID a line is found when one profile and one line are left, and never else") {
  CHECK(matched({home, travel}, {{with_iccid(home.iccid)}, {with_eid()}}).at(1) ==
        is(1, MatchedBy::eid));
  CHECK_FALSE(matched({home, travel}, {{with_eid()}}).at(0));  // two profiles
  CHECK_FALSE(matched({home, travel}, {{with_eid()}}).at(1));
  CHECK_FALSE(matched({home}, {{with_eid()}, {with_eid()}}).at(0));  // two lines
  CHECK_FALSE(matched({home}, {{with_eid("89049032000000000000000000000001")}}).at(0));
  CHECK_FALSE(matched({home}, {{with_iccid(travel.iccid)}}).at(0));  // its EID alone fits
  CHECK_FALSE(usage::match_lines("", std::vector{home}, {}).at(0));
}

TEST_CASE("by a number in the nickname a line is found, however people write it") {
  for (const auto* nickname :
       {"Mint +1 (206) 555-0142", "12065550142", "206.555.0142", "0012065550142 (Mint)"}) {
    CAPTURE(nickname);
    CHECK(matched({called(nickname), travel}, {{with_number("12065550142")}}).at(0) ==
          is(0, MatchedBy::msisdn));
  }
  // The provider may be the one that leaves out the country code.
  CHECK(matched({called("+1 206 555 0142")}, {{with_number("2065550142")}}).at(0));
  for (const auto* nickname : {"550142", "206 555 0143", "2065550142 2", "Home", ""}) {
    CAPTURE(nickname);
    CHECK_FALSE(matched({called(nickname)}, {{with_number("12065550142")}}).at(0));
  }
}

TEST_CASE("a number in two nicknames, or one that fits two lines, tells nothing") {
  const std::vector<Given> one{{with_number("12065550142")}};
  const auto twice = matched({called("206 555 0142"), called("+12065550142", travel.iccid)}, one);
  CHECK_FALSE(twice.at(0));
  CHECK_FALSE(twice.at(1));
  CHECK_FALSE(
      matched({called("5550142")}, {{with_number("12065550142")}, {with_number("13105550142")}})
          .at(0));
  CHECK(matched({called("5550142")}, one).at(0));  // counter-run
  auto other = with_iccid(travel.iccid);
  other.msisdn = "12065550142";
  CHECK_FALSE(matched({called("12065550142")}, {{other}}).at(0));  // it is of another SIM
}
