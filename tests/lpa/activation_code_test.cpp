#include "lpa/activation_code.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/support/errors.hpp"

/// SGP.22 v2.5 4.1; the first five are its own examples.
namespace {

using lpa::ActivationCode;

struct Good {
  std::string text;
  ActivationCode code;
};

const std::string address = "SMDP.GSMA.COM";
const std::string lower_address = "smdp.gsma.com";
const std::string id = "04386-AGYFT-A74Y8-3F815";
const std::string oid = "1.3.6.1.4.1.31746";

std::vector<Good> good() {
  const ActivationCode plain{lower_address, address, id, {}, false, {}};
  auto with = [&](auto change) {
    auto code = plain;
    change(code);
    return code;
  };
  const auto with_oid = with([](auto& code) { code.smdp_oid = oid; });
  const auto with_flag = with([](auto& code) { code.confirmation_code_required = true; });
  return {
      {"1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$1.3.6.1.4.1.31746$1", with([](auto& code) {
         code.smdp_oid = oid;
         code.confirmation_code_required = true;
       })},
      {"1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$$1", with_flag},
      {"1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$1.3.6.1.4.1.31746", with_oid},
      {"1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815", plain},
      {"1$SMDP.GSMA.COM$$1.3.6.1.4.1.31746", with([](auto& code) {
         code.smdp_oid = oid;
         code.matching_id.clear();
       })},
      {"LPA:1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815", plain},
      {"lpa:1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$", plain},
      {"Lpa: 1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$$", plain},
      {" \t LPA:1 $ SMDP.GSMA.COM $ 04386-AGYFT-A74Y8-3F815 $ \r\n", plain},
      {"\xEF\xBB\xBFLPA:1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815\xC2\xA0", plain},
      {"LPA:1＄SMDP.GSMA.COM＄04386-AGYFT-A74Y8-3F815", plain},
      {"LPA:1%24SMDP.GSMA.COM%2404386-AGYFT-A74Y8-3F815", plain},
      {"LPA%3A1%24SMDP%2eGSMA.COM$04386%2DAGYFT-A74Y8-3F815%20", plain},
      {"1%EF%BC%84SMDP.GSMA.COM%EF%BC%8404386-AGYFT-A74Y8-3F815", plain},
      {"https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA:1$SMDP.GSMA.COM$"
       "04386-AGYFT-A74Y8-3F815",
       plain},
      {"HTTPS://esimsetup.android.com/esim_qrcode_provisioning?a=b&CardData=LPA%3A1%24SMDP.GSMA.COM"
       "%2404386-AGYFT-A74Y8-3F815&c=d#end",
       plain},
      {"1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$$1$ AB%41＄$x_y $1 ", with([](auto& code) {
         code.confirmation_code_required = true;
         code.further_fields = "AB%41＄$x_y $1";
       })},
      {"1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$$$", plain},
      {"1$localhost:8443$", {"localhost:8443", "localhost:8443", "", {}, false, {}}},
      {"1$a$aBc-9", {"a", "a", "aBc-9", {}, false, {}}},
      {"1$a$b$2.999.0", {"a", "a", "b", "2.999.0", false, {}}},
      {"1$a$b$0.39", {"a", "a", "b", "0.39", false, {}}},
  };
}

struct Bad {
  std::string text;
  int character;  ///< that the message names; 0: none
  std::string part;
};

std::vector<Bad> bad() {
  const std::string label(63, 'a');
  const auto name = label + "." + label + "." + label + "." + std::string(61, 'a');
  return {
      {"", 0, "nothing in it"},
      {" \n", 0, "nothing in it"},
      {"LPA:", 0, "nothing in it"},
      {"hello", 0, "no $ in it"},
      {"https://esimsetup.apple.com/esim_qrcode_provisioning?carddat=1$a$b", 0, "no carddata"},
      {"https://esimsetup.apple.com/esim_qrcode_provisioning#?carddata=1$a$b", 0, "no carddata"},
      {std::string(4097, ' ') + "1$a$b", 0, "longer than"},
      {"$a$b", 1, "the 1 before"},
      {"LPA:$a$b", 5, "the 1 before"},
      {"LPB:1$a$b", 1, "begins with 1$"},
      {"LPA:1x$a$b", 5, "begins with 1$"},
      {"1$a", 4, "$ is missing"},
      {"1$", 3, "address of the server is missing"},
      {"1$$b", 3, "address of the server is missing"},
      {"1$ $b", 4, "address of the server is missing"},
      {"1$a b$c", 4, "a blank cannot stand"},
      {"1$a_b$c", 4, "“_” cannot stand in the name of a server"},
      {"1$\xC3\xA9.fr$c", 3, "U+00E9 cannot stand"},
      {"\xE3\x80\x80"
       "1＄\xC3\xA9.fr$c",
       4, "U+00E9 cannot stand"},
      {"1%24a%5Fb$c", 6, "“_” cannot stand"},
      {"1$a.$c", 5, "part of the name of the server is missing"},
      {"1$.a$c", 3, "part of the name of the server is missing"},
      {"1$a..b$c", 5, "part of the name of the server is missing"},
      {"1$-a$c", 3, "hyphen"},
      {"1$a.b-.c$c", 6, "hyphen"},
      {"1$" + label + "a$c", 66, "at most 63"},
      {"1$" + name + "a$c", 256, "at most 253"},
      {"1$https://a.b$c", 3, "without https://"},
      {"1$a:$c", 5, "from 1 to 65535"},
      {"1$a:0$c", 5, "from 1 to 65535"},
      {"1$a:65536$c", 5, "from 1 to 65535"},
      {"1$a:44x$c", 7, "“x” cannot stand in the number of a port"},
      {"1$a$b_c", 6, "“_” cannot stand in a matching ID"},
      {"1$a$b c", 6, "a blank cannot stand"},
      {"1$a$b\n1$c$d", 6, "a blank cannot stand"},
      {"1$a$b%2", 6, "“%” cannot stand"},
      {"1$a$b%zz", 6, "“%” cannot stand"},
      {"1$a$" + std::string(256, 'A'), 260, "at most 255"},
      {"1$a$b$1.2.x", 11, "“x” cannot stand in an object identifier"},
      {"1$a$b$1", 8, "at least two numbers"},
      {"1$a$b$1.", 9, "number of the object identifier is missing"},
      {"1$a$b$1..2", 9, "number of the object identifier is missing"},
      {"1$a$b$1.02", 9, "does not begin with 0"},
      {"1$a$b$3.1", 7, "no object identifier has such"},
      {"1$a$b$1.40", 9, "no object identifier has such"},
      {"1$a$b$1." + std::string(254, '1'), 262, "at most 255"},
      {"1$a$b$$0", 8, "told by a 1"},
      {"1$a$b$$11", 9, "told by a 1"},
      {"1$a\x07$b", 4, "U+0007 cannot stand"},
      {"1$a$b%00", 6, "U+0000 cannot stand"},
      {"1$a$b\xFF", 6, "UTF-8"},
  };
}

}  // namespace

TEST_CASE("a good activation code is read, however it was written down") {
  for (const auto& each : good()) {
    CAPTURE(each.text);
    CHECK(lpa::parse_activation_code(each.text) == each.code);
    CHECK(lpa::parse_activation_code(lpa::to_text(each.code)) == each.code);
  }
}

TEST_CASE("a bad activation code is refused with the number of the character, and is not shown") {
  for (const auto& each : bad()) {
    CAPTURE(each.text);
    const auto error = test::error_of([&] { lpa::parse_activation_code(each.text); });
    REQUIRE(error);
    CHECK(error->kind() == base::ErrorKind::usage);
    CHECK(error->code() == "code.malformed");
    const std::string message = error->what();
    CAPTURE(message);
    CHECK(message.find(each.part) != std::string::npos);
    if (each.character > 0)
      CHECK(message.find("at character " + std::to_string(each.character) + ":") !=
            std::string::npos);
  }
}

TEST_CASE("of a bad code the hints show separators, the wrong character, and where it is") {
  const auto error =
      test::error_of([] { lpa::parse_activation_code("LPA:1$smdp.example.com$SECRET_ID"); });
  REQUIRE(error);
  const std::vector<std::string> hints{"·····$················$······_··",
                                       "                             ^"};
  CHECK(error->hints() == hints);
}

TEST_CASE("of a long bad code the hints show what is around the wrong character") {
  const auto error = test::error_of([] {
    lpa::parse_activation_code("1$a$" + std::string(50, 'A') + "_" + std::string(50, 'A'));
  });
  REQUIRE(error);
  std::string around;
  for (int number = 0; number < 30; ++number) around += "·";
  CHECK(error->hints().at(0) == "…" + around + "_" + around + "…");
  CHECK(error->hints().at(1) == std::string(31, ' ') + "^");
}

TEST_CASE("a format other than 1 is refused in words") {
  for (const auto* text : {"2$a$b", "LPA:2$a", "0$a$b", "11$a$b"}) {
    CAPTURE(text);
    CHECK(test::error_code([&] { lpa::parse_activation_code(text); }) == "code.format");
  }
}

TEST_CASE("a code is written in the shortest way") {
  CHECK(lpa::to_text(lpa::parse_activation_code("1$A$B$$")) == "LPA:1$A$B");
  CHECK(lpa::to_text(lpa::parse_activation_code("1$A$")) == "LPA:1$A$");
  CHECK(lpa::to_text(lpa::parse_activation_code("1$A$B$1.2$")) == "LPA:1$A$B$1.2");
  CHECK(lpa::to_text(lpa::parse_activation_code("1$A$B$$1")) == "LPA:1$A$B$$1");
  CHECK(lpa::to_text(lpa::parse_activation_code("1$A$B$$$x")) == "LPA:1$A$B$$$x");
}

TEST_CASE("what is written is read as the same code, and blanks around its fields change nothing") {
  const auto text = [](const std::string& characters, int least, int most) {
    return rc::gen::mapcat(rc::gen::inRange(least, most + 1), [characters](int size) {
      return rc::gen::container<std::string>(static_cast<std::size_t>(size),
                                             rc::gen::elementOf(characters));
    });
  };
  const std::string alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  CHECK(rc::check([&] {
    ActivationCode code;
    const auto labels = *rc::gen::container<std::vector<std::string>>(3, text(alphanumeric, 1, 63));
    code.smdp_address_as_given = labels[0] + "." + labels[1] + "." + labels[2];
    for (const char c : code.smdp_address_as_given)
      code.smdp_address += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    code.matching_id = *text(alphanumeric + "-", 0, 255);
    if (*rc::gen::arbitrary<bool>())
      code.smdp_oid = "2." + std::to_string(*rc::gen::inRange(0U, 1000000U));
    code.confirmation_code_required = *rc::gen::arbitrary<bool>();
    code.further_fields = *text(alphanumeric + "$_&=#", 0, 40);
    const auto written = lpa::to_text(code);
    RC_ASSERT(lpa::parse_activation_code(written) == code);
    if (code.further_fields.empty()) {
      std::string blanks;
      for (const char c : written) blanks += c == '$' ? std::string(" $\t") : std::string(1, c);
      RC_ASSERT(lpa::parse_activation_code("\n" + blanks + " ") == code);
    }
  }));
}
