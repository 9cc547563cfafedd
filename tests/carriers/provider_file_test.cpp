#include "carriers/provider_file.hpp"

#include <functional>
#include <string>
#include <variant>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using test::Json;

namespace {

/// What the loader says about the plain provider with a change: "/hosts/0: is no host name …"
std::string refusal(const std::function<void(Json&)>& change) {
  auto json = test::plain_provider();
  change(json);
  const auto error = test::error_of([&] { test::read(json); });
  if (!error) return "none";
  CHECK(error->code() == "carrier.file");
  CHECK(error->kind() == base::ErrorKind::usage);
  const std::string text = error->what();
  const std::string source = "plain.json: ";
  REQUIRE(text.starts_with(source));
  return text.substr(source.size());
}

bool has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

/// With another value at a place, which need not be there.
std::function<void(Json&)> with(const std::string& place, const Json& value) {
  return [=](Json& json) { json[Json::json_pointer(place)] = value; };
}
std::function<void(Json&)> without(const std::string& place) {
  return [=](Json& json) {
    const Json::json_pointer at(place);
    json[at.parent_pointer()].erase(at.back());
  };
}

const std::string login = "/login/steps/0/request";

}  // namespace

TEST_CASE("a provider is what its file says") {
  const auto made = test::read(test::plain_provider());
  CHECK(made.id == "plain");
  CHECK(made.evidence == carriers::Evidence::documented);
  CHECK(made.hosts == std::vector<std::string>{"api.example.com", "data.example.com"});
  REQUIRE(made.variables.size() == 3);
  CHECK(made.variables[0].optional);
  CHECK(made.variables[1].secret);
  CHECK_FALSE(made.variables[2].secret);
  REQUIRE(made.login);
  REQUIRE(made.login->steps.size() == 1);
  CHECK(made.login->steps[0].request.method == "POST");
  CHECK(std::holds_alternative<carriers::JsonBody>(made.login->steps[0].request.body));
  CHECK(made.auth_headers.at(0).name == "X-Token");
  CHECK(made.usage->used->unit == usage::DataUnit::b);
  CHECK(refusal([](Json&) {}) == "none");
}

TEST_CASE("an amount of data without a unit is refused") {
  CHECK(refusal(without("/usage/used/unit")).starts_with("/usage/used: an amount of data needs"));
  CHECK(refusal(with("/usage/used/unit", "Mb")).starts_with("/usage/used/unit: is no unit"));
  CHECK(refusal(with("/usage/used/unit_at", "/unit")).starts_with("/usage/used: an amount"));
  CHECK(refusal(with("/usage/used", {{"at", "/used"}, {"unit_at", "/unit"}})) == "none");
}

TEST_CASE("a secret in an address is refused") {
  const auto url = [](const std::string& text) { return with(login + "/url", text); };
  CHECK(refusal(url("https://api.example.com/login/${user}")) == "none");
  CHECK(refusal(url("https://api.example.com/login/${password}")) ==
        login + "/url: the secret “password” must not be in an address");
  CHECK(has(refusal(url("https://api.example.com/${sha1hex(password)}")), "must not be in"));
  CHECK(refusal(with(login + "/query", {{"key", "${password}"}})) ==
        login + "/query/key: the secret “password” must not be in an address");
  // What a provider hands out is secret as well, unless the file says that it is not.
  const auto extract = [](bool in_addresses) {
    return [=](Json& json) {
      json["login"]["steps"][0]["extract"]["id"] = {{"at", "/id"}, {"in_addresses", in_addresses}};
      json["lines"]["request"]["url"] = "https://data.example.com/${id}/lines";
    };
  };
  CHECK(has(refusal(extract(false)), "the secret “id”"));
  CHECK(refusal(extract(true)) == "none");
  // It does not become public under the same name.
  CHECK(has(refusal([](Json& json) {
              json["login"]["steps"][0]["extract"]["password"] = {{"at", "/id"},
                                                                  {"in_addresses", true}};
              json["lines"]["request"]["url"] = "https://data.example.com/${password}/lines";
            }),
            "the secret “password”"));
}

TEST_CASE("a host that is not listed is refused") {
  const auto url = [](const std::string& text) { return refusal(with(login + "/url", text)); };
  CHECK(url("https://api.example.com/x") == "none");
  CHECK(url("https://evil.example/x") ==
        login + "/url: its host “evil.example” is not one of “hosts”");
  for (const auto* text :
       {"https://api.example.com.evil.example/", "https://api.example.com@evil.example/",
        "https://api.example.com:8443/", "https://API.example.com/", "https://sub.api.example.com/",
        "https://${user}/", "https://api.example.com${user}/", "https://api.example.com"}) {
    CAPTURE(text);
    CHECK(has(url(text), "host"));
  }
}

TEST_CASE("an address that is not https is refused") {
  for (const auto* text : {"http://api.example.com/", "HTTPS://api.example.com/", "ftp://a.b/",
                           "${user}", "//api.example.com/", ""}) {
    CAPTURE(text);
    CHECK(refusal(with(login + "/url", text)) == login + "/url: is not https");
  }
}

TEST_CASE("hosts are names in full, and look like what they are") {
  const auto host = [](const std::string& text) { return refusal(with("/hosts/2", text)); };
  CHECK(host("a-b.example") == "none");
  for (const auto* text :
       {"127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost", "a..b", "", "a.example:443",
        "A.example", "a_b.example", "*.example", "ä.example", "a.example/", "user@a.example"}) {
    CAPTURE(text);
    CHECK(host(text) == "/hosts/2: is no host name in lower case, such as api.example.com");
  }
  for (const auto* text : {"xn--80ak6aa92e.com", "www.xn--80ak6aa92e.com"}) {
    CHECK(host(text) == "/hosts/2: has foreign letters, which may look like others");
  }
}

TEST_CASE("a member that is not known is refused, wherever it is") {
  CHECK(refusal(with("/surprise", 1)) == "the whole: “surprise” is not known here");
  for (const auto* place :
       {"/variables/user/x", "/login/x", "/login/steps/0/x", "/login/steps/0/request/x", "/auth/x",
        "/lines/x", "/lines/keys/iccid/x", "/usage/x", "/usage/used/x"}) {
    CAPTURE(place);
    CHECK(has(refusal(with(place, 1)), "“x” is not known here"));
  }
  CHECK(refusal(with("/$schema", "provider.json")) == "none");
}

TEST_CASE("a value that nothing sets is refused, and so is one that comes too late") {
  const auto header = [](const std::string& place, const std::string& text) {
    return refusal(with(place + "/headers", {{"X-A", text}}));
  };
  CHECK(header(login, "${user}") == "none");
  CHECK(header(login, "${usre}") == login + "/headers/X-A: nothing sets the value “usre”");
  CHECK(header(login, "${token}") == login + "/headers/X-A: nothing sets the value “token”");
  CHECK(header("/lines/request", "${token}") == "none");
  CHECK(header("/lines/request", "${line.id}") ==
        "/lines/request/headers/X-A: nothing sets the value “line.id”");
  CHECK(has(refusal(with(login + "/json/deep", {{"list", {"${nothing}"}}})), "“nothing”"));
  CHECK(has(refusal(with(login + "/basic", {{"user", "${nothing}"}, {"password", ""}})),
            "nothing sets"));
  CHECK(has(refusal(with("/login/lifetime", {{"jwt", "nothing"}})), "nothing sets"));
  CHECK(has(refusal(with("/login/steps/0/extract/x", {{"jwt", "nothing"}, {"claim", "sub"}})),
            "nothing sets"));
  CHECK(has(refusal(with(login + "/headers/X-A", "${page}")), "“page”"));
  CHECK(has(refusal(with(login + "/headers/X-A", "${user")), "is not ${name}"));
}

TEST_CASE("a value that may be missing is written as one") {
  CHECK(refusal(with(login + "/json/note", "${note}")) ==
        login + "/json: “note” may be missing, and is to be written ${note?}");
  CHECK(has(refusal(with(login + "/json/code", "${otp}")), "“otp” may be missing"));
  CHECK(refusal(with(login + "/json/code", "${otp?}")) == "none");
  CHECK(has(refusal(with(login + "/url", "https://api.example.com/${note?}")),
            "has a part that may be missing"));
}

TEST_CASE("a request has one body, and only when it is a POST") {
  CHECK(has(refusal(with(login + "/method", "GET")), "has a body, and is a GET"));
  CHECK(has(refusal(without(login + "/method")), "has a body, and is a GET"));
  CHECK(refusal(with(login + "/form", {{"a", "b"}})) == login + ": has two bodies");
  CHECK(has(refusal(with(login + "/method", "DELETE")), "is neither GET nor POST"));
  CHECK(has(refusal(with(login + "/method", "PUT")), "is neither GET nor POST"));
}

TEST_CASE("names of headers are those that a request can have") {
  CHECK(has(refusal(with(login + "/headers", {{"X A", "b"}})), "has a name that no header has"));
  CHECK(has(refusal(with(login + "/headers", {{"X\nA", "b"}})), "has a name that no header has"));
  CHECK(has(refusal(with(login + "/headers", {{"", "b"}})), "has a name that no header has"));
}

TEST_CASE("names of values are those that a template can have") {
  for (const auto* name : {"Api", "api-key", "line.id", "a b", "ä", ""}) {
    CAPTURE(name);
    CHECK(has(refusal([&](Json& json) { json["variables"][name] = {{"title", "A"}}; }),
              "has a name that is not of letters"));
    CHECK(has(refusal([&](Json& json) { json["lines"]["keys"][name] = "/a"; }),
              "has a name that is not of letters"));
  }
}

TEST_CASE("a secret has no default that all who have the file would know") {
  CHECK(has(refusal(with("/variables/password/default", "1234")), "is secret, and has a default"));
  CHECK(refusal(with("/variables/user/default", "me")) == "none");
  // With a default, an optional value is always there.
  CHECK(refusal([](Json& json) {
          json["variables"]["note"]["default"] = "";
          json["login"]["steps"][0]["request"]["json"]["note"] = "${note}";
        }) == "none");
}

TEST_CASE("what belongs together comes together") {
  CHECK(has(refusal(without("/lines/items")), "“request” and “items” come together"));
  CHECK(has(refusal(without("/lines/keys")), "“keys” is missing"));
  CHECK(has(refusal(without("/lines")), "has “usage”, and no “lines”"));
  CHECK(has(refusal([](Json& json) {
              json.erase("usage");
              json.erase("lines");
            }),
            "has neither “usage” nor “balance”"));
  CHECK(has(refusal(without("/usage/used")), "tells neither what is “used” nor “remaining”"));
  CHECK(has(refusal(with("/usage/next_variant", {{"status", 401}})), "come together"));
  CHECK(has(refusal(with("/login/steps", Json::array())), "has no steps"));
  CHECK(has(refusal(without("/hosts")), "“hosts” is missing"));
  const Json money{{"request", {{"url", "https://api.example.com/balance"}}}, {"amount_at", "/a"}};
  CHECK(has(refusal(with("/balance", money)), "needs “currency”"));
}

TEST_CASE("variants set the same values, and need a request") {
  const auto variants = [](const Json& list) {
    return [=](Json& json) {
      json["usage"]["variants"] = list;
      json["usage"]["next_variant"] = {{"status", 401}};
      json["usage"]["request"] = {{"url", "https://data.example.com/use"},
                                  {"query", {{"type", "${type}"}}}};
    };
  };
  CHECK(refusal(variants({{{"type", "A"}}, {{"type", "B"}}})) == "none");
  CHECK(has(refusal(variants({{{"type", "A"}}, Json::object()})), "has fewer values"));
  CHECK(has(refusal(variants({{{"type", "A"}}, {{"other", "B"}}})), "is not in the first"));
  CHECK(has(refusal([&](Json& json) {
              variants({{{"type", "A"}}})(json);
              json["usage"].erase("request");
            }),
            "need a “request”"));
  CHECK(has(refusal([&](Json& json) {
              variants({{{"type", "A"}}})(json);
              json["usage"]["pages"] = {{"next", "header"}, {"header", "x-next"}};
            }),
            "has “pages” and “variants”"));
}

TEST_CASE("a way through pages says how it ends, and where the next one is") {
  const auto pages = [](const Json& json) { return refusal(with("/lines/pages", json)); };
  CHECK(pages({{"next", "number"}, {"full", 10}}) == "none");
  CHECK(has(pages({{"next", "number"}}), "does not say which page is the last"));
  CHECK(has(pages({{"next", "sideways"}}), "is none of: number, value, header, url"));
  CHECK(has(pages({{"next", "value"}}), "“at” belongs to"));
  CHECK(has(pages({{"next", "number"}, {"full", 1}, {"at", "/next"}}), "“at” belongs to"));
  CHECK(has(pages({{"next", "header"}}), "“header” is missing"));
  CHECK(pages({{"next", "url"}, {"at", "/next"}}) == "none");
}

TEST_CASE("the first page of an unknown number has none") {
  const auto page = [](const std::string& text, const Json& pages) {
    return refusal([&](Json& json) {
      json["lines"]["request"]["query"] = {{"page", text}};
      json["lines"]["pages"] = pages;
    });
  };
  const Json number{{"next", "number"}, {"full", 10}};
  const Json value{{"next", "value"}, {"at", "/next"}};
  CHECK(page("${page}", number) == "none");
  CHECK(page("${page?}", value) == "none");
  CHECK(has(page("${page}", value), "“page” may be missing"));
}

TEST_CASE("a date has a pattern that can be read") {
  const auto date = [](const Json& json) { return refusal(with("/usage/as_of", json)); };
  const auto pattern = [&](const char* text) {
    return date({{"at", "/t"}, {"format", "pattern"}, {"pattern", text}});
  };
  CHECK(pattern("%Y%m%d %H:%M:%S") == "none");
  for (const auto* text : {"%y", "%", "%Y %q", "%%"}) {
    CAPTURE(text);
    CHECK(has(pattern(text), "has another part than"));
  }
  CHECK(has(date({{"at", "/t"}, {"format", "pattern"}}), "“pattern” is missing"));
  CHECK(has(date({{"at", "/t"}, {"format", "unix"}, {"pattern", "%Y"}}), "for another “format”"));
  CHECK(has(date({{"at", "/t"}}), "“format” is missing"));
}

TEST_CASE("conditions and errors say something that can be so") {
  const auto errors = [](const Json& when, const std::string& means) {
    return refusal(with("/errors", {{{"when", when}, {"means", means}}}));
  };
  CHECK(errors({{"status", 418}}, "locked") == "none");
  CHECK(errors({{"equals", {{"/code", 11}}}}, "signed-out") == "none");
  CHECK(has(errors({{"status", 999}}, "locked"), "is no status of HTTP"));
  CHECK(has(errors(Json::object(), "locked"), "says nothing"));
  CHECK(has(errors({{"status", Json::array()}}, "locked"), "says nothing"));
  CHECK(has(errors({{"equals", {{"code", 11}}}}, "locked"), "no JSON Pointer"));
  CHECK(has(errors({{"status", 418}}, "teapot"), "is none of: signed-out"));
}

TEST_CASE("a provider that cannot be asked has a reason, and nothing to ask it by") {
  const Json file{{"id", "a"},
                  {"title", "A"},
                  {"evidence", "observed"},
                  {"unavailable", "it wants a browser"},
                  {"alternatives", {"look there"}}};
  const auto made = test::read(file);
  CHECK(made.unavailable == "it wants a browser");
  CHECK(made.hosts.empty());
  auto more = file;
  more["hosts"] = {"a.example"};
  CHECK(test::error_code([&] { test::read(more); }) == "carrier.file");
}

TEST_CASE("what an account needs is asked for in the order of the file") {
  const auto named = [](const std::string& variables) {
    const auto made = carriers::read_provider(
        R"({"id":"a","title":"A","evidence":"observed","hosts":["a.example"],"variables":{)" +
            variables +
            R"(},"balance":{"request":{"url":"https://a.example/b"},"amount_at":"/a",
             "currency":"USD"}})",
        "a.json");
    std::string names;
    for (const auto& each : made.variables) names += each.name + " ";
    return names;
  };
  CHECK(named(R"("user":{"title":"U"},"password":{"title":"P","secret":true},"a":{"title":"X"})") ==
        "user password a ");
  CHECK(named(R"("a":{"title":"X"},"user":{"title":"U"})") == "a user ");
}

TEST_CASE("values are compared whatever the order of their members") {
  auto json = test::plain_provider();
  json["lines"]["where"] = Json::parse(R"({"equals":{"/state":1}})");
  auto text = json.dump();
  const std::string before = R"("equals":{"/state":1})";
  text.replace(text.find(before), before.size(), R"("equals":{"/state":{"b":1,"a":2}})");
  const auto made = carriers::read_provider(text, "plain.json");
  CHECK(made.lines->where->equal.front().second == R"({"a":2,"b":1})");
}

TEST_CASE("a text that a terminal must not get is refused") {
  CHECK(refusal(with("/title", "Plain\u001b[31m")).starts_with("/title: has control characters"));
  const std::string right_to_left{'\xe2', '\x80', '\xae'};  // U+202E
  CHECK(refusal(with("/title", "Plain" + right_to_left))
            .starts_with("/title: has control characters"));
  CHECK(refusal(with("/variables/user/title", "Name\nPassword:"))
            .starts_with("/variables/user/title: has control"));
  CHECK(refusal(with("/title", "Plaïn 测试")) == "none");
}

TEST_CASE("a file with very many members is refused before they are looked through") {
  std::string text = R"({"id":"a","variables":{)";
  for (int i = 0; i < 20'000; ++i) text += fmt::format(R"({}"{:x}":0)", i == 0 ? "" : ",", i);
  const auto error = test::error_of([&] { carriers::read_provider(text + "}}", "a.json"); });
  REQUIRE(error);
  CHECK(std::string(error->what()) == "a.json: has more than 4000 members");
}

TEST_CASE("wrong types and what is no JSON are refused") {
  CHECK(refusal(with("/title", 1)) == "/title: is not a text");
  CHECK(refusal(with("/poll_floor_s", -1)) == "/poll_floor_s: is not a whole number from 0 on");
  CHECK(refusal(with("/hosts", "a.example")) == "/hosts: is not an array");
  CHECK(refusal(with("/variables", Json::array())) == "/variables: is not an object");
  CHECK(refusal(with("/variables/user/secret", "yes")).ends_with("is neither true nor false"));
  CHECK(has(refusal(with("/id", "Ab")), "is not lower-case letters"));
  CHECK(has(refusal(with("/evidence", "hearsay")), "is neither"));
  const auto whole = [](const std::string& text) {
    const auto error = test::error_of([&] { carriers::read_provider(text, "a\nb"); });
    return error ? std::string(error->what()) : "none";
  };
  for (const auto* text : {"", "{", "[]", "1", "{} {}", "{\"a\":\"\xFF\"}"}) {
    CAPTURE(text);
    CHECK(has(whole(text), "is not a JSON object"));
  }
  CHECK(has(whole(std::string(256UL * 1024 + 1, ' ')), "is larger than 256 KiB"));
  CHECK(whole("{").find('\n') == std::string::npos);
  CHECK(has(whole(R"({"id":)" + std::string(5000, '[') + std::string(5000, ']') + "}"),
            "is not a JSON object"));
}
