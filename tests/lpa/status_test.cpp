#include "lpa/status.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace {

std::string name_of(std::uint16_t sw) {
  const auto meaning = lpa::status_word_meaning(sw);
  return meaning ? std::string(meaning->name) : "none";
}

}  // namespace

TEST_CASE("status words have the names of the specifications") {
  CHECK(name_of(0x9000) == "normal ending");
  CHECK(name_of(0x6A80) == "incorrect data");
  CHECK(name_of(0x6A82) == "file or application not found");
  CHECK(name_of(0x6985) == "conditions of use not satisfied");
  CHECK(name_of(0x6881) == "logical channel not supported");
  CHECK(name_of(0x6D00) == "instruction not supported");
}

TEST_CASE("a status word of a family is known by any of its numbers and keeps its own") {
  CHECK(name_of(0x9113) == "normal ending, proactive command pending");
  CHECK(name_of(0x61FF) == "more data available");
  CHECK(name_of(0x6C10) == "wrong Le");
  CHECK(name_of(0x63C3) == "counter");
  CHECK(lpa::status_word_meaning(0x9113)->number == 0x9113);
  CHECK(lpa::status_word_meaning(0x63C3)->number == 0x63C3);
}

TEST_CASE("a status word that means nothing has no meaning") {
  for (const auto sw : std::vector<std::uint16_t>{0x0000, 0x1234, 0x6AFF, 0x9001, 0xFFFF})
    CHECK(name_of(sw) == "none");
}

TEST_CASE("every status word that is known says what it means") {
  std::size_t known = 0;
  for (std::uint32_t sw = 0; sw <= 0xFFFF; ++sw) {
    const auto meaning = lpa::status_word_meaning(static_cast<std::uint16_t>(sw));
    if (!meaning) continue;
    ++known;
    const bool said = !meaning->name.empty() && !meaning->cause.empty() && meaning->number == sw;
    if (!said) CAPTURE(sw);
    if (!said) FAIL_CHECK("a status word without name or cause");
  }
  CHECK(known > 5 * 256);  // the families alone
}

TEST_CASE(
    "every code of the PC/SC service has a name, a cause and a hint, and none is there twice") {
  std::set<std::uint32_t> numbers;
  std::set<std::string_view> names;
  for (const auto& code : lpa::pcsc_codes()) {
    CAPTURE(code.name);
    CHECK(numbers.insert(code.number).second);
    CHECK(names.insert(code.name).second);
    CHECK(code.name.starts_with("SCARD_"));
    CHECK_FALSE(code.cause.empty());
    CHECK_FALSE(code.advice.empty());
    CHECK((code.number & 0xFFFFFF00U) == 0x80100000U);
  }
  CHECK(numbers.size() > 40);
}

TEST_CASE("the codes of the PC/SC service that people meet are told apart") {
  CHECK(lpa::pcsc_meaning(0x8010001D)->name == "SCARD_E_NO_SERVICE");
  CHECK(lpa::pcsc_meaning(0x8010002E)->name == "SCARD_E_NO_READERS_AVAILABLE");
  CHECK(lpa::pcsc_meaning(0x8010000B)->name == "SCARD_E_SHARING_VIOLATION");
  CHECK(lpa::pcsc_meaning(0x80100069)->name == "SCARD_W_REMOVED_CARD");
  CHECK_FALSE(lpa::pcsc_meaning(0x80100000));
  CHECK_FALSE(lpa::pcsc_meaning(0));
}

TEST_CASE("polkit's refusal names the two actions to allow") {
  const auto meaning = lpa::pcsc_meaning(0x8010006A);
  REQUIRE(meaning);
  CHECK(meaning->cause.find("polkit") != std::string_view::npos);
  CHECK(meaning->advice.find("access_pcsc") != std::string_view::npos);
  CHECK(meaning->advice.find("access_card") != std::string_view::npos);
}

TEST_CASE("the results of EnableProfile are those of SGP.22 with catBusy among them") {
  const auto name = [](std::uint32_t result) {
    return lpa::result_meaning("EnableProfile", result)->name;
  };
  CHECK(name(0) == "ok");
  CHECK(name(1) == "iccidOrAidNotFound");
  CHECK(name(2) == "profileNotInDisabledState");
  CHECK(name(3) == "disallowedByPolicy");
  CHECK(name(4) == "wrongProfileReenabling");
  CHECK(name(5) == "catBusy");
  CHECK(name(127) == "undefinedError");
  CHECK_FALSE(lpa::result_meaning("EnableProfile", 6));
}

TEST_CASE("the results of DisableProfile and GetProfilesInfo are those of SGP.22") {
  CHECK(lpa::result_meaning("DisableProfile", 2)->name == "profileNotInEnabledState");
  CHECK(lpa::result_meaning("DisableProfile", 5)->name == "catBusy");
  CHECK_FALSE(lpa::result_meaning("DisableProfile", 4));
  CHECK(lpa::result_meaning("GetProfilesInfo", 1)->name == "incorrectInputValues");
  CHECK(lpa::result_meaning("GetProfilesInfo", 127)->name == "undefinedError");
  CHECK_FALSE(lpa::result_meaning("NoSuchFunction", 1));
}

TEST_CASE("no result of a function is there twice and each says what it means") {
  for (const auto& table : lpa::result_tables()) {
    std::set<std::uint32_t> numbers;
    for (const auto& result : table.results) {
      CAPTURE(result.name);
      CHECK(numbers.insert(result.number).second);
      CHECK_FALSE(result.cause.empty());
    }
  }
}

TEST_CASE("what a card says of a package that failed has a command and a reason") {
  CHECK(lpa::installation_command(5)->name == "loadProfileElements");
  CHECK(lpa::installation_reason(10)->name == "installFailedDueToInsufficientMemoryForProfile");
  CHECK(lpa::installation_reason(127)->name == "installFailedDueToUnknownError");
  CHECK_FALSE(lpa::installation_command(6));
  CHECK_FALSE(lpa::installation_reason(16));
  CHECK(lpa::installation_commands().size() == 6);
  CHECK(lpa::installation_reasons().size() == 18);
}

TEST_CASE("the errors of AuthenticateServer, PrepareDownload and CancelSession are told apart") {
  CHECK(lpa::result_meaning("AuthenticateServer", 5)->name == "invalidOid");
  CHECK(lpa::result_meaning("AuthenticateServer", 7)->name == "ciPKUnknown");
  CHECK(lpa::result_meaning("PrepareDownload", 5)->name == "invalidTransactionId");
  CHECK_FALSE(lpa::result_meaning("PrepareDownload", 6));
  CHECK(lpa::result_meaning("CancelSession", 5)->name == "invalidTransactionId");
  CHECK_FALSE(lpa::result_meaning("CancelSession", 1));
}
