#include "carriers/base32.hpp"

#include <array>
#include <string>

#include <doctest/doctest.h>

namespace {

/// What is read; "none" when it is not base32.
std::string read(std::string_view text) {
  const auto octets = carriers::from_base32(text);
  return octets ? std::string(octets->reveal()) : "none";
}

}  // namespace

TEST_CASE("base32 is that of RFC 4648 section 10, read with and without padding") {
  struct Row {
    const char* octets;
    const char* padded;
  };
  constexpr auto rows = std::to_array<Row>({{"", ""},
                                            {"f", "MY======"},
                                            {"fo", "MZXQ===="},
                                            {"foo", "MZXW6==="},
                                            {"foob", "MZXW6YQ="},
                                            {"fooba", "MZXW6YTB"},
                                            {"foobar", "MZXW6YTBOI======"}});
  for (const auto& row : rows) {
    const std::string padded = row.padded;
    const auto bare = padded.substr(0, padded.find('='));
    CHECK(read(padded) == row.octets);
    CHECK(read(bare) == row.octets);
    CHECK(carriers::to_base32(row.octets).reveal() == bare);
  }
}

TEST_CASE("base32 is read in either case, with blanks and hyphens") {
  CHECK(read("mzxw 6ytb-OI\n") == "foobar");
  CHECK(read("MZXW6YTBOJ") == "foobar");  // the two bits over are not zero
}

TEST_CASE("what is not base32 is not read") {
  for (const auto* text :
       {"MZXW1", "MZXW6!", "M=Y", "MY=A", "MZXW6YTBO", "A", "AAA", "AAAAAA", "MZXW6Ä"}) {
    CAPTURE(text);
    CHECK(read(text) == "none");
  }
}

TEST_CASE("every octet comes back") {
  std::string octets;
  for (int value = 0; value < 256; ++value) octets.push_back(static_cast<char>(value));
  for (std::size_t size = 0; size <= octets.size(); ++size) {
    const auto part = octets.substr(256 - size);
    REQUIRE(read(carriers::to_base32(part).reveal()) == part);
  }
}
