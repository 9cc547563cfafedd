#include "base/base64.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/support/hex.hpp"

namespace {

base::Bytes octets_of(std::string_view text) { return {text.begin(), text.end()}; }

// RFC 4648 10.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> vectors{
    {{"", ""},
     {"f", "Zg=="},
     {"fo", "Zm8="},
     {"foo", "Zm9v"},
     {"foob", "Zm9vYg=="},
     {"fooba", "Zm9vYmE="},
     {"foobar", "Zm9vYmFy"}}};

}  // namespace

TEST_CASE("base64 is that of RFC 4648, with padding") {
  for (const auto& [plain, coded] : vectors) {
    CHECK(base::to_base64(octets_of(plain)) == coded);
    CHECK(base::from_base64(coded) == octets_of(plain));
  }
  CHECK(base::to_base64(test::hex("FBEFBEFFFFFF")) == "++++////");
  CHECK(base::from_base64("++++////") == test::hex("FBEFBEFFFFFF"));
}

TEST_CASE("base64 is read without its padding, and with blanks and ends of lines anywhere") {
  for (const auto& [plain, coded] : vectors) {
    CHECK(base::from_base64(coded.substr(0, coded.find('='))) == octets_of(plain));
    std::string torn = "\r\n";
    for (const char each : coded) {
      torn += each;
      torn += " \t\r\n";
    }
    CHECK(base::from_base64(torn) == octets_of(plain));
  }
}

TEST_CASE("what is no base64 is not read") {
  for (const auto* const text :
       {"Zg-_", "Zm8-", "-m8=", "Zm9v-", "Zm9v\v", "Zm9v,Zm9v", "Zm9ü", "Zg~~"}) {
    CAPTURE(text);
    CHECK_FALSE(base::from_base64(text));
  }
  CHECK_FALSE(base::from_base64(std::string_view("Zm9v\0", 5)));
  CHECK(base::from_base64(std::string_view("Zm9v\0", 4)) == octets_of("foo"));
}

TEST_CASE("an amount of digits or of padding that cannot be is not read") {
  for (const auto* const text :
       {"Z", "Zm9vZ", "=", "==", "===", "====", "Z===", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v==",
        "Zm9v====", "=Zg=", "Z=g=", "Zg==Zg==", "Zg==Zm9v", "Zm=v"}) {
    CAPTURE(text);
    CHECK_FALSE(base::from_base64(text));
  }
}

TEST_CASE("octets that are written as base64 are read again") {
  CHECK(rc::check([](const base::Bytes& octets) {
    const auto text = base::to_base64(octets);
    RC_ASSERT(text.size() == (octets.size() + 2) / 3 * 4);
    RC_ASSERT(base::from_base64(text) == octets);
    RC_ASSERT(base::from_base64(text.substr(0, text.find('='))) == octets);
  }));
}

TEST_CASE("any text is base64 or is not") {
  CHECK(rc::check([](const std::string& text) {
    const auto octets = base::from_base64(text);
    RC_ASSERT((!octets || octets->size() <= text.size() / 4 * 3 + 3));
  }));
}
