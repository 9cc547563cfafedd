#include <map>
#include <string>

#include <doctest/doctest.h>

#include "carriers/sign_in.hpp"
#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

using carriers::Session;
using test::Engine;
using test::Json;
using test::status;

namespace {

std::string value(const Session& session, const std::string& name) {
  return std::string(session.values.at(name).reveal());
}

Json refreshable() {
  auto json = test::plain_provider();
  json["login"]["steps"][0]["extract"]["refresh"] = {{"at", "/refresh"}, {"optional", true}};
  json["login"]["steps"][0]["extract"]["user_id"] = {{"at", "/id"}, {"optional", true}};
  json["login"]["lifetime"] = {{"seconds", 60}};
  json["login"]["refresh"] = {
      {"request",
       {{"method", "POST"},
        {"url", "https://api.example.com/refresh"},
        {"json", {{"refresh", "${refresh}"}}}}},
      {"extract", {{"token", "/token"}, {"refresh", {{"at", "/refresh"}, {"optional", true}}}}}};
  return json;
}

Session session(const std::map<std::string, std::string>& values) {
  return {.values = test::variables(values), .ends = {}};
}

}  // namespace

TEST_CASE("a session that is made longer keeps its old values, and takes the new") {
  const auto old = session({{"token", "t1"}, {"refresh", "r1"}, {"user_id", "7"}});
  Engine engine(refreshable(), {status(200, R"({"token":"t2","refresh":"r2"})")});
  const auto made = carriers::refresh(engine.exchange, engine.scope(), old);
  REQUIRE(made);
  CHECK(value(*made, "token") == "t2");
  CHECK(value(*made, "refresh") == "r2");
  CHECK(value(*made, "user_id") == "7");
  CHECK(base::to_rfc3339(made->ends.value()) == "2027-03-15T12:01:00Z");
  CHECK(value(old, "token") == "t1");
  CHECK(engine.asked().at(0).body == R"({"refresh":"r1"})");
  CHECK(engine.asked().at(0).header("X-Token").empty());
  Engine same(refreshable(), {status(200, R"({"token":"t2"})")});
  CHECK(value(*carriers::refresh(same.exchange, same.scope(), old), "refresh") == "r1");
}

TEST_CASE("a session that cannot be made longer is not, and nothing is asked") {
  Engine none(test::plain_provider());
  CHECK_FALSE(carriers::refresh(none.exchange, none.scope(), session({{"token", "t1"}})));
  Engine without(refreshable());
  CHECK_FALSE(carriers::refresh(without.exchange, without.scope(), session({{"token", "t1"}})));
  CHECK(without.asked().empty());
}

TEST_CASE("a refused refresh is a session that is over, and not a wrong password") {
  auto json = refreshable();
  json["errors"] = {{{"when", {{"status", 400}}}, {"means", "bad-credentials"}}};
  for (const int number : {400, 401}) {
    Engine engine(json, {status(number)});
    CHECK(test::error_code([&] {
            carriers::refresh(engine.exchange, engine.scope(), session({{"refresh", "r1"}}));
          }) == "carrier.signed-out");
  }
}

TEST_CASE("a session is ended where that can be done") {
  auto json = test::plain_provider();
  json["login"]["logout"] = {{"method", "POST"}, {"url", "https://api.example.com/logout"}};
  Engine engine(json, {status(204)});
  carriers::sign_out(engine.exchange, engine.scope(), session({{"token", "t1"}}));
  CHECK(engine.asked().at(0).url == "https://api.example.com/logout");
  CHECK(engine.asked().at(0).header("X-Token") == "t1");
  Engine none(test::plain_provider());
  carriers::sign_out(none.exchange, none.scope(), session({{"token", "t1"}}));
  CHECK(none.asked().empty());
}
