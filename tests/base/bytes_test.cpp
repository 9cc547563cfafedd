#include "base/bytes.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

TEST_CASE("octets are written as upper-case hexadecimal") {
  CHECK(base::to_hex(base::Bytes{0x00, 0x0F, 0xA5, 0xFF}) == "000FA5FF");
  CHECK(base::to_hex({}).empty());
}

TEST_CASE("hexadecimal is read in either case and with blanks between octets") {
  CHECK(base::from_hex("a5 FF 0b") == base::Bytes{0xA5, 0xFF, 0x0B});
  CHECK(base::from_hex("") == base::Bytes{});
  CHECK(base::from_hex("  01  ") == base::Bytes{0x01});
}

TEST_CASE("an odd digit, a blank inside an octet and other characters are not hexadecimal") {
  for (const auto* text : {"A", "A5F", "A 5", "0x5A", "5G", "5A\n", "\xC3\xA4", "-1"}) {
    CAPTURE(text);
    CHECK_FALSE(base::from_hex(text));
  }
}

TEST_CASE("any octets survive being written and read") {
  CHECK(rc::check([](const base::Bytes& octets) {
    RC_ASSERT(base::from_hex(base::to_hex(octets)) == octets);
  }));
}
