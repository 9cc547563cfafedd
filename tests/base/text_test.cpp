#include "base/text.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/bytes.hpp"

namespace {

std::string text_of(const base::Bytes& octets) { return {octets.begin(), octets.end()}; }

}  // namespace

TEST_CASE("text without anything hidden stays as it is") {
  for (const std::string_view text : {"", "Orange PL", "Telekom – Größe", "中国移动", "日本",
                                      "👩‍👩‍👧", "  blanks  "}) {
    CHECK(base::clean(text) == text);
  }
}

TEST_CASE("octets that are no UTF-8 are shown as replacement characters") {
  CHECK(base::clean("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(base::clean("\xC3") == "\xEF\xBF\xBD");                          // cut off
  CHECK(base::clean("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");          // over-long
  CHECK(base::clean("\xED\xA0\x80").find('\xED') == std::string::npos);  // a surrogate
}

TEST_CASE("control characters of a hostile card never reach the terminal") {
  CHECK(base::clean("\x1B[2Jred") == "[2Jred");
  CHECK(base::clean("a\tb\nc\rd\x7F") == "abcd");
  CHECK(base::clean(std::string_view("a\0b", 3)) == "ab");
  CHECK(base::clean("a\xC2\x9B"
                    "31mb") == "a31mb");  // C1: CSI in one character
}

TEST_CASE("marks that turn the direction of text round are taken out") {
  CHECK(base::clean("abc\u202Egpj.exe\u202C") == "abcgpj.exe");
  CHECK(base::clean("\u2066x\u2069\u200E\u200F\u061C\u2028\u2029\uFEFF") == "x");
}

TEST_CASE("long text is cut between characters") {
  CHECK(base::clean("aää", 4) == "aä");
  CHECK(base::clean("aää", 5) == "aää");
  CHECK(base::clean(std::string(1000, 'x')).size() == 256);
}

TEST_CASE("cleaning whatever came leaves text that needs no more cleaning") {
  CHECK(rc::check([](const base::Bytes& octets) {
    const auto once = base::clean(text_of(octets));
    RC_ASSERT(base::clean(once, once.size()) == once);
    RC_ASSERT(once.size() <= 256U);
  }));
}

TEST_CASE("text is as wide as a terminal shows it") {
  CHECK(base::cells("") == 0);
  CHECK(base::cells("abc") == 3);
  CHECK(base::cells("äöü") == 3);
  CHECK(base::cells("中国移动") == 8);
  CHECK(base::cells("e\u0301") == 1);  // a combining accent
  CHECK(base::cells("👍") == 2);
  CHECK(base::cells("👩‍👩‍👧") == 2);  // joined to one
  CHECK(base::cells("🇩🇪") == 2);                  // a flag of two letters
  CHECK(base::cells("🇩🇪🇫🇷") == 4);
}

TEST_CASE("text that fits is not elided and what does not fit ends with an ellipsis") {
  CHECK(base::elide("abc", 3) == "abc");
  CHECK(base::elide("abcd", 3) == "ab…");
  CHECK(base::elide("abcd", 1) == "…");
  CHECK(base::elide("abcd", 0).empty());
  CHECK(base::elide("", 0).empty());
}

TEST_CASE("wide characters are elided whole") {
  CHECK(base::elide("中国移动", 8) == "中国移动");
  CHECK(base::elide("中国移动", 7) == "中国移…");
  CHECK(base::elide("中国移动", 6) == "中国…");
  CHECK(base::elide("e\u0301e\u0301", 2) == "e\u0301e\u0301");
}

TEST_CASE("elided text is never wider than asked for") {
  CHECK(rc::check([](const base::Bytes& octets) {
    const auto text = base::clean(text_of(octets));
    const auto width = *rc::gen::inRange<std::size_t>(0, 40);
    RC_ASSERT(base::cells(base::elide(text, width)) <= width);
  }));
}

TEST_CASE("only ASCII letters are made lower case") {
  CHECK(base::lower("SMDP.Example.COM") == "smdp.example.com");
  CHECK(base::lower("ÄÖ1-") == "ÄÖ1-");
}

TEST_CASE("the nearest word is at most two slips away") {
  const std::vector<std::string> words{"list", "enable", "disable", "info"};
  CHECK(base::nearest("lsit", words) == "list");  // a swap
  CHECK(base::nearest("enabel", words) == "enable");
  CHECK(base::nearest("disble", words) == "disable");
  CHECK(base::nearest("enabled", words) == "enable");
  CHECK(base::nearest("listprofiles", words).empty());
  CHECK(base::nearest("", words).empty());
  CHECK(base::nearest("xyz", {}).empty());
}

TEST_CASE("hexadecimal digits have their values and nothing else has one") {
  CHECK(base::hex_digit('0') == 0);
  CHECK(base::hex_digit('f') == 15);
  CHECK(base::hex_digit('A') == 10);
  for (const char c : {'g', 'G', '/', ':', '@', '`', ' ', '\0'}) CHECK_FALSE(base::hex_digit(c));
}
