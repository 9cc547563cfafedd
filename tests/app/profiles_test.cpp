#include "app/profiles.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/error.hpp"

namespace {

lpa::ProfileInfo profile(const std::string& iccid_octets, std::optional<std::string> nickname,
                         std::optional<std::string> provider) {
  lpa::ProfileInfo info;
  lpa::Iccid iccid;
  std::ranges::copy(*base::from_hex(iccid_octets), iccid.octets.begin());
  info.iccid = iccid;
  info.isdp_aid = lpa::Aid::from_hex("A0000005591010FFFFFFFF89000010" + iccid_octets.substr(18));
  info.nickname = std::move(nickname);
  info.provider = std::move(provider);
  return info;
}

const std::vector<lpa::ProfileInfo>& profiles() {
  static const std::vector<lpa::ProfileInfo> all{
      profile("989401000000001032F4", "Home", "Meadow"),        // 19 digits
      profile("98681000000000103254", "旅行", "Roam  "),        // 20 digits
      profile("9868005B100032547698", std::nullopt, "Meadow"),  // hex letters
      profile("981032547698103254FF", "1234", std::nullopt),    // 18 digits
  };
  return all;
}

std::string found(std::string_view wanted) {
  try {
    return app::find_profile(profiles(), wanted).iccid->digits();
  } catch (const base::Error& error) {
    return error.code();
  }
}

}  // namespace

TEST_CASE(
    "a profile is found by its whole ICCID, with blanks, in either case, with 18 to 20 digits") {
  CHECK(found("8949100000000001234") == "8949100000000001234");
  CHECK(found("8949100000000001235") == "profile.not-found");
  CHECK(found("8986 0100 0000 0001 2345") == "89860100000000012345");
  CHECK(found("898600b5010023456789") == "898600B5010023456789");
  CHECK(found("890123456789012345") == "890123456789012345");
}

TEST_CASE("a profile is found by the last four or more digits of its ICCID when only one ends so") {
  CHECK(found("2345") == "profile.ambiguous");
  CHECK(found("12345") == "profile.ambiguous");
  CHECK(found("012345") == "profile.ambiguous");
  CHECK(found("9012345") == "890123456789012345");
  CHECK(found("789") == "profile.not-found");
  CHECK(found("6789") == "898600B5010023456789");
}

TEST_CASE("an ICCID is found with the filling that EF_ICCID and modems have at its end") {
  CHECK(found("8949100000000001234F") == "8949100000000001234");
  CHECK(found("890123456789012345ff") == "890123456789012345");
  CHECK(found("01234F") == "8949100000000001234");
  CHECK(found("234F") == "profile.not-found");  // three digits
  CHECK(found("ffff") == "profile.not-found");
}

TEST_CASE("a profile is found by nickname or provider, whatever the case and the blanks around") {
  CHECK(found("home") == "8949100000000001234");
  CHECK(found("旅行") == "89860100000000012345");
  CHECK(found("roam") == "89860100000000012345");
  CHECK(found("meadow") == "profile.ambiguous");
  CHECK(found("") == "profile.not-found");
  CHECK(found("  ") == "profile.not-found");
}

TEST_CASE("a profile is found by its AID") {
  CHECK(found(profiles()[1].isdp_aid->hex()) == "89860100000000012345");
}

TEST_CASE(
    "an ending and a nickname that fit two profiles are ambiguous, not first come first served") {
  CHECK(found("1234") == "profile.ambiguous");
}
