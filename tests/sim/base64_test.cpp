#include "sim/base64.hpp"

#include <string>

#include <doctest/doctest.h>

namespace {

base::Bytes octets(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("base64 has the letters of RFC 4648 section 10") {
  for (const auto& [plain, coded] : {std::pair<std::string, std::string>{"", ""},
                                     {"f", "Zg=="},
                                     {"fo", "Zm8="},
                                     {"foo", "Zm9v"},
                                     {"foob", "Zm9vYg=="},
                                     {"fooba", "Zm9vYmE="},
                                     {"foobar", "Zm9vYmFy"}}) {
    CHECK(sim::to_base64(octets(plain)) == coded);
    CHECK(sim::from_base64(coded) == octets(plain));
  }
}

TEST_CASE("what is nearly base64 is none") {
  for (const auto* text : {"Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zm8=Zm8=", "Zm 8=",
                           "Zm8=\n", "Zm8_", "Z=g="}) {
    CHECK_FALSE(sim::from_base64(text));
  }
}
