#include "usage/iccid.hpp"

#include <doctest/doctest.h>

using usage::same_iccid;

TEST_CASE("an ICCID is the same with and without its check digit and its filling") {
  CHECK(same_iccid("89012600000000314156", "89012600000000314156"));
  CHECK(same_iccid("8944100000000042176", "8944100000000042176F"));
  // 6 is the check digit of these eighteen, by hand after ISO/IEC 7812-1.
  CHECK(same_iccid("894410000000004217", "8944100000000042176"));
  CHECK_FALSE(same_iccid("894410000000004217", "8944100000000042175"));
}

TEST_CASE("another ICCID, or an ending alone, is not the same") {
  CHECK_FALSE(same_iccid("8944100000000042176", "8944100000000042184"));
  CHECK_FALSE(same_iccid("42176", "8944100000000042176"));
  CHECK_FALSE(same_iccid("0000000042176", "8944100000000042176"));
  CHECK_FALSE(same_iccid("", ""));
  CHECK_FALSE(same_iccid("89441000000000421", "894410000000004217"));  // too short to be sure
}

TEST_CASE("a whole ICCID is told by its length and by the digit that checks it") {
  CHECK(usage::whole_iccid("8944100000000042176"));
  CHECK(usage::whole_iccid("89012600000000314156"));
  CHECK(usage::whole_iccid("890010123456789017"));
  for (const auto* text :
       {"8944100000000042177", "894410000000004217", "42176", "", "898600B5010023456789",
        "8944100000000042176F", "0000000000000000000000"}) {
    CAPTURE(text);
    CHECK_FALSE(usage::whole_iccid(text));
  }
}
