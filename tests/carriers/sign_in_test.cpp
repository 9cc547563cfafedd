#include "carriers/sign_in.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <doctest/doctest.h>

#include "base/base64.hpp"
#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using namespace std::chrono_literals;
using carriers::Challenge;
using carriers::Session;
using carriers::WrongCode;
using test::Engine;
using test::Json;
using test::status;

namespace {

const std::string token = R"({"token":"t1"})";

/// C1: the same request once more, with the code.
Json same_request() {
  auto json = test::plain_provider();
  auto& step = json["login"]["steps"][0];
  step["request"]["json"]["code"] = "${otp?}";
  step["challenge"] = {{"when", {{"status", 401}}}, {"kind", "totp"}, {"tries", 2}};
  return json;
}

/// C2: a status, and a grant of another kind.
Json second_grant() {
  auto json = test::plain_provider();
  json["login"]["steps"][0]["challenge"] = {
      {"when", {{"status", 403}, {"equals", {{"/error", "mfa_required"}}}}},
      {"kind", "totp"},
      {"extract", {{"mfa", "/mfa_token"}}},
      {"answer",
       {{"method", "POST"},
        {"url", "https://api.example.com/login"},
        {"form", {{"grant", "otp"}, {"mfa", "${mfa}"}, {"otp", "${otp}"}}}}},
      {"wrong", {{"status", 403}}}};
  return json;
}

/// C3: an answer of success with something else in it.
Json success_without_token() {
  auto json = test::plain_provider();
  json["login"]["steps"][0]["challenge"] = {
      {"when", {{"status", 200}, {"present", "/mfa"}, {"absent", "/token"}}},
      {"kind", "email"},
      {"target_at", "/to"},
      {"lifetime_s", 300},
      {"extract", {{"mfa", "/mfa"}}},
      {"answer",
       {{"method", "POST"},
        {"url", "https://api.example.com/code"},
        {"json", {{"mfa", "${mfa}"}, {"code", "${otp}"}}}}},
      {"wrong", {{"status", 401}}}};
  json["errors"] = {{{"when", {{"status", 401}, {"equals", {{"/e", "TooMany"}}}}},
                     {"means", "locked"},
                     {"wait_s", 300}}};
  return json;
}

const std::string challenge_403 = R"({"error":"mfa_required","mfa_token":"m1"})";
const std::string challenge_200 = R"({"mfa":"m1","to":"a***@example.com\u202e"})";

std::string value(const Session& session, const std::string& name) {
  const auto found = session.values.find(name);
  return found == session.values.end() ? "none" : std::string(found->second.reveal());
}

base::Secret code(const char* text = "123456") { return base::Secret(text); }

carriers::SignInResult answered(Engine& engine, Challenge challenge, const char* text = "123456") {
  return carriers::answer(engine.exchange, engine.scope(), std::move(challenge), code(text));
}

/// The challenge that signing in comes to.
Challenge challenged(Engine& engine) {
  auto result = carriers::sign_in(engine.exchange, engine.scope());
  REQUIRE(std::holds_alternative<Challenge>(result));
  return std::get<Challenge>(std::move(result));
}

std::string ends(const Session& session) {
  return session.ends ? base::to_rfc3339(*session.ends) : "none";
}

std::string web_token(const std::string& claims) {
  const auto encoded = [](const std::string& text) {
    auto usual = base::to_base64(base::Bytes(text.begin(), text.end()));
    usual.erase(std::min(usual.find('='), usual.size()));
    return usual;
  };
  return encoded(R"({"alg":"HS256"})") + "." + encoded(claims) + ".c2ln";
}

}  // namespace

TEST_CASE("a sign-in gives the values that the answer has") {
  Engine engine(test::plain_provider(), {status(200, token)});
  const auto result = carriers::sign_in(engine.exchange, engine.scope());
  REQUIRE(std::holds_alternative<Session>(result));
  CHECK(value(std::get<Session>(result), "token") == "t1");
  CHECK(ends(std::get<Session>(result)) == "none");
}

TEST_CASE("401 while signing in is about the password, and asked for once") {
  Engine engine(test::plain_provider(), {status(401)});
  CHECK(test::error_code([&] { carriers::sign_in(engine.exchange, engine.scope()); }) ==
        "carrier.bad-credentials");
  CHECK(engine.asked().size() == 1);
}

TEST_CASE("an answer of success without the value is a changed one") {
  Engine engine(test::plain_provider(), {status(200, R"({"Token":"t1"})")});
  const auto error = test::error_of([&] { carriers::sign_in(engine.exchange, engine.scope()); });
  REQUIRE(error);
  CHECK(error->code() == "carrier.changed");
  CHECK(std::string_view(error->what()) ==
        "the provider has changed its answer: “token” has nothing at /token");
}

TEST_CASE("a provider without a sign-in is told so") {
  auto json = test::plain_provider();
  json.erase("login");
  json["auth"] = {{"headers", {{"X-Key", "${password}"}}}};
  Engine engine(json);
  CHECK(test::error_code([&] { carriers::sign_in(engine.exchange, engine.scope()); }) ==
        "carrier.no-login");
}

TEST_CASE("the code goes along with the same request") {
  Engine engine(same_request(), {status(401), status(200, token)});
  auto challenge = challenged(engine);
  CHECK(challenge.kind == carriers::FactorKind::totp);
  CHECK(challenge.tries_left == 2);
  CHECK(engine.asked()[0].body.find("code") == std::string::npos);
  const auto result = answered(engine, std::move(challenge));
  REQUIRE(std::holds_alternative<Session>(result));
  CHECK(value(std::get<Session>(result), "token") == "t1");
  CHECK(value(std::get<Session>(result), "otp") == "none");  // it is not kept
  CHECK(Json::parse(engine.asked()[1].body) ==
        Json{{"user", "me"}, {"password", "hush-hush"}, {"code", "123456"}});
}

TEST_CASE("the code is answered with a grant of another kind after 403") {
  Engine engine(second_grant(), {status(403, challenge_403), status(200, token)});
  const auto result = answered(engine, challenged(engine));
  CHECK(std::holds_alternative<Session>(result));
  CHECK(engine.asked()[1].body == "grant=otp&mfa=m1&otp=123456");
}

TEST_CASE("403 that is no challenge is none") {
  Engine engine(second_grant(), {status(403, R"({"error":"forbidden"})")});
  CHECK(test::error_code([&] { carriers::sign_in(engine.exchange, engine.scope()); }) ==
        "carrier.not-allowed");
}

TEST_CASE("a challenge may come with an answer of success") {
  Engine engine(success_without_token(), {status(200, challenge_200), status(200, token)});
  auto challenge = challenged(engine);
  CHECK(challenge.kind == carriers::FactorKind::email);
  CHECK(challenge.target == "a***@example.com");  // as text that can be shown
  CHECK(base::to_rfc3339(challenge.ends.value()) == "2027-03-15T12:05:00Z");
  const auto result = answered(engine, std::move(challenge));
  CHECK(std::holds_alternative<Session>(result));
  CHECK(engine.asked()[1].url == "https://api.example.com/code");
}

TEST_CASE("a device that is known is not asked for a code") {
  Engine engine(success_without_token(), {status(200, R"({"token":"t1"})")});
  CHECK(std::holds_alternative<Session>(carriers::sign_in(engine.exchange, engine.scope())));
}

TEST_CASE("a wrong code takes a try, and after the last nothing is asked any more") {
  Engine engine(same_request(), {status(401), status(401), status(401)});
  auto first = answered(engine, challenged(engine));
  REQUIRE(std::holds_alternative<WrongCode>(first));
  auto challenge = std::get<WrongCode>(std::move(first)).challenge;
  CHECK(challenge.tries_left == 1);
  auto second = answered(engine, std::move(challenge));
  REQUIRE(std::holds_alternative<WrongCode>(second));
  challenge = std::get<WrongCode>(std::move(second)).challenge;
  CHECK(challenge.tries_left == 0);
  CHECK(engine.asked().size() == 3);
  CHECK(test::error_code([&] { answered(engine, std::move(challenge)); }) == "carrier.no-tries");
  CHECK(engine.asked().size() == 3);
}

TEST_CASE("a code may be right after one that was wrong") {
  Engine engine(second_grant(),
                {status(403, challenge_403), status(403, R"({"error":"x"})"), status(200, token)});
  auto first = answered(engine, challenged(engine));
  REQUIRE(std::holds_alternative<WrongCode>(first));
  const auto second = answered(engine, std::get<WrongCode>(std::move(first)).challenge, "654321");
  CHECK(std::holds_alternative<Session>(second));
  CHECK(engine.asked()[2].body == "grant=otp&mfa=m1&otp=654321");
}

TEST_CASE("after its time a challenge is over, and nothing is asked") {
  Engine engine(success_without_token(), {status(200, challenge_200), status(200, token)});
  auto challenge = challenged(engine);
  engine.clock.wait(300s);
  CHECK(test::error_code([&] { answered(engine, std::move(challenge)); }) ==
        "carrier.challenge-over");
  CHECK(engine.asked().size() == 1);
  Engine earlier(success_without_token(), {status(200, challenge_200), status(200, token)});
  auto in_time = challenged(earlier);
  earlier.clock.wait(299s);
  CHECK(std::holds_alternative<Session>(answered(earlier, std::move(in_time))));
}

TEST_CASE("a challenge of another file is over") {
  Engine engine(same_request(), {status(401)});
  auto challenge = challenged(engine);
  Engine changed(test::plain_provider());
  CHECK(test::error_code([&] { answered(changed, std::move(challenge)); }) ==
        "carrier.challenge-over");
  CHECK(changed.asked().empty());
}

TEST_CASE("that the account is locked has precedence over a wrong code") {
  Engine engine(success_without_token(),
                {status(200, challenge_200), status(401, R"({"e":"TooMany"})")});
  CHECK(test::error_code([&] { answered(engine, challenged(engine)); }) == "carrier.locked");
  Engine wrong(success_without_token(), {status(200, challenge_200), status(401)});
  CHECK(std::holds_alternative<WrongCode>(answered(wrong, challenged(wrong))));
  // And over a challenge.
  auto json = same_request();
  json["errors"] = {{{"when", {{"status", 401}, {"present", "/locked"}}}, {"means", "locked"}}};
  Engine same(json, {status(401, R"({"locked":true})")});
  CHECK(test::error_code([&] { carriers::sign_in(same.exchange, same.scope()); }) ==
        "carrier.locked");
}

TEST_CASE("a code that is there already goes along with the first request") {
  Engine engine(same_request(), {status(200, token)});
  CHECK(std::holds_alternative<Session>(
      carriers::sign_in_with(engine.exchange, engine.scope(), code())));
  CHECK(Json::parse(engine.asked()[0].body).at("code") == "123456");
  Engine wrong(same_request(), {status(401)});
  const auto result = carriers::sign_in_with(wrong.exchange, wrong.scope(), code());
  REQUIRE(std::holds_alternative<WrongCode>(result));
  CHECK(std::get<WrongCode>(result).challenge.tries_left == 1);
  CHECK(wrong.asked().size() == 1);
}

TEST_CASE("a code that is there already answers the challenge that comes") {
  Engine grant(second_grant(), {status(403, challenge_403), status(200, token)});
  CHECK(std::holds_alternative<Session>(
      carriers::sign_in_with(grant.exchange, grant.scope(), code())));
  CHECK(grant.asked()[1].body == "grant=otp&mfa=m1&otp=123456");
  Engine success(success_without_token(), {status(200, challenge_200), status(200, token)});
  CHECK(std::holds_alternative<Session>(
      carriers::sign_in_with(success.exchange, success.scope(), code())));
  Engine unasked(second_grant(), {status(200, token)});
  CHECK(std::holds_alternative<Session>(
      carriers::sign_in_with(unasked.exchange, unasked.scope(), code())));
  CHECK(unasked.asked().size() == 1);
}

TEST_CASE("steps follow one another, and a code is for the step that asks") {
  auto json = second_grant();
  auto middle = json["login"]["steps"][0];
  middle["request"]["json"]["csrf"] = "${csrf}";
  const Json first{{"request", {{"url", "https://api.example.com/first"}}},
                   {"extract", {{"csrf", "/csrf"}}}};
  const Json last{{"request",
                   {{"method", "POST"},
                    {"url", "https://api.example.com/last"},
                    {"json", {{"token", "${token}"}}}}},
                  {"extract", {{"token", "/session"}}}};
  json["login"]["steps"] = Json::array({first, middle, last});
  const std::deque<base::HttpResponse> script{status(200, R"({"csrf":"c1"})"),
                                              status(403, challenge_403), status(200, token),
                                              status(200, R"({"session":"t2"})")};
  Engine engine(json, script);
  const auto result = answered(engine, challenged(engine));
  REQUIRE(std::holds_alternative<Session>(result));
  CHECK(value(std::get<Session>(result), "token") == "t2");
  CHECK(value(std::get<Session>(result), "csrf") == "c1");
  CHECK(Json::parse(engine.asked()[1].body).at("csrf") == "c1");
  CHECK(engine.asked()[3].body == R"({"token":"t1"})");
  Engine at_once(json, script);
  CHECK(std::holds_alternative<Session>(
      carriers::sign_in_with(at_once.exchange, at_once.scope(), code())));
  CHECK(at_once.asked().size() == 4);
}

TEST_CASE("a session ends when the answer, the token or the file says so") {
  const auto end = [](const Json& lifetime, const std::string& body) {
    auto json = test::plain_provider();
    json["login"]["lifetime"] = lifetime;
    Engine engine(json, {status(200, body)});
    return ends(std::get<Session>(carriers::sign_in(engine.exchange, engine.scope())));
  };
  const Json seconds{{"seconds_at", "/expires_in"}, {"seconds", 60}};
  CHECK(end(seconds, R"({"token":"t","expires_in":3600})") == "2027-03-15T13:00:00Z");
  CHECK(end(seconds, R"({"token":"t","expires_in":"3600"})") == "2027-03-15T13:00:00Z");
  CHECK(end(seconds, R"({"token":"t"})") == "2027-03-15T12:01:00Z");
  CHECK(end(seconds, R"({"token":"t","expires_in":-1})") == "2027-03-15T12:01:00Z");
  CHECK(end(seconds, R"({"token":"t","expires_in":99999999999999})") == "2027-03-15T12:01:00Z");
  const Json jwt{{"jwt", "token"}};
  CHECK(end(jwt, R"({"token":")" + web_token(R"({"exp":1803859200})") + R"("})") ==
        "2027-03-01T00:00:00Z");
  CHECK(end(jwt, R"({"token":"opaque"})") == "none");
}

TEST_CASE("a value may be a claim of a token, or stand beside it") {
  auto json = test::plain_provider();
  json["login"]["steps"][0]["extract"]["id"] = {
      {"jwt", "token"}, {"claim", "sub"}, {"at", "/userId"}, {"in_addresses", true}};
  const auto id = [&](const std::string& body) {
    Engine engine(json, {status(200, body)});
    return value(std::get<Session>(carriers::sign_in(engine.exchange, engine.scope())), "id");
  };
  CHECK(id(R"({"token":")" + web_token(R"({"sub":"u1"})") + R"(","userId":"u2"})") == "u1");
  CHECK(id(R"({"token":"opaque","userId":"u2"})") == "u2");
  CHECK(test::error_code([&] { id(token); }) == "carrier.changed");
}

TEST_CASE("a value may be in a header, and has a limit") {
  auto json = test::plain_provider();
  json["login"]["steps"][0]["extract"] = {{"token", {{"header", "X-Session"}}}};
  Engine engine(json, {status(200, "", {{"x-session", "h1"}})});
  CHECK(value(std::get<Session>(carriers::sign_in(engine.exchange, engine.scope())), "token") ==
        "h1");
  Engine large(test::plain_provider(),
               {status(200, R"({"token":")" + std::string(16UL * 1024 + 1, 'x') + R"("})")});
  CHECK(test::error_code([&] { carriers::sign_in(large.exchange, large.scope()); }) ==
        "carrier.changed");
}

TEST_CASE("no secret is in what is told of a sign-in that failed") {
  for (const auto& body : {std::string("{}"), std::string(R"({"token":["hush-hush"]})"),
                           challenge_403, std::string("hush-hush")}) {
    for (const int number : {200, 302, 400, 401, 403, 500}) {
      Engine engine(second_grant(), {status(number, body), status(number, body)});
      const auto error = test::error_of(
          [&] { carriers::sign_in_with(engine.exchange, engine.scope(), code("918273")); });
      if (!error) continue;  // the code was wrong
      const std::string told = error->what();
      CAPTURE(told);
      for (const auto* secret : {"hush", "918273", "m1"})
        CHECK(told.find(secret) == std::string::npos);
    }
  }
}
