#include <optional>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using test::ServedCarrier;

// Telnyx needs no sign-in, and its lists have numbers, text, objects and null.

namespace {

const Headers key = bearer("KEY-simulated");
const std::string cards = "/v2/sim_cards";

sim::CarrierState with(const sim::CarrierFault& fault) {
  auto state = test::still_carrier("telnyx");
  state.faults = {fault};
  return state;
}

}  // namespace

TEST_CASE("a status comes as often as the faults say, and on the path that they name") {
  ServedCarrier served(with({.path = cards,
                             .fault = "status",
                             .skip = 1,
                             .times = 2,
                             .status = 429,
                             .retry_after = "7"}));
  CarrierClient client(served);
  CHECK(client.get(cards, key).status == 200);
  CHECK(client.get("/v2/balance", key).status == 200);
  const auto busy = client.get(cards, key);
  CHECK(busy.status == 429);
  CHECK(busy.header("Retry-After") == "7");
  CHECK(busy.json().at("errors")[0].at("code") == "10011");
  CHECK(served.state().faults.at(0).times == 1);
  CHECK(client.get(cards, key).status == 429);
  CHECK(client.get(cards, key).status == 200);
  CHECK(served.state().faults.empty());
}

TEST_CASE("a redirect leads where the faults say, and the request is not carried out") {
  ServedCarrier other("telnyx");
  ServedCarrier served(with({.fault = "redirect", .location = other.url("/v2/other")}));
  CarrierClient client(served);
  const auto answer = client.get(cards, key);
  CHECK(answer.status == 302);
  CHECK(answer.header("Location") == other.url("/v2/other"));
  CHECK(other.requests().empty());
  CHECK(other.connections() == 0);
}

TEST_CASE("access tokens end in the middle of a run when they are told to") {
  auto state = test::still_carrier("mint");
  state.faults = {{.method = "GET", .fault = "expire", .skip = 1, .times = 1}};
  ServedCarrier served(state);
  CarrierClient client(served);
  const Headers app{{"Authorization", "Bearer application-simulated"},
                    {"kaena-channel", "channel-simulated"}};
  const Json credentials{
      {"msisdn", "2065550140"}, {"password", "correct horse"}, {"subscriberType", "PHONE"}};
  const auto token = client.post("/v1/mint/login", credentials, app).json();
  const Headers headers{{"Authorization", "Bearer " + token.at("token").get<std::string>()},
                        {"kaena-channel", "channel-simulated"}};
  CHECK(client.get("/v1/mint/account/1000", headers).status == 200);
  CHECK(client.get("/v1/mint/account/1000", headers).status == 401);
  const Json refresh{{"id", "1000"}, {"refreshToken", token.at("refreshToken")}};
  CHECK(client.post("/v1/mint/refresh", refresh, app).status == 200);
}

TEST_CASE("members are renamed, of another type, or replaced") {
  const auto card = [](const sim::CarrierFault& fault) {
    ServedCarrier served(with(fault));
    CarrierClient client(served);
    return client.get(cards, key).json().at("data")[0];
  };
  const auto renamed = card({.fault = "rename", .member = "iccid", .becomes = "simNumber"});
  CHECK_FALSE(renamed.contains("iccid"));
  CHECK(renamed.at("simNumber") == "8944100000000042176");
  CHECK(card({.fault = "retype", .member = "iccid"}).at("iccid").is_array());
  CHECK(card({.fault = "replace", .member = "data_limit", .becomes = "none"}).at("data_limit") ==
        "none");
  ServedCarrier served(with({.fault = "retype", .member = "total_results"}));
  CarrierClient client(served);
  CHECK(client.get(cards, key).json().at("meta").at("total_results") == "3");
}

TEST_CASE("an answer is empty, garbage or huge") {
  const auto body = [](const std::string& fault) {
    ServedCarrier served(with({.fault = fault}));
    CarrierClient client(served);
    const auto answer = client.get(cards, key);
    CHECK(answer.status == 200);
    return answer.text;
  };
  CHECK(body("empty").empty());
  CHECK(body("garbage").starts_with("<html>\xFF"));
  const auto huge = body("huge");
  CHECK(huge.size() > (8U << 20U));
  CHECK(Json::accept(huge));
}

TEST_CASE("an answer ends in its middle, drips, or never comes") {
  {
    ServedCarrier served(with({.fault = "half_body", .times = 1}));
    CarrierClient client(served);
    CHECK_FALSE(client.http().Get("/v2/balance", key));
    CHECK(client.http().Get("/v2/balance", key));
  }
  {
    ServedCarrier served(with({.fault = "slow_drip", .pause = 1}));
    CarrierClient client(served);
    CHECK(client.get("/v2/balance", key).json().at("data").at("balance") == "12.50");
  }
  ServedCarrier served(with({.fault = "stall", .times = 1}));
  CarrierClient client(served);
  client.http().set_read_timeout(0, 50'000);
  CHECK(client.http().Get("/v2/balance", key).error() == httplib::Error::Read);
  CarrierClient second(served);  // nobody else is kept waiting
  CHECK(second.get("/v2/balance", key).status == 200);
}

TEST_CASE("the log has every request, and nothing that is secret") {
  ServedCarrier served("soracom");
  CarrierClient client(served);
  client.post("/v1/auth?password=hidden",
              {{"email", "user@example.com"}, {"password", "correct horse"}});
  client.get("/elsewhere?token=hidden", {{"X-Soracom-Token", "hidden"}});
  CHECK(served.outcomes() == std::vector<std::string>{"POST /v1/auth=401", "GET /elsewhere=404"});
  CHECK(served.requests() == std::vector<std::string>{"POST /v1/auth", "GET /elsewhere"});
  CHECK(served.connections() == 1);
  for (const auto* secret : {"hidden", "correct", "user@"}) {
    CHECK(served.log().find(secret) == std::string::npos);
  }
  CHECK(served.log().find(R"("tls":"TLSv1.3")") != std::string::npos);
}

TEST_CASE("the Date is the carrier's own, which may be wrong") {
  ServedCarrier served("telnyx");
  CarrierClient client(served);
  CHECK(client.get(cards, key).header("Date") == "Mon, 15 Mar 2027 12:00:00 GMT");
  served.change([](auto& state) { state.clock_offset_seconds = -86'400; });
  CHECK(client.get(cards).header("Date") == "Sun, 14 Mar 2027 12:00:00 GMT");
}

TEST_CASE("only TLS is spoken, in the name of the address") {
  ServedCarrier served(test::still_carrier("telnyx"), "api.carrier.example");
  CarrierClient client(served);
  CHECK(client.http().Get(cards, key).error() == httplib::Error::SSLServerVerification);
  httplib::Client plain("localhost", served.port());
  plain.set_address_family(AF_INET);
  CHECK_FALSE(plain.Get(cards));
  CHECK(served.requests().empty());
  CHECK(served.address().starts_with("api.carrier.example:"));
}

TEST_CASE("a query that cannot be read is refused") {
  ServedCarrier served("telnyx");
  CarrierClient client(served);
  CHECK(client.get(cards + "?page[size]=%", key).status == 400);
}

TEST_CASE("a carrier tells of each change of its state, and takes over what others changed") {
  std::vector<sim::CarrierState> told;
  std::optional<sim::CarrierState> waiting;
  const sim::CarrierServer server(
      test::still_carrier("mint"),
      {.on_change = [&](const sim::CarrierState& state) { told.push_back(state); },
       .changed = [&] { return std::exchange(waiting, std::nullopt); }});
  httplib::SSLClient client("localhost", server.port());
  client.set_address_family(AF_INET);
  client.enable_server_certificate_verification(false);
  const auto sign_in = [&](const std::string& password) {
    const Json body{{"msisdn", "2065550140"}, {"password", password}, {"subscriberType", "PHONE"}};
    const Headers headers{{"Authorization", "Bearer application-simulated"},
                          {"kaena-channel", "channel-simulated"}};
    return client.Post("/v1/mint/login", headers, body.dump(), "application/json")->status;
  };
  CHECK(client.Get("/")->status == 404);
  CHECK(told.empty());
  CHECK(sign_in("correct horse") == 200);
  REQUIRE(told.size() == 1);
  CHECK(told.back().sessions.size() == 2);
  waiting = told.back();
  waiting->accounts[0].password = "battery staple";
  CHECK(sign_in("battery staple") == 200);
  CHECK(sign_in("correct horse") == 401);
  CHECK(server.state().accounts[0].failures == 1);
}
