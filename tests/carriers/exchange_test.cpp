#include "carriers/exchange.hpp"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "carriers/against.hpp"
#include "carriers/reading.hpp"
#include "carriers/sign_in.hpp"
#include "carriers/watcher.hpp"
#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using namespace std::chrono_literals;
using test::Engine;
using test::Json;
using test::status;

namespace {

/// The plain provider, whose list is asked for in another way.
Json listing(const Json& request) {
  auto json = test::plain_provider();
  json["lines"]["request"].update(request);
  return json;
}

carriers::Answer list(Engine& engine) {
  return engine.exchange.send(*engine.provider.lines->request, engine.signed_in(), true);
}

carriers::Answer log_in(Engine& engine) {
  return engine.exchange.send(engine.provider.login->steps[0].request, engine.scope(), false);
}

base::HttpResponse moved(int number, const std::string& location) {
  return status(number, "", {{"Location", location}});
}

/// What an answer means, with a session or while signing in.
std::optional<base::Error> meant(const base::HttpResponse& response, bool signing_in,
                                 const Json& errors = Json::array()) {
  auto json = test::plain_provider();
  json["errors"] = errors;
  Engine engine(json, {response});
  const auto answer = list(engine);
  return test::error_of([&] { engine.exchange.require_success(answer, signing_in); });
}

std::string code(const base::HttpResponse& response, bool signing_in = false,
                 const Json& errors = Json::array()) {
  const auto error = meant(response, signing_in, errors);
  return error ? error->code() : "none";
}

}  // namespace

TEST_CASE("a request is what the file says, with the values of the account") {
  Engine engine(test::plain_provider(), {status(200, R"({"token":"t"})")});
  CHECK(log_in(engine).status == 200);
  const auto& asked = engine.asked().at(0);
  CHECK(asked.method == "POST");
  CHECK(asked.url == "https://api.example.com/login");
  CHECK(asked.header("Content-Type") == "application/json");
  CHECK(asked.header("Accept") == "application/json");
  CHECK(asked.header("X-Token").empty());                          // there is no session yet
  CHECK(asked.body == R"({"password":"hush-hush","user":"me"})");  // the note is missing
}

TEST_CASE("who interrupts a request is told so, and nothing is sent any more") {
  Engine engine(test::plain_provider(), {status(200), status(200)});
  std::stop_source source;
  engine.exchange.stop_by(source.get_token());
  log_in(engine);
  source.request_stop();
  const auto error = test::error_of([&] { log_in(engine); });
  REQUIRE(error);
  CHECK(error->code() == "carrier.interrupted");
  CHECK(error->kind() == base::ErrorKind::interrupted);
  CHECK(engine.asked().size() == 1);
}

TEST_CASE("a form and a query are encoded, and Basic is made of user and password") {
  auto json =
      listing({{"query", {{"page[size]", "1 & 2"}, {"who", "${user}"}, {"x", "${note?}"}}}});
  auto& step = json["login"]["steps"][0]["request"];
  step.erase("json");
  step["form"] = {{"pass word", "${password}"}, {"x", "${note?}"}};
  step["basic"] = {{"user", "Aladdin"}, {"password", "open sesame"}};  // RFC 7617 2
  Engine engine(json, {status(200), status(200)});
  engine.account = test::variables({{"user", "a=b&c"}, {"password", "ü +"}});
  log_in(engine);
  const auto& form = engine.asked().at(0);
  CHECK(form.header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(form.body == "pass%20word=%C3%BC%20%2B");
  CHECK(form.header("Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  list(engine);
  const auto& query = engine.asked().at(1);
  CHECK(query.url == "https://data.example.com/lines?page%5Bsize%5D=1%20%26%202&who=a%3Db%26c");
  CHECK(query.header("X-Token") == "token-of-session");
  CHECK(query.body.empty());
}

TEST_CASE("what a file says of the type of a body counts") {
  auto json = test::plain_provider();
  json["login"]["steps"][0]["request"]["headers"] = {{"content-type", "application/vnd.x+json"},
                                                     {"ACCEPT", "application/vnd.x+json"}};
  Engine engine(json, {status(200)});
  log_in(engine);
  const auto& asked = engine.asked().at(0);
  CHECK(asked.headers.size() == 2);
  CHECK(asked.header("content-type") == "application/vnd.x+json");
}

TEST_CASE("a value that is not UTF-8 is not sent in JSON") {
  Engine engine(test::plain_provider());
  engine.account = test::variables({{"user", "me"}, {"password", "hush\xFFhush"}});
  const auto error = test::error_of([&] { log_in(engine); });
  REQUIRE(error);
  CHECK(error->code() == "carrier.value");
  CHECK(std::string(error->what()).find("hush") == std::string::npos);
  CHECK(engine.asked().empty());
}

TEST_CASE("a redirect on the same host, or to another of the provider, is followed") {
  for (const auto* location :
       {"/v2/lines", "https://data.example.com/v2/lines", "https://api.example.com/lines?x=1"}) {
    CAPTURE(location);
    Engine engine(test::plain_provider(), {moved(302, location), status(200, "{}")});
    CHECK(list(engine).status == 200);
    REQUIRE(engine.asked().size() == 2);
    const std::string where = location;
    CHECK(engine.asked()[1].url ==
          (where.starts_with("/") ? "https://data.example.com" + where : where));
    CHECK(engine.asked()[1].header("X-Token") == "token-of-session");
  }
}

TEST_CASE("a redirect to another host is refused, and nothing is sent there") {
  for (const auto* location :
       {"https://evil.example/lines", "https://data.example.com.evil.example/",
        "https://data.example.com@evil.example/", "https://data.example.com:444/",
        "https://data.example.com\\@evil.example/",
        "https://evil.example#https://data.example.com/"}) {
    CAPTURE(location);
    Engine engine(test::plain_provider(), {moved(302, location)});
    CHECK(test::error_code([&] { list(engine); }) == "carrier.redirect");
    CHECK(engine.asked().size() == 1);
  }
}

TEST_CASE("a redirect that is not to https, or not to an absolute path, is refused") {
  for (const auto* location : {"http://data.example.com/lines", "//evil.example/", "lines", "",
                               "javascript:1", "HTTPS://data.example.com/"}) {
    CAPTURE(location);
    Engine engine(test::plain_provider(), {moved(301, location)});
    CHECK(test::error_code([&] { list(engine); }) == "carrier.redirect");
    CHECK(engine.asked().size() == 1);
  }
}

TEST_CASE("a POST is never sent again elsewhere") {
  for (const int number : {301, 302, 303, 307, 308}) {
    CAPTURE(number);
    Engine engine(test::plain_provider(), {moved(number, "https://api.example.com/login2")});
    CHECK(test::error_code([&] { log_in(engine); }) == "carrier.redirect");
    CHECK(engine.asked().size() == 1);
    Engine other(test::plain_provider(),  // a GET is
                 {moved(number, "https://api.example.com/login2"), status(200)});
    list(other);
    CHECK(other.asked().size() == 2);
  }
}

TEST_CASE("five redirects are followed, and no sixth") {
  const auto chain = [](int redirects) {
    Engine engine(test::plain_provider());
    for (int i = 0; i < redirects; ++i) engine.answers.push_back(moved(302, "/lines"));
    engine.answers.push_back(status(200));
    const auto code = test::error_code([&] { list(engine); });
    return code + " " + std::to_string(engine.asked().size());
  };
  CHECK(chain(5) == "none 6");
  CHECK(chain(6) == "carrier.redirect 6");
}

TEST_CASE("an address that a provider gives is asked on its own hosts alone") {
  Engine engine(test::plain_provider(), {status(200)});
  const auto get = [&](const char* url) {
    return test::error_code([&] { engine.exchange.get(url, engine.signed_in()); });
  };
  CHECK(get("https://evil.example/next") == "carrier.redirect");
  CHECK(get("http://data.example.com/next") == "carrier.redirect");
  CHECK(engine.asked().empty());
  CHECK(get("https://data.example.com/next") == "none");
  CHECK(engine.asked().at(0).header("X-Token") == "token-of-session");
}

TEST_CASE("an address that a provider gives may be a path on its host") {
  Engine engine(test::plain_provider(), {status(200)});
  CHECK(test::error_code([&] { engine.exchange.get("//evil.example/next", engine.signed_in()); }) ==
        "carrier.redirect");
  CHECK(engine.asked().empty());
  engine.exchange.get("/next?page=2", engine.signed_in());
  CHECK(engine.asked().at(0).url == "https://api.example.com/next?page=2");
}

TEST_CASE("who stands for a provider is asked also where the provider names itself") {
  Engine engine(test::plain_provider(), {status(200), status(200)});
  const auto moved = carriers::against(engine.provider, "localhost:1");
  carriers::Exchange exchange(moved, engine.http, engine.clock);
  exchange.get("https://data.example.com/next?page=2", engine.signed_in());
  exchange.get("https://localhost:1/next", engine.signed_in());
  CHECK(engine.asked().at(0).url == "https://localhost:1/next?page=2");
  CHECK(engine.asked().at(1).url == "https://localhost:1/next");
  for (const auto* url : {"https://data.example.com.evil.example/x", "https://evil.example/x",
                          "https://data.example.com:8443/x"}) {
    CAPTURE(url);
    CHECK(test::error_code([&] { exchange.get(url, engine.signed_in()); }) == "carrier.redirect");
  }
  CHECK(engine.asked().size() == 2);
}

TEST_CASE("a watcher hears of requests and values, and of no secret") {
  struct Heard final : carriers::Watcher {
    std::vector<std::string> all;
    void answered(const std::string& method, const std::string& address, int number) override {
      all.push_back(method + " " + address + " " + std::to_string(number));
    }
    void took(const std::string& name, const std::optional<std::string>& text) override {
      all.push_back(name + "=" + text.value_or("?"));
    }
  } heard;
  auto json = test::plain_provider();
  json["lines"]["request"]["query"] = {{"who", "${user}"}};
  json["lines"]["pages"] = {{"next", "url"}, {"at", "/next"}};
  Engine engine(json, {status(200, R"({"token":"token-of-session"})"),
                       status(200, R"({"lines":[{"id":7,"used":1}],
                                       "next":"https://data.example.com/more?key=hush&x&y=2#f"})"),
                       status(200, R"({"lines":[]})")});
  carriers::Exchange exchange(engine.provider, engine.http, engine.clock, &heard);
  auto session = std::get<carriers::Session>(carriers::sign_in(exchange, engine.scope()));
  carriers::read_usage(exchange, engine.scope().with(session.values), "plain",
                       [](const usage::Snapshot&) {});
  CHECK(heard.all == std::vector<std::string>{"POST api.example.com/login 200", "token=?",
                                              "GET data.example.com/lines?who=me 200",
                                              "GET data.example.com/more?key=…&…&y=… 200",
                                              "line.id=7"});
}

TEST_CASE("401 speaks of the session when there is one, and of the password otherwise") {
  CHECK(code(status(401), false) == "carrier.signed-out");
  CHECK(code(status(401), true) == "carrier.bad-credentials");
  CHECK(meant(status(401), false)->kind() == base::ErrorKind::sign_in);
  const Json errors{{{"when", {{"status", 400}}}, {"means", "bad-credentials"}}};
  CHECK(code(status(400), true, errors) == "carrier.bad-credentials");
  CHECK(code(status(400), false, errors) == "carrier.signed-out");
}

TEST_CASE("without a sign-in 401 speaks of the key") {
  auto json = test::plain_provider();
  json.erase("login");
  json["auth"] = {{"basic", {{"user", "${user}"}, {"password", "${password}"}}}};
  Engine engine(json, {status(401)});
  const auto answer = list(engine);
  CHECK(engine.asked().at(0).header("Authorization") == "Basic bWU6aHVzaC1odXNo");
  CHECK(test::error_code([&] { engine.exchange.require_success(answer, false); }) ==
        "carrier.bad-credentials");
}

TEST_CASE("a status that is no success has a meaning") {
  CHECK(code(status(200)) == "none");
  CHECK(code(status(204)) == "none");
  CHECK(code(status(403)) == "carrier.not-allowed");
  CHECK(code(status(429)) == "carrier.rate-limited");
  CHECK(code(status(500)) == "carrier.upstream");
  CHECK(code(status(503)) == "carrier.upstream");
  CHECK(code(status(404)) == "carrier.changed");
  CHECK(code(status(304)) == "carrier.changed");
  CHECK(meant(status(404), false)->what() ==
        std::string("the provider has changed its answer: the status has 404"));
}

TEST_CASE("what a file says of errors comes first, also in an answer of success") {
  const Json errors{
      {{"when", {{"status", 200}, {"equals", {{"/code", 11}}}}}, {"means", "signed-out"}},
      {{"when", {{"present", "/fault"}}}, {"means", "upstream"}}};
  CHECK(code(status(200, R"({"code":11})"), false, errors) == "carrier.signed-out");
  CHECK(code(status(200, R"({"code":1})"), false, errors) == "none");
  CHECK(code(status(200, R"({"code":"11"})"), false, errors) == "none");
  CHECK(code(status(403, R"({"fault":{}})"), false, errors) == "carrier.upstream");
  CHECK(code(status(200, R"({"fault":null})"), false, errors) == "none");
  CHECK(code(status(500, "<html>"), false, errors) == "carrier.upstream");
}

TEST_CASE("that an account is locked has precedence, wherever it stands") {
  const Json errors{{{"when", {{"status", 401}}}, {"means", "bad-credentials"}},
                    {{"when", {{"status", 401}, {"equals", {{"/t", "Locked"}}}}},
                     {"means", "locked"},
                     {"wait_s", 300}}};
  const auto locked = meant(status(401, R"({"t":"Locked"})"), true, errors);
  REQUIRE(locked);
  CHECK(locked->code() == "carrier.locked");
  CHECK(locked->what() == std::string("Plain has locked the account until 2027-03-15T12:05:00Z"));
  CHECK(code(status(401, R"({"t":"Wrong"})"), true, errors) == "carrier.bad-credentials");
}

TEST_CASE("the time to wait is read in both forms") {
  const auto until = [](const char* value) {
    return std::string(meant(status(429, "", {{"Retry-After", value}}), false)->what());
  };
  const std::string begins = "Plain takes no more requests now";
  CHECK(until("120") == begins + "; the next from 2027-03-15T12:02:00Z");
  CHECK(until("Mon, 15 Mar 2027 13:00:00 GMT") == begins + "; the next from 2027-03-15T13:00:00Z");
  CHECK(until("Mon, 15 Mar 2027 11:00:00 GMT") == begins + "; the next from 2027-03-15T12:00:00Z");
  CHECK(until("-5") == begins + "; the next from 2027-03-15T12:00:00Z");
  CHECK(until("99999999999") == begins + "; the next from 2028-03-15T12:00:00Z");
  CHECK(until("soon") == begins);
  CHECK(until("") == begins);
}

TEST_CASE("a body that is no JSON, or is nested too deep, is as none") {
  for (const auto& body :
       {std::string(), std::string("<html>"), std::string("{\"a\":"), std::string("\xFF"),
        std::string(66, '[') + std::string(66, ']'), std::string(100'000, '[')}) {
    Engine engine(test::plain_provider(), {status(200, body)});
    CHECK(list(engine).body->is_null());
  }
  Engine engine(test::plain_provider(), {status(200, std::string(65, '[') + std::string(65, ']'))});
  CHECK(list(engine).body->is_array());
}

TEST_CASE("requests are as far apart as the file says") {
  auto json = test::plain_provider();
  json["spacing_ms"] = 400;
  Engine engine(json, {status(200), status(200), status(200)});
  list(engine);
  CHECK(engine.clock.now().time_since_epoch() == 0ms);
  list(engine);
  CHECK(engine.clock.now().time_since_epoch() == 400ms);
  engine.clock.wait(1s);
  list(engine);
  CHECK(engine.clock.now().time_since_epoch() == 1400ms);
}

TEST_CASE("the clock of a provider is told by its answers") {
  Engine engine(test::plain_provider(),
                {status(200), status(200, "", {{"Date", "Mon, 15 Mar 2027 12:00:07 GMT"}}),
                 status(200, "", {{"Date", "Mon, 15 Mar 2027 11:59:58 GMT"}})});
  list(engine);
  CHECK_FALSE(engine.exchange.ahead());
  list(engine);
  CHECK(engine.exchange.ahead() == 7s);
  list(engine);
  CHECK(engine.exchange.ahead() == -2s);
}

TEST_CASE("a condition holds when all that it names does") {
  const auto holds = [](const Json& when, const base::HttpResponse& response) {
    auto json = test::plain_provider();
    json["lines"]["where"] = when;
    Engine engine(json, {response});
    return carriers::holds(*engine.provider.lines->where, list(engine));
  };
  const auto body = status(200, R"({"a":null,"b":[{"c":"x"},{"c":2}]})");
  CHECK(holds({{"status", 200}}, body));
  CHECK(holds({{"status", {201, 200}}}, body));
  CHECK_FALSE(holds({{"status", 201}}, body));
  CHECK(holds({{"present", "/b"}}, body));
  CHECK(holds({{"present", {"/b", "/b/*/c"}}, {"absent", "/d"}}, body));
  CHECK_FALSE(holds({{"present", {"/b", "/d"}}}, body));
  CHECK_FALSE(holds({{"absent", "/b"}}, body));
  // Null is as if it were not there.
  CHECK_FALSE(holds({{"present", "/a"}}, body));
  CHECK(holds({{"absent", "/a"}}, body));
  CHECK(holds({{"equals", {{"/a", nullptr}}}}, body));
  CHECK(holds({{"equals", {{"/b/*/c", 2}}}}, body));
  CHECK_FALSE(holds({{"equals", {{"/b/*/c", "2"}}}}, body));
  CHECK_FALSE(holds({{"status", 200}, {"absent", "/b"}}, body));
  CHECK(holds({{"absent", "/a"}}, status(200, "no JSON")));
}

TEST_CASE("no secret is in what is told of a failure") {
  const std::string body = R"({"error":"hush-hush is wrong","token":"token-of-session"})";
  std::vector<base::HttpResponse> all;
  for (const int number : {302, 400, 401, 403, 404, 429, 500}) all.push_back(status(number, body));
  all.push_back(moved(302, "https://evil.example/?t=token-of-session"));
  for (const auto& response : all) {
    for (const bool signing_in : {false, true}) {
      Engine engine(test::plain_provider(), {response});
      const auto error = test::error_of([&] {
        const auto answer = signing_in ? log_in(engine) : list(engine);
        engine.exchange.require_success(answer, signing_in);
      });
      REQUIRE(error);
      std::string told = error->what();
      for (const auto& hint : error->hints()) told += hint;
      for (const auto& step : error->steps()) told += step;
      CAPTURE(told);
      CHECK(told.find("hush") == std::string::npos);
      CHECK(told.find("token-of") == std::string::npos);
      // It was sent, or there was nothing to tell.
      CHECK((engine.asked().at(0).body + engine.asked().at(0).header("X-Token")).size() > 10);
    }
  }
}
