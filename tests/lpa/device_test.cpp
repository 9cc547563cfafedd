#include "lpa/device.hpp"

#include <string>
#include <tuple>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"

using test::hex;

namespace {

std::string refusal(const std::string& imei) {
  const auto error = test::error_of([&] { lpa::device_with_imei(imei); });
  if (!error) return "none";
  CHECK(error->code() == "device.imei");
  CHECK(error->kind() == base::ErrorKind::usage);
  return error->what();
}

}  // namespace

TEST_CASE("an IMEI is told as SGP.22 has it: nibbles swapped but in the last octet") {
  // 3GPP TS 23.003 annex B has the first two as its example of a check digit.
  for (const auto& [imei, tac, octets] :
       {std::tuple{"260531793113837", "62501397", "625013971331387F"},
        std::tuple{"26053179311383", "62501397", "625013971331387F"},
        std::tuple{"490154203237518", "94104502", "941045022373158F"},
        std::tuple{"000000000000000", "00000000", "000000000000000F"}}) {
    CAPTURE(imei);
    const auto device = lpa::device_with_imei(imei);
    CHECK(hex(device.tac) == tac);
    REQUIRE(device.imei);
    CHECK(hex(*device.imei) == octets);
  }
}

TEST_CASE("every wrong check digit of an IMEI is refused") {
  for (char digit = '0'; digit <= '9'; ++digit) {
    const auto told = refusal("49015420323751" + std::string(1, digit));
    CHECK((told == "none") == (digit == '8'));
    if (digit != '8') CHECK(told.find("the last digit of the IMEI") != std::string::npos);
  }
}

TEST_CASE("two digits of an IMEI that were swapped are noticed") {
  CHECK(refusal("490154203237518") == "none");
  CHECK(refusal("940154203237518") != "none");
  CHECK(refusal("490154203273518") != "none");
}

TEST_CASE("what has other signs than digits, or another length, is no IMEI") {
  for (const auto* const text : {"", "4901542032375", "4901542032375180", "49015420323751A",
                                 "49-015420-323751-8", " 490154203237518", "490154203237518\n",
                                 "４９０１５４２０３２３７５１８", "+49015420323751"}) {
    CAPTURE(text);
    CHECK(refusal(text).find("is no IMEI") != std::string::npos);
  }
  const auto hostile = refusal("\x1b[31m" + std::string(1000, '1'));
  CHECK(hostile.size() < 200);
  CHECK(hostile.find('\x1b') == std::string::npos);
}

TEST_CASE("a device without an IMEI tells a type, and no IMEI") {
  const auto device = lpa::unnamed_device();
  CHECK_FALSE(device.imei);
  CHECK(hex(device.tac) == "53926011");
}
