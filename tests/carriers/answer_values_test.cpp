#include "carriers/answer_values.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using test::Json;

namespace {

carriers::QuantitySpec quantity(const Json& json) {
  auto provider = test::plain_provider();
  provider["usage"]["used"] = json;
  return test::read(provider).usage->used.value();
}

carriers::DateSpec date(const Json& json) {
  auto provider = test::plain_provider();
  provider["usage"]["as_of"] = json;
  return test::read(provider).usage->as_of.value();
}

carriers::CycleSpec cycle(const Json& json) {
  auto provider = test::plain_provider();
  provider["usage"]["cycle"] = json;
  return test::read(provider).usage->cycle.value();
}

/// "120", "unknown", "unlimited", or what is said of an answer that has changed.
std::string amount(const Json& spec, const std::string& document) {
  const auto read = [&] {
    return carriers::amount_at(quantity(spec), Json::parse(document), "it");
  };
  if (const auto error = test::error_of(read)) {
    CHECK(error->code() == "carrier.changed");
    CHECK(error->kind() == base::ErrorKind::network);
    const std::string begins = "the provider has changed its answer: it has ";
    const std::string text = error->what();
    REQUIRE(text.starts_with(begins));
    return text.substr(begins.size());
  }
  const auto limit = read();
  if (std::holds_alternative<usage::Unknown>(limit)) return "unknown";
  if (std::holds_alternative<usage::Unlimited>(limit)) return "unlimited";
  return std::to_string(std::get<usage::DataSize>(limit).bytes());
}

std::string moment(const Json& spec, const std::string& document) {
  const auto read = [&] {
    return carriers::date_at(date(spec), Json::parse(document), test::noon(), "it");
  };
  if (const auto error = test::error_of(read)) {
    CHECK(error->code() == "carrier.changed");
    return "changed";
  }
  const auto made = read();
  return made ? base::to_rfc3339(*made) : "none";
}

std::string text(const std::optional<base::UtcTime>& time) {
  return time ? base::to_rfc3339(*time) : "none";
}

const Json bytes{{"at", "/n"}, {"unit", "B"}};

}  // namespace

TEST_CASE("an amount is a number or a text, in the unit that the file names") {
  CHECK(amount(bytes, R"({"n":12})") == "12");
  CHECK(amount(bytes, R"({"n":"12"})") == "12");
  CHECK(amount(bytes, R"({"n":0})") == "0");
  CHECK(amount(bytes, R"({"n":9223372036854775807})") == "9223372036854775807");
  CHECK(amount({{"at", "/n"}, {"unit", "MB"}}, R"({"n":1.5})") == "1500000");
  CHECK(amount({{"at", "/n"}, {"unit", "MiB"}}, R"({"n":"1,657.56"})") == "1738077635");
}

TEST_CASE("numbers that JSON writes with an exponent are read") {
  const Json megabytes{{"at", "/n"}, {"unit", "MB"}};
  CHECK(amount(megabytes, R"({"n":0.000001})") == "1");
  CHECK(amount(megabytes, R"({"n":2.5e-5})") == "25");
  CHECK(amount(bytes, R"({"n":1e15})") == "1000000000000000");
  CHECK(amount(bytes, R"({"n":1e30})") == "a number that is no such value");
  CHECK(amount(bytes, R"({"n":1e300})") == "a number that is no such value");
}

TEST_CASE("a unit may be in the answer") {
  const Json named{{"at", "/n"}, {"unit_at", "/u"}, {"unit_names", {{"Megs", "MiB"}}}};
  CHECK(amount(named, R"({"n":"2","u":"MB"})") == "2000000");
  CHECK(amount(named, R"({"n":"2","u":"Megs"})") == "2097152");
  CHECK(amount(named, R"({"n":"2","u":"hush"})") == "a unit that is not known");
  CHECK(amount(named, R"({"n":"2"})") == "no unit");
}

TEST_CASE("what is no amount never becomes nothing") {
  for (const auto* value : {R"("Unlimited")", R"("N/A")", "-1", R"("-1")", R"("")", "true", "false",
                            "[]", "{}", "[0]", R"("0 MB")", R"("0x0")", R"(" 0")", "-0.5"}) {
    CAPTURE(value);
    const auto said = amount(bytes, std::string(R"({"n":)") + value + "}");
    CHECK(said != "0");
    CHECK(said != "unknown");
    // The value itself is not shown.
    CHECK(said.find("Unlimited") == std::string::npos);
    CHECK(said.find("N/A") == std::string::npos);
  }
  CHECK(amount(bytes, R"({"n":null})") == "unknown");
  CHECK(amount(bytes, R"({"n":"0"})") == "0");
}

TEST_CASE("a file says which values mean unlimited or unknown, type and all") {
  const Json spec{
      {"at", "/n"}, {"unit", "B"}, {"unlimited", {"Unlimited", -1}}, {"unknown", {"N/A"}}};
  CHECK(amount(spec, R"({"n":"Unlimited"})") == "unlimited");
  CHECK(amount(spec, R"({"n":-1})") == "unlimited");
  CHECK(amount(spec, R"({"n":"N/A"})") == "unknown");
  CHECK(amount(spec, R"({"n":"-1"})") == "a text that is no such value");
  CHECK(amount(spec, R"({"n":"unlimited"})") == "a text that is no such value");
}

TEST_CASE("a field that is not there is a changed answer, unless it may be missing") {
  CHECK(amount(bytes, R"({"m":0})") == "nothing at /n");
  CHECK(amount(bytes, "null") == "nothing at /n");
  auto optional = bytes;
  optional["optional"] = true;
  CHECK(amount(optional, R"({"m":0})") == "unknown");
  CHECK(amount(optional, R"({"n":"x"})") == "a text that is no such value");
}

TEST_CASE("the first of several places that is there counts") {
  const Json spec{{"at", {"/a", "/b"}}, {"unit", "B"}};
  CHECK(amount(spec, R"({"a":1,"b":2})") == "1");
  CHECK(amount(spec, R"({"b":2})") == "2");
  CHECK(amount(spec, "{}") == "nothing at /a, /b");
}

TEST_CASE("amounts are added up, and a list with nothing in it is nothing used") {
  const Json sum{{"at", "/days/*/n"}, {"aggregate", "sum"}, {"unit", "B"}};
  CHECK(amount(sum, R"({"days":[{"n":1},{"n":"2"},{"n":4}]})") == "7");
  CHECK(amount(sum, R"({"days":[]})") == "0");
  CHECK(amount(sum, R"({"days":[{"n":1},{"n":null}]})") == "unknown");
  const Json both{{"at", Json::array({Json::array({"/*/m/*/up", "/*/m/*/down"})})},
                  {"aggregate", "sum"},
                  {"unit", "B"}};
  CHECK(amount(both, R"([{"m":{"a":{"up":1,"down":2},"b":{"up":4,"down":8}}}])") == "15");
  CHECK(amount(both, R"([{"m":{}}])") == "0");
  CHECK(amount(both, "[]") == "0");
}

TEST_CASE("null in place of a list leaves a sum unknown, and is never nothing") {
  const Json sum{{"at", "/days/*/n"}, {"aggregate", "sum"}, {"unit", "B"}};
  CHECK(amount(sum, R"({"days":null})") == "unknown");
  const Json deep{{"at", "/*/m/*/up"}, {"aggregate", "sum"}, {"unit", "B"}};
  CHECK(amount(deep, R"([{"m":{"a":{"up":1}}},{"m":null}])") == "unknown");
  CHECK(amount(deep, R"([{"m":null}])") == "unknown");
  CHECK(amount(deep, R"([{"m":{"a":{"up":1}}},{"m":{}}])") == "1");
  // What is no JSON at all is no null that a provider wrote.
  CHECK(amount(sum, "null") == "nothing at /days/*/n");
  const Json first{{"at", "/a/n"}, {"unit", "B"}};
  CHECK(amount(first, R"({"a":null})") == "nothing at /a/n");
}

TEST_CASE("what is missing is told with what is there instead, by names and types alone") {
  const auto step = [](const std::string& place, const std::string& answer) {
    const auto error =
        carriers::missing("what is used", {*carriers::Pointer::parse(place)}, Json::parse(answer));
    CHECK(error.code() == "carrier.changed");
    REQUIRE(error.steps().size() == 1);
    return error.steps().front();
  };
  CHECK(
      step("/usage/bytes", R"({"usage":{"octets":"12345","since":null,"on":true,"of":[1]}})") ==
      "reading /usage/bytes: /usage is an object with octets (a text), of (an array), on (true or "
      "false), since (null)");
  CHECK(step("/sims/*/mb", R"({"sims":[{"id":1}]})") ==
        "reading /sims/*/mb: /sims/* is an object with id (a number)");
  CHECK(step("/sims/*/mb", R"({"sims":[]})") == "reading /sims/*/mb: /sims is an array of 0");
  CHECK(step("/n", "7") == "reading /n: the answer is a number");
  CHECK(step("/a/b", R"({"a":"secret"})") == "reading /a/b: /a is a text");
  CHECK(step("/x", "{}") == "reading /x: the answer is an object with nothing in it");
  Json wide;
  for (int i = 0; i < 25; ++i) wide["name" + std::to_string(i)] = i;
  CHECK(step("/x", wide.dump()).ends_with(", and 5 more"));
  CHECK(step("/x", R"({"a\u001b[31mb":1})") ==
        "reading /x: the answer is an object with a[31mb (a number)");
}

TEST_CASE("a sum over a field with another name is a changed answer, and never nothing") {
  const Json sum{{"at", "/days/*/n"}, {"aggregate", "sum"}, {"unit", "B"}};
  CHECK(amount(sum, R"({"days":[{"m":1}]})") == "nothing at /days/*/n");
  CHECK(amount(sum, R"({"Days":[{"n":1}]})") == "nothing at /days/*/n");
  CHECK(amount(sum, R"({"days":[{"n":1},{"m":1}]})") == "it in some parts and not in others");
  const Json both{
      {"at", Json::array({Json::array({"/up", "/down"})})}, {"aggregate", "sum"}, {"unit", "B"}};
  CHECK(amount(both, R"({"up":1})") == "it in some parts and not in others");
}

TEST_CASE("a sum that is more than there can be is a changed answer") {
  const Json sum{{"at", "/*"}, {"aggregate", "sum"}, {"unit", "B"}};
  CHECK(amount(sum, "[9223372036854775807,0]") == "9223372036854775807");
  CHECK(amount(sum, "[9223372036854775807,1]") == "more than there can be");
}

TEST_CASE("the largest and the last of several amounts") {
  const auto of = [](const char* aggregate, const std::string& document) {
    return amount({{"at", "/*"}, {"aggregate", aggregate}, {"unit", "B"}, {"unlimited", {-1}}},
                  document);
  };
  CHECK(of("max", "[1,3,2]") == "3");
  CHECK(of("max", "[1,-1,2]") == "unlimited");
  CHECK(of("max", "[1,null]") == "unknown");
  CHECK(of("last", "[1,3,2]") == "2");
  CHECK(of("last", "[1,null]") == "unknown");
  CHECK(of("first", "[1,3,2]") == "1");
  CHECK(of("max", "[]") == "nothing at /*");
}

TEST_CASE("moments are read in the format that the file names") {
  const auto in = [](const char* format, const std::string& value) {
    return moment({{"at", "/t"}, {"format", format}}, R"({"t":)" + value + "}");
  };
  CHECK(in("unix", "1803859200") == "2027-03-01T00:00:00Z");
  CHECK(in("unix", R"("1803859200")") == "2027-03-01T00:00:00Z");
  CHECK(in("unix", "1803859200.9") == "2027-03-01T00:00:00Z");
  CHECK(in("unix-milliseconds", "1803859200999") == "2027-03-01T00:00:00Z");
  CHECK(in("seconds-from-now", "60") == "2027-03-15T12:01:00Z");
  CHECK(in("iso8601", R"("2027-03-01T00:00:00Z")") == "2027-03-01T00:00:00Z");
  for (const auto* value :
       {R"("soon")", "-1", R"("")", "true", "[1]", "999999999999999", "1e300", R"("1.x")"}) {
    CAPTURE(value);
    CHECK(in("unix", value) == "changed");
    CHECK(in("seconds-from-now", value) == "changed");
  }
  CHECK(in("seconds-from-now", "253402300799") == "changed");
  CHECK(in("unix", "253402300799") == "9999-12-31T23:59:59Z");
}

TEST_CASE("a date that is missing or null is none, and zeros are no date") {
  const Json spec{{"at", {"/t", "/u"}}, {"format", "iso8601"}};
  CHECK(moment(spec, "{}") == "none");
  CHECK(moment(spec, R"({"t":null})") == "none");
  CHECK(moment(spec, R"({"t":null,"u":"2027-03-01"})") == "2027-03-01T00:00:00Z");
  CHECK(moment(spec, R"({"t":"0000-00-00"})") == "changed");
  auto zeros = spec;
  zeros["unknown"] = {"0000-00-00"};
  CHECK(moment(zeros, R"({"t":"0000-00-00"})") == "none");
}

TEST_CASE("the forms of ISO 8601 that providers use are read") {
  const auto read = [](const char* value, const char* zone = "UTC") {
    return text(carriers::read_iso8601(value, zone));
  };
  CHECK(read("2027-03-01") == "2027-03-01T00:00:00Z");
  CHECK(read("2027-03-01", "America/New_York") == "2027-03-01T05:00:00Z");
  CHECK(read("2027-03-01T10:20:30Z") == "2027-03-01T10:20:30Z");
  CHECK(read("2027-03-01 10:20:30Z") == "2027-03-01T10:20:30Z");
  CHECK(read("2027-03-01T10:20:30.123456Z") == "2027-03-01T10:20:30Z");
  CHECK(read("2027-03-01T10:20:30+0000") == "2027-03-01T10:20:30Z");
  CHECK(read("2027-03-01T10:20:30+01:30") == "2027-03-01T08:50:30Z");
  CHECK(read("2027-03-01T10:20:30-05") == "2027-03-01T15:20:30Z");
  CHECK(read("2027-03-01T10:20:30") == "2027-03-01T10:20:30Z");
  CHECK(read("2027-03-01T10:20:30", "Asia/Tokyo") == "2027-03-01T01:20:30Z");
  CHECK(read("2027-03-01T10:20:30Z", "Asia/Tokyo") == "2027-03-01T10:20:30Z");
  for (const auto* value :
       {"", "2027", "2027-02-30", "2027-13-01", "0000-00-00", "2027-03-01T24:00:00Z",
        "2027-03-01T10:60:00Z", "2027-03-01T10:20:30X", "2027-03-01T10:20:30+", "2027-3-1",
        "2027-03-01T10:20:30+01:3", "2027-03-01T10:20:30+15:00", "2027-03-01T-1:20:30Z",
        "2027-03-01T10:20:30Z ", "-027-03-01"}) {
    CAPTURE(value);
    CHECK(read(value) == "none");
  }
}

TEST_CASE("dates by a pattern") {
  const auto read = [](const char* value, const char* pattern) {
    return text(carriers::read_pattern(value, pattern, "UTC"));
  };
  CHECK(read("03/14/2027", "%m/%d/%Y") == "2027-03-14T00:00:00Z");
  CHECK(read("20270314", "%Y%m%d") == "2027-03-14T00:00:00Z");
  CHECK(read("20270314102030", "%Y%m%d%H%M%S") == "2027-03-14T10:20:30Z");
  CHECK(read("14/03/2027", "%m/%d/%Y") == "none");
  CHECK(read("03/14/2027 ", "%m/%d/%Y") == "none");
  CHECK(read("03/14/202", "%m/%d/%Y") == "none");
  CHECK(read("0000-00-00 00:00:00", "%Y-%m-%d %H:%M:%S") == "none");
}

TEST_CASE("the date of HTTP is read in the form that is to be sent") {
  const auto read = [](const char* value) { return text(carriers::read_http_date(value)); };
  CHECK(read("Sun, 06 Nov 1994 08:49:37 GMT") == "1994-11-06T08:49:37Z");
  for (const auto* value : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                            "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nox 1994 08:49:37 GMT",
                            "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    CAPTURE(value);
    CHECK(read(value) == "none");
  }
}

TEST_CASE("a cycle is by its rule, and by what the answer has of it") {
  const auto read = [](const Json& spec, const std::string& document = "{}") {
    const auto made = carriers::cycle_at(cycle(spec), Json::parse(document), test::noon());
    return text(made.start) + " " + text(made.end);
  };
  CHECK(read({{"rule", "monthly"}, {"day", 1}}) == "2027-03-01T00:00:00Z 2027-04-01T00:00:00Z");
  CHECK(read({{"rule", "monthly"}, {"day", 20}}) == "2027-02-20T00:00:00Z 2027-03-20T00:00:00Z");
  CHECK(read({{"rule", "weekly"}, {"day", 7}}) == "2027-03-14T00:00:00Z 2027-03-21T00:00:00Z");
  CHECK(read({{"rule", "daily"}}) == "2027-03-15T00:00:00Z 2027-03-16T00:00:00Z");
  CHECK(read({{"rule", "monthly"}}) == "none none");
  CHECK(read({{"rule", "none"}}) == "none none");
  const Json told{{"rule", "monthly"}, {"day_at", "/day"}};
  CHECK(read(told, R"({"day":20})") == "2027-02-20T00:00:00Z 2027-03-20T00:00:00Z");
  CHECK(read(told, R"({"day":"20"})") == "2027-02-20T00:00:00Z 2027-03-20T00:00:00Z");
  CHECK(read(told) == "none none");
  for (const auto* day : {"0", "32", "-1", R"("")", R"("first")", "99999999999999"}) {
    CAPTURE(day);
    CHECK(test::error_code([&] { read(told, R"({"day":)" + std::string(day) + "}"); }) ==
          "carrier.changed");
  }
  const Json end{{"rule", "once"}, {"end", {{"at", "/e"}, {"format", "unix"}}}};
  CHECK(read(end, R"({"e":1803859200})") == "none 2027-03-01T00:00:00Z");
}

TEST_CASE("a text is the first value that is no list and not null") {
  const std::vector places{carriers::Pointer::parse("/a").value(),
                           carriers::Pointer::parse("/b/*").value()};
  const auto read = [&](const std::string& document) {
    return carriers::text_at(places, Json::parse(document)).value_or("none");
  };
  CHECK(read(R"({"a":"x"})") == "x");
  CHECK(read(R"({"a":12345678901234567890})") == "12345678901234567890");
  CHECK(read(R"({"a":null,"b":[[],{},null,true]})") == "true");
  CHECK(read(R"({"a":{},"b":[]})") == "none");
}
