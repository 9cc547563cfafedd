#include "carriers/totp.hpp"

#include <array>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

namespace {

using carriers::OtpHash;
using std::chrono::seconds;

/// The secrets of RFC 6238 appendix B: "1234567890", repeated up to the size of the hash.
carriers::OtpKey rfc_key(OtpHash hash, int digits) {
  const std::size_t size = hash == OtpHash::sha1 ? 20 : hash == OtpHash::sha256 ? 32 : 64;
  std::string secret;
  while (secret.size() < size) secret += "1234567890";
  secret.resize(size);
  return {base::Secret(secret), hash, digits, seconds(30)};
}

base::UtcTime at(std::int64_t second) { return base::UtcTime(seconds(second)); }

std::string why(const carriers::OtpKey& key) {
  const auto error = test::error_of([&] { carriers::require_within_bounds(key); });
  if (!error) return "none";
  CHECK(error->code() == "otp.malformed");
  CHECK(error->kind() == base::ErrorKind::usage);
  return error->what();
}

}  // namespace

TEST_CASE("counted codes are those of RFC 4226 appendix D") {
  constexpr auto codes =
      std::to_array<const char*>({"755224", "287082", "359152", "969429", "338314", "254676",
                                  "287922", "162583", "399871", "520489"});
  const auto key = rfc_key(OtpHash::sha1, 6);
  for (std::size_t counter = 0; counter < codes.size(); ++counter)
    CHECK(carriers::hotp(key, counter).reveal() == codes.at(counter));
}

TEST_CASE("codes by time are those of RFC 6238 appendix B, with each hash") {
  struct Row {
    std::int64_t second;
    std::uint64_t step;
    const char* sha1;
    const char* sha256;
    const char* sha512;
  };
  constexpr auto rows = std::to_array<Row>({
      {59, 0x1, "94287082", "46119246", "90693936"},
      {1111111109, 0x23523EC, "07081804", "68084774", "25091201"},
      {1111111111, 0x23523ED, "14050471", "67062674", "99943326"},
      {1234567890, 0x273EF07, "89005924", "91819424", "93441116"},
      {2000000000, 0x3F940AA, "69279037", "90698825", "38618901"},
      {20000000000, 0x27BC86AA, "65353130", "77737706", "47863826"},
  });
  for (const auto& row : rows) {
    CAPTURE(row.second);
    const auto made = carriers::code(rfc_key(OtpHash::sha1, 8), at(row.second));
    CHECK(made.code.reveal() == row.sha1);
    CHECK(made.step == row.step);
    CHECK(carriers::code(rfc_key(OtpHash::sha256, 8), at(row.second)).code.reveal() == row.sha256);
    CHECK(carriers::code(rfc_key(OtpHash::sha512, 8), at(row.second)).code.reveal() == row.sha512);
  }
}

TEST_CASE("a code keeps its leading zeros, and fewer digits are the last of more") {
  CHECK(carriers::code(rfc_key(OtpHash::sha1, 8), at(1111111109)).code.reveal() == "07081804");
  CHECK(carriers::code(rfc_key(OtpHash::sha1, 7), at(1111111109)).code.reveal() == "7081804");
  CHECK(carriers::code(rfc_key(OtpHash::sha1, 6), at(1111111109)).code.reveal() == "081804");
}

TEST_CASE("a code is the same throughout its step and another one in the next") {
  auto key = rfc_key(OtpHash::sha1, 8);
  key.period = seconds(60);
  CHECK(carriers::code(key, at(60)).code.reveal() == carriers::code(key, at(119)).code.reveal());
  CHECK(carriers::code(key, at(120)).step == 2);
  CHECK(carriers::code(key, at(120)).code.reveal() != carriers::code(key, at(119)).code.reveal());
  CHECK(carriers::code(key, at(-1)).step == 0);
}

TEST_CASE("a key out of bounds makes no code, and the reason is said") {
  auto key = rfc_key(OtpHash::sha1, 6);
  CHECK(why(key) == "none");
  for (const int digits : {-1, 0, 5, 9}) {
    key.digits = digits;
    CHECK(why(key).ends_with("codes have 6 to 8 digits"));
    CHECK(test::error_code([&] { carriers::hotp(key, 0); }) == "otp.malformed");
  }
  key.digits = 8;
  for (const int period : {-30, 0, 301}) {
    key.period = seconds(period);
    CHECK(why(key).ends_with("a code is good for 1 to 300 seconds"));
    CHECK(test::error_code([&] { carriers::code(key, at(0)); }) == "otp.malformed");
  }
  key.period = seconds(300);
  CHECK(why(key) == "none");
  key.secret = base::Secret(std::string(9, 's'));
  CHECK(why(key).ends_with("its secret has 72 bits, and fewer than 80 can be guessed"));
  key.secret = base::Secret(std::string(10, 's'));
  CHECK(why(key) == "none");
  key.secret = base::Secret(std::string(128, 's'));
  CHECK(why(key) == "none");
  key.secret = base::Secret(std::string(129, 's'));
  CHECK(why(key).ends_with("its secret has more than 128 octets"));
}

TEST_CASE("a step is used at once when three seconds of it are left, and awaited when not") {
  const auto free = [](std::int64_t second) {
    return carriers::free_step(seconds(30), at(second), seconds(0), std::nullopt);
  };
  for (const std::int64_t second : {30, 31, 56, 57}) {
    CAPTURE(second);
    CHECK(free(second).step == 1);
    CHECK(free(second).wait == seconds(0));
    CHECK(free(second).instant == at(second));
  }
  CHECK(free(58).step == 2);
  CHECK(free(58).wait == seconds(2));
  CHECK(free(58).instant == at(60));
  CHECK(free(59).step == 2);
  CHECK(free(59).wait == seconds(1));
  CHECK(free(-5).step == 0);
  CHECK(free(-5).wait == seconds(5));
}

TEST_CASE("no step is used twice") {
  const auto free = [](std::int64_t second, std::uint64_t last) {
    return carriers::free_step(seconds(30), at(second), seconds(0), last);
  };
  CHECK(free(40, 0).step == 1);
  CHECK(free(40, 0).wait == seconds(0));
  CHECK(free(40, 1).step == 2);
  CHECK(free(40, 1).wait == seconds(20));
  CHECK(free(59, 1).step == 2);
  CHECK(free(59, 1).wait == seconds(1));
  CHECK(free(59, 2).step == 3);
  CHECK(free(59, 2).wait == seconds(31));
  // A clock that was set back: the step after the last one is far.
  CHECK(free(40, 10).step == 11);
  CHECK(free(40, 10).wait == seconds(290));
  // Whatever was written down, nothing overflows.
  CHECK(free(40, UINT64_MAX).step == 8446743360);
  CHECK(free(40, UINT64_MAX).wait > seconds(0));
}

TEST_CASE("each step that is given out, used at once, is later than the one before") {
  for (const int period : {1, 2, 3, 4, 30, 300}) {
    CAPTURE(period);
    std::optional<std::uint64_t> last;
    std::int64_t now = 1000;
    for (int round = 0; round < 100; ++round) {
      const auto free = carriers::free_step(seconds(period), at(now), seconds(7), last);
      if (last) REQUIRE(free.step > *last);
      REQUIRE(free.wait >= seconds(0));
      REQUIRE(free.wait <= seconds(2 * period));
      REQUIRE(free.instant == at(now) + seconds(7) + free.wait);
      auto key = rfc_key(OtpHash::sha1, 6);
      key.period = seconds(period);
      REQUIRE(carriers::code(key, free.instant).step == free.step);
      last = free.step;
      now += free.wait.count() + round % 5;
    }
  }
}

TEST_CASE("the server's clock decides, whether it is ahead or behind") {
  const auto free = [](std::int64_t second, int ahead) {
    return carriers::free_step(seconds(30), at(second), seconds(ahead), std::nullopt);
  };
  CHECK(free(40, 0).step == 1);
  CHECK(free(40, 25).step == 2);
  CHECK(free(40, 25).wait == seconds(0));
  CHECK(free(40, 25).instant == at(65));
  CHECK(free(40, -15).step == 0);
  CHECK(free(40, 18).step == 2);  // two seconds are left there, twenty here
  CHECK(free(40, 18).wait == seconds(2));
}
