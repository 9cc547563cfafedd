#include "sim/totp.hpp"

#include <doctest/doctest.h>

#include "sim/url.hpp"

namespace {

const std::string secret = "12345678901234567890";

base::Bytes octets(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("one-time codes are those of RFC 6238, appendix B, and RFC 4226, appendix D") {
  const auto key = octets(secret);
  CHECK(sim::totp_code(key, sim::totp_step(59), 8) == "94287082");
  CHECK(sim::totp_code(key, sim::totp_step(1111111109), 8) == "07081804");
  CHECK(sim::totp_code(key, sim::totp_step(1111111111), 8) == "14050471");
  CHECK(sim::totp_code(key, sim::totp_step(1234567890), 8) == "89005924");
  CHECK(sim::totp_code(key, sim::totp_step(20000000000), 8) == "65353130");
  CHECK(sim::totp_code(key, 0) == "755224");
  CHECK(sim::totp_code(key, 9) == "520489");
}

TEST_CASE("a code is taken of its step and of the neighbours, and of no other") {
  const auto key = octets(secret);
  const auto code = sim::totp_code(key, 100);
  CHECK(sim::step_of_code(key, code, 3000) == 100);
  CHECK(sim::step_of_code(key, code, 2970) == 100);
  CHECK(sim::step_of_code(key, code, 3059) == 100);
  CHECK_FALSE(sim::step_of_code(key, code, 3060));
  CHECK_FALSE(sim::step_of_code(key, code, 2940));
  CHECK_FALSE(sim::step_of_code(key, "", 3000));
}

TEST_CASE("base32 is read with and without padding, in both cases") {
  CHECK(sim::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == octets(secret));
  CHECK(sim::from_base32("mzxw6===") == octets("foo"));
  CHECK(sim::from_base32("MZXW6") == octets("foo"));
  CHECK_FALSE(sim::from_base32("MZXW1"));
}

TEST_CASE("forms and paths are decoded, and what is no escape is refused") {
  const auto fields = sim::decode_form("a=1&page%5Bsize%5D=2+3&empty=&bare");
  REQUIRE(fields);
  CHECK(sim::field(*fields, "a") == "1");
  CHECK(sim::field(*fields, "page[size]") == "2 3");
  CHECK(sim::field(*fields, "empty") == "");
  CHECK(sim::field(*fields, "bare") == "");
  CHECK_FALSE(sim::field(*fields, "b"));
  CHECK_FALSE(sim::decode_form("a=%4"));
  CHECK_FALSE(sim::decode_form("a=%zz"));
  CHECK(sim::match_path("/v1/sims/a%2Fb", "/v1/sims/{}") == std::vector<std::string>{"a/b"});
  CHECK_FALSE(sim::match_path("/v1/sims/", "/v1/sims/{}"));
  CHECK_FALSE(sim::match_path("/v1/sims", "/v1/sims/{}"));
  CHECK(sim::escaped("a b[]~") == "a%20b%5B%5D~");
}
