#include "carriers/jwt.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/base64.hpp"

namespace {

std::string encoded(const std::string& text) {
  const base::Bytes octets(text.begin(), text.end());
  auto usual = base::to_base64(octets);
  usual.erase(std::min(usual.find('='), usual.size()));
  for (auto& each : usual) {
    if (each == '+') each = '-';
    if (each == '/') each = '_';
  }
  return usual;
}

std::string token(const std::string& claims, const std::string& header = R"({"alg":"HS256"})") {
  return encoded(header) + "." + encoded(claims) + ".c2ln";
}

std::optional<carriers::JwtClaims> read(const std::string& text) {
  return carriers::read_jwt(base::Secret(text));
}

bool readable(const std::string& text) { return read(text).has_value(); }

}  // namespace

TEST_CASE("the tokens of RFC 7519 are read, signed and unsecured") {
  const std::string claims =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ";
  for (const auto& text : {"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claims +
                               ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                           "eyJhbGciOiJub25lIn0." + claims + "."}) {
    const auto found = read(text);
    REQUIRE(found);
    REQUIRE(found->expires);
    CHECK(base::to_rfc3339(*found->expires) == "2011-03-22T18:43:00Z");
    CHECK(found->texts.size() == 1);
    CHECK(found->texts.at("iss") == "joe");
  }
}

TEST_CASE("an encrypted token is not read") {
  CHECK_FALSE(readable("eyJhbGciOiJSU0ExXzUifQ.QR1Owv2u.AxY8DCtDaGlsbGljb3RoZQ.MKOle7UQ.AxY8DCtD"));
}

TEST_CASE("texts are those of the outermost object alone") {
  const auto found =
      read(token(R"({"sub":"旅?>","n":1,"list":["a"],"in":{"sub":"b","sub":"c"},"none":null})"));
  REQUIRE(found);
  CHECK(found->texts.size() == 1);
  CHECK(found->texts.at("sub") == "旅?>");
  CHECK_FALSE(found->expires);
}

TEST_CASE("the end of a token is a number of seconds up to the year 9999") {
  const auto end = [](const std::string& number) {
    const auto found = read(token(R"({"exp":)" + number + "}"));
    return found && found->expires ? base::to_rfc3339(*found->expires) : "none";
  };
  CHECK(end("0") == "1970-01-01T00:00:00Z");
  CHECK(end("1300819380.75") == "2011-03-22T18:43:00Z");
  CHECK(end("1.3e9") == "2011-03-13T07:06:40Z");
  CHECK(end("253402300799") == "9999-12-31T23:59:59Z");
  for (const auto* number : {"253402300800", "18446744073709551615", "-1", "-1.5", "1e300", "1e999",
                             "\"1300819380\"", "null", "true", "[1]", "{}"}) {
    CAPTURE(number);
    CHECK_FALSE(readable(token(R"({"exp":)" + std::string(number) + "}")));
  }
}

TEST_CASE("a claim that is there twice makes a token unreadable") {
  CHECK(readable(token(R"({"a":"1","b":"1"})")));
  CHECK_FALSE(readable(token(R"({"a":"1","a":"1"})")));
  CHECK_FALSE(readable(token(R"({"exp":1,"exp":2})")));
}

TEST_CASE("what is no token is not read") {
  CHECK(readable(token("{}")));
  for (const auto& text : std::vector<std::string>{"",
                                                   std::string("."),
                                                   std::string(".."),
                                                   std::string("opaque-token"),
                                                   token("{}") + ".",
                                                   "." + token("{}"),
                                                   token("[]"),
                                                   token("1"),
                                                   token(R"("a")"),
                                                   token(""),
                                                   token("{"),
                                                   token("{} {}"),
                                                   token("{}", "[]"),
                                                   token("{}", ""),
                                                   token("{\"a\":\"\xFF\"}"),
                                                   encoded("{}") + "." + encoded("{}") + ".%",
                                                   encoded("{}") + "." + encoded("{}") + ".ab=",
                                                   "e30=.e30.",
                                                   "e30.e 30.",
                                                   "e30.e30+.",
                                                   "e30.e30.a"}) {
    CAPTURE(text);
    CHECK_FALSE(readable(text));
  }
}

TEST_CASE("size and depth have limits") {
  const auto nested = [](std::size_t depth) {
    return token(R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}");
  };
  CHECK(readable(nested(7)));
  CHECK_FALSE(readable(nested(8)));
  CHECK_FALSE(readable(nested(5000)));
  const auto sized = [](std::size_t size) {
    auto text = token("{}");
    text.resize(size - size % 4, 'A');
    return text;
  };
  CHECK(readable(sized(16UL * 1024)));
  CHECK_FALSE(readable(sized(16UL * 1024 + 4)));
}
