#include "carriers/text_template.hpp"

#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using carriers::Encoding;
using carriers::Scope;
using carriers::Template;
using test::variables;

namespace {

std::string filled(const std::string& text, const Scope& scope,
                   Encoding encoding = Encoding::plain) {
  const auto made = Template::parse(text);
  REQUIRE(made);
  const auto value = made->fill(scope, encoding);
  return value ? std::string(value->reveal()) : "(none)";
}

}  // namespace

TEST_CASE("values take the places of their names") {
  const auto values = variables({{"a", "1"}, {"line.id", "two"}});
  const auto scope = Scope().with(values);
  CHECK(filled("", scope).empty());
  CHECK(filled("a $ } {a} $a", scope) == "a $ } {a} $a");
  CHECK(filled("${a}", scope) == "1");
  CHECK(filled("x${a}y${line.id}z", scope) == "x1ytwoz");
  CHECK(filled("${a}${a}", scope) == "11");
}

TEST_CASE("a value is not looked at for names") {
  const auto values = variables({{"a", "${b}"}, {"b", "secret"}});
  CHECK(filled("${a}", Scope().with(values)) == "${b}");
}

TEST_CASE("the latest value of a name counts") {
  const auto first = variables({{"a", "1"}, {"b", "2"}});
  const auto second = variables({{"a", "3"}});
  CHECK(filled("${a}${b}", Scope().with(first).with(second)) == "32");
  CHECK(filled("${a}${b}", Scope().with(second).with(first)) == "12");
}

TEST_CASE("a text is left out when a value in it may be missing, and is") {
  const auto values = variables({{"a", "1"}});
  const auto scope = Scope().with(values);
  CHECK(filled("x${a?}", scope) == "x1");
  CHECK(filled("x${b?}", scope) == "(none)");
  CHECK(filled("${sha1hex(b?)}", scope) == "(none)");
  const auto code = test::error_code([&] { filled("x${b}", scope); });
  CHECK(code == "carrier.no-value");
  const auto error = test::error_of([&] { filled("${a}${b}", scope); });
  CHECK(error->what() == std::string("the value “b” is not there"));
}

TEST_CASE("a digest and Base64 are made of values") {
  const auto values = variables({{"a", "abc"}, {"none", ""}});  // FIPS 180-2, RFC 4648 10
  const auto scope = Scope().with(values);
  CHECK(filled("${sha1hex(a)}", scope) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(filled("${sha1hex(none)}", scope) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(filled("<${base64(a)}>", scope) == "<YWJj>");
}

TEST_CASE("what becomes a part of an address is encoded") {
  const auto values = variables({{"a", "a b/c?d=é&#%."}, {"plain", "aZ09-._~"}});
  const auto scope = Scope().with(values);
  CHECK(filled("https://h/${a}/x y", scope, Encoding::url) ==
        "https://h/a%20b%2Fc%3Fd%3D%C3%A9%26%23%25./x y");
  CHECK(filled("${plain}", scope, Encoding::url) == "aZ09-._~");
  CHECK(filled("${a}", scope) == "a b/c?d=é&#%.");
}

TEST_CASE("what is no template is not taken") {
  CHECK(Template::parse("${a}"));
  for (const auto* text :
       {"${", "${a", "${}", "${?}", "${A}", "${a b}", "${a-b}", "${a??}", "${md5(a)}",
        "${sha1hex()}", "${sha1hex(a}", "${a)}", "${(a)}", "${sha1hex(a)?}", "x${a}${"}) {
    CAPTURE(text);
    CHECK_FALSE(Template::parse(text));
  }
}

TEST_CASE("a template tells its names, and which may not be missing") {
  const auto made = Template::parse("x${a}${b?}${sha1hex(c)}").value();
  CHECK(made.names() == std::vector<std::string>{"a", "b", "c"});
  CHECK(made.required_names() == std::vector<std::string>{"a", "c"});
  CHECK(made.beginning() == "x");
  const auto values = variables({{"a", "1"}, {"b", "2"}, {"c", ""}});
  const auto other = made.beginning_with("y").fill(Scope().with(values));
  CHECK(other->reveal().starts_with("y12da39"));
}
