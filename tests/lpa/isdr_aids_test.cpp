#include "lpa/isdr_aids.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/hex.hpp"

namespace {

constexpr auto gsma = "A0000005591010FFFFFFFF8900000100";
constexpr auto first_element = "A06573746B6D65FFFF4953442D522030";
constexpr auto second_element = "A06573746B6D65FFFF4953442D522031";

std::vector<std::string> candidates(std::string_view atr,
                                    std::optional<unsigned> secure_element = {}) {
  std::vector<std::string> texts;
  for (const auto& aid : lpa::isdr_candidates(test::hex(atr), secure_element))
    texts.push_back(aid.hex());
  return texts;
}

bool among(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

}  // namespace

TEST_CASE("the identifier of SGP.22 is tried first") {
  CHECK(candidates("").front() == gsma);
  CHECK(candidates("3B9F96803F87828031E073FE211F574543753130136502").front() == gsma);
}

TEST_CASE(
    "a card with two secure elements that its answer to reset gives away has its own identifiers "
    "tried first") {
  for (const auto* atr : {"3B9F96801FC78031E073FE2115576573746B2E6D65C1",
                          "3B9F96803FC7828031E073FE2115576573746B2E6D6563",
                          "3BBF9300801FC68031E073FE2113576573746B2E6D65E3"}) {
    const auto list = candidates(atr);
    CHECK(list[0] == first_element);
    CHECK(list[1] == second_element);
    CHECK(list[2] == gsma);
  }
}

TEST_CASE("no identifier is tried twice") {
  for (const auto* atr : {"", "3B9F96801FC78031E073FE2115576573746B2E6D65C1"}) {
    const auto list = candidates(atr);
    CHECK(std::set<std::string>(list.begin(), list.end()).size() == list.size());
  }
}

TEST_CASE("the identifiers of brands that differ from SGP.22 are tried") {
  const auto list = candidates("");
  for (const auto* aid : {"A0000005591010FFFFFFFF8900050500", "A0000005591010000000008900000300",
                          "A0000005591010FFFFFFFF8900000177", "A000000559104C696E6B736669656C64",
                          "A06573746B6D65FFFFFFFF4953442D52", "A0000006281010FFFFFFFF8900000100"}) {
    CAPTURE(aid);
    CHECK(among(list, aid));
  }
}

TEST_CASE("asking for one secure element never reaches the other") {
  const auto first = candidates("", 0);
  CHECK(first.front() == first_element);
  CHECK_FALSE(among(first, second_element));
  CHECK(among(first, gsma));
  CHECK(candidates("", 1) == std::vector<std::string>{second_element});
  // Without asking, both are there to be reached.
  CHECK(among(candidates(""), second_element));
}

TEST_CASE("there is no third secure element") { CHECK(candidates("", 2).empty()); }

TEST_CASE("the identifier of the ECASD is that of SGP.02") {
  CHECK(lpa::ecasd_aid().hex() == "A0000005591010FFFFFFFF8900000200");
}
