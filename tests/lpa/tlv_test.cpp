#include "lpa/tlv.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/support/hex.hpp"

using test::hex;

namespace {

/// What the reader says of octets that it refuses; "fine" when it takes them.
std::string fault(const base::Bytes& octets) {
  try {
    tlv::Reader reader(octets);
    while (reader.next()) {
    }
  } catch (const tlv::Malformed& malformed) {
    return malformed.what();
  }
  return "fine";
}

std::string fault(std::string_view text) { return fault(hex(text)); }

/// An element nested that many times in others.
base::Bytes nested(std::size_t times) {
  base::Bytes octets = hex("8000");
  for (std::size_t i = 0; i < times; ++i) {
    base::Bytes outer;
    tlv::append(outer, 0x30, octets);
    octets = outer;
  }
  return octets;
}

/// How many readers, one inside the other, `octets` can be walked with.
std::size_t depth_reached(const base::Bytes& octets) {
  std::size_t depth = 0;
  tlv::Reader reader(octets);
  while (const auto element = reader.next()) {
    if (!tlv::constructed(element->tag)) break;
    reader = reader.inside(*element);
    ++depth;
  }
  return depth;
}

base::Bytes zeros(std::size_t count) {
  base::Bytes octets;
  octets.resize(count);
  return octets;
}

}  // namespace

TEST_CASE("tags of one, two and three octets are read") {
  for (const auto& [text, tag] :
       {std::pair{"5A 01 07", 0x5AU}, std::pair{"9F70 01 07", 0x9F70U},
        std::pair{"BF2D 01 07", 0xBF2DU}, std::pair{"9F8570 01 07", 0x9F8570U}}) {
    const auto octets = hex(text);
    tlv::Reader reader(octets);
    const auto element = reader.next();
    REQUIRE(element);
    CHECK(element->tag == tag);
    CHECK(hex(element->value) == "07");
    CHECK(element->raw.size() == octets.size());
    CHECK_FALSE(reader.next());
  }
}

TEST_CASE("a tag of four octets is refused") {
  CHECK(fault("9F858570 01 07") == "a tag of more than three octets");
  CHECK(fault("9F8570 01 07") == "fine");
}

TEST_CASE("00 is not a tag") { CHECK(fault("00 00") == "00 is not a tag"); }

TEST_CASE("lengths of one, two and three octets after the first are read") {
  CHECK(fault("04 81 01 AA") == "fine");
  CHECK(fault("04 82 0001 AA") == "fine");
  CHECK(fault("04 83 000001 AA") == "fine");
  for (const std::size_t size : {0x7FUL, 0x80UL, 0xFFUL, 0x100UL, 0xFF00UL}) {
    base::Bytes octets;
    tlv::append(octets, 0x04, zeros(size));
    CHECK(tlv::single(octets).value.size() == size);
  }
}

TEST_CASE("a length of four octets and an indefinite length are refused") {
  CHECK(fault("04 84 00000001 AA") == "a length of more than three octets");
  CHECK(fault("30 80 0000") == "an indefinite length");
  CHECK(fault("30 FF 00") == "a length of more than three octets");
}

TEST_CASE("a length that runs past the end is refused and says by how much") {
  CHECK(fault("5A 0A 9800") == "5A claims 10 octets, 2 are there");
  CHECK(fault("BF2D 83 FFFFFF 00") == "BF2D claims 16777215 octets, 1 are there");
  CHECK(fault("5A 02 9800") == "fine");
}

TEST_CASE("a tag or length that is cut off is refused") {
  for (const auto* text : {"5A", "9F", "9F85", "5A 81", "5A 82 00", "8000 5A"}) {
    CAPTURE(text);
    CHECK(fault(text) == "ends in the middle of a tag or length");
  }
}

TEST_CASE("elements nested sixteen deep are read and the seventeenth is refused") {
  CHECK(depth_reached(nested(tlv::max_depth)) == 16);
  CHECK_THROWS_WITH_AS(depth_reached(nested(tlv::max_depth + 1)), "nested deeper than 16",
                       tlv::Malformed);
}

TEST_CASE("64 KiB are read and one octet more is refused") {
  CHECK_NOTHROW(tlv::Reader(zeros(tlv::max_size)));
  CHECK_THROWS_WITH_AS(tlv::Reader(zeros(tlv::max_size + 1)), "65537 octets, more than 65536",
                       tlv::Malformed);
}

TEST_CASE("elements side by side are read one after the other with their raw octets") {
  const auto octets = hex("81 01 07 BF2D 81 02 AABB");
  tlv::Reader reader(octets);
  CHECK(hex(reader.next().value().raw) == "810107");
  CHECK(hex(reader.next().value().raw) == "BF2D8102AABB");
  CHECK_FALSE(reader.next());
}

TEST_CASE("a single element has nothing before it and nothing after it") {
  CHECK(tlv::single(hex("5A0107")).tag == 0x5A);
  CHECK_THROWS_WITH_AS(static_cast<void>(tlv::single(hex("5A0107 9000"))),
                       "5A: 2 octets after its end", tlv::Malformed);
  CHECK_THROWS_WITH_AS(static_cast<void>(tlv::single({})), "empty", tlv::Malformed);
}

TEST_CASE("a tag is printed as specifications print it") {
  CHECK(tlv::to_string(0x5A) == "5A");
  CHECK(tlv::to_string(0x9F70) == "9F70");
  CHECK(tlv::to_string(0x9F8570) == "9F8570");
}

TEST_CASE("the first octet of a tag says whether its value is made of elements") {
  CHECK(tlv::constructed(0x30));
  CHECK(tlv::constructed(0xBF2D));
  CHECK_FALSE(tlv::constructed(0x5A));
  CHECK_FALSE(tlv::constructed(0x9F70));
  CHECK_FALSE(tlv::constructed(0x9FA5));  // the bit of a later octet is part of the number
}

TEST_CASE("a fault names the path to it from the outside in") {
  const tlv::Malformed inner("9 octets, not 10");
  CHECK(std::string(inner.what()) == "9 octets, not 10");
  CHECK(std::string(inner.within("iccid").within("[0]").within("List").what()) ==
        "List.[0].iccid: 9 octets, not 10");
}

TEST_CASE("any element that is written is read again as it was") {
  CHECK(rc::check([](const base::Bytes& value) {
    const auto tag = *rc::gen::element<tlv::Tag>(0x5A, 0x30, 0x9F70, 0xBF2D, 0x9F8570);
    base::Bytes octets;
    tlv::append(octets, tag, value);
    const auto element = tlv::single(octets);
    RC_ASSERT(element.tag == tag);
    RC_ASSERT(base::Bytes(element.value.begin(), element.value.end()) == value);
  }));
}

TEST_CASE("whatever the octets are the reader ends and stays inside them") {
  CHECK(rc::check([](const base::Bytes& octets) {
    std::size_t read = 0;
    try {
      tlv::Reader reader(octets);
      while (const auto element = reader.next()) {
        RC_ASSERT(element->value.size() < element->raw.size());
        read += element->raw.size();
      }
      RC_ASSERT(read == octets.size());
    } catch (const tlv::Malformed&) {
      RC_ASSERT(read < octets.size());
    }
  }));
}
