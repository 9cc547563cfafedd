#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using std::chrono::seconds;
using test::ServedCarrier;

namespace {

const std::string account = "/v1/mint/account/1000";
const std::string usage = "/v2/mint/account/1000/usage";

Headers app(const std::string& token = "application-simulated") {
  return {{"Authorization", "Bearer " + token}, {"kaena-channel", "channel-simulated"}};
}

Json credentials(const std::string& password = "correct horse") {
  return {{"msisdn", "2065550140"}, {"password", password}, {"subscriberType", "PHONE"}};
}

Json signed_in(CarrierClient& client) {
  const auto answer = client.post("/v1/mint/login", credentials(), app());
  REQUIRE(answer.status == 200);
  return answer.json();
}

Json of_type(const std::string& type) { return {{"types", {"data"}}, {"subscriberType", type}}; }

}  // namespace

TEST_CASE("Mint signs in by number and password, for an application that it knows") {
  ServedCarrier served("mint");
  CarrierClient client(served);
  const auto answer = signed_in(client);
  CHECK(answer.at("userId") == "1000");
  CHECK(answer.at("subscriberType") == "PHONE");
  CHECK(client.get(account + "?&subscriberType=PHONE", app(answer.at("token"))).status == 200);
  CHECK(client.post("/v1/mint/login", credentials("x"), app()).status == 401);
  CHECK(served.state().accounts[0].failures == 1);
  CHECK(client.post("/v1/mint/login", credentials(), app("x")).status == 401);
  CHECK(client.post("/v1/mint/login", credentials(), bearer("application-simulated")).status ==
        401);
  CHECK(client.post("/v1/mint/login", {{"msisdn", "2065550140"}}, app()).status == 400);
  const Headers web{{"Authorization", "Bearer null"}, {"channel", "web-am"}};
  CHECK(client.post("/v2/mint/login", credentials(), web).status == 200);
}

TEST_CASE("Mint has one session: another sign-in ends the older") {
  ServedCarrier served("mint");
  CarrierClient client(served);
  const auto first = signed_in(client);
  CHECK(client.get(account, app(first.at("token"))).status == 200);
  const auto second = signed_in(client);
  CHECK(client.get(account, app(first.at("token"))).status == 401);
  CHECK(client.get(account, app(second.at("token"))).status == 200);
  const Json old{{"id", "1000"}, {"refreshToken", first.at("refreshToken")}};
  CHECK(client.post("/v1/mint/refresh", old, app()).status == 401);
}

TEST_CASE("Mint's tokens both change with a refresh, and the old ones are refused") {
  ServedCarrier served("mint");
  CarrierClient client(served);
  const auto first = signed_in(client);
  served.advance(seconds(899));
  CHECK(client.get(account, app(first.at("token"))).status == 200);
  served.advance(seconds(1));
  CHECK(client.get(account, app(first.at("token"))).status == 401);
  const Json body{{"id", "1000"}, {"refreshToken", first.at("refreshToken")}};
  const auto second = client.post("/v1/mint/refresh", body, app());
  REQUIRE(second.status == 200);
  CHECK(second.json().at("token") != first.at("token"));
  CHECK(second.json().at("refreshToken") != first.at("refreshToken"));
  CHECK(client.get(account, app(second.json().at("token"))).status == 200);
  CHECK(client.post("/v1/mint/refresh", body, app()).status == 401);
  CHECK(client.post("/v1/mint/refresh", {{"id", "1000"}}, app()).status == 400);
}

TEST_CASE("Mint answers 401 for another type of subscriber, and nests what hangs below") {
  ServedCarrier served("mint");
  served.change([](auto& state) {
    state.lines[0].used_bytes = 1536ULL << 20U;
    state.lines[1].type = "TABLET";
  });
  CarrierClient client(served);
  const auto headers = app(signed_in(client).at("token"));
  const auto phone = client.post(usage, of_type("PHONE"), headers);
  REQUIRE(phone.status == 200);
  CHECK(phone.json().at("usageHighSpeedData") == 1536);
  CHECK(phone.json().at("totalHighSpeedData") == 5120);
  CHECK(phone.json().at("remainingHighSpeedData") == 3584);
  CHECK(phone.json().at("tablet").at("totalHighSpeedData") == 4096);
  CHECK(client.post(usage, of_type("INTERNET"), headers).status == 401);
  CHECK(client.post(usage, {{"subscriberType", "PHONE"}}, headers).status == 400);
  CHECK(client.get(account + "?subscriberType=TABLET", headers).status == 401);
  const auto told = client.get(account, headers).json();
  CHECK(told.at("plan").at("endOfCycle") == sim::from_time("2027-04-01T00:00:00Z"));
  CHECK(told.at("tablet").at("msisdn") == "2065550141");
  served.change([](auto& state) { state.lines[0].type = "INTERNET"; });
  CHECK(client.post(usage, of_type("INTERNET"), headers).status == 200);
}

TEST_CASE("Mint lists the other lines of an account, each with its usage") {
  ServedCarrier served("mint");
  served.change([](auto& state) { state.lines[2].used_bytes = 1ULL << 30U; });
  CarrierClient client(served);
  const auto headers = app(signed_in(client).at("token"));
  const auto members = client.get(account + "/multi-line", headers).json().at("activeMembers");
  REQUIRE(members.size() == 2);
  CHECK(members[1].at("nickName") == "spare");
  const auto told = client.get(account + "/multi-line/103/usage", headers).json().at("data");
  CHECK(told.at("usage4G") == 1024);
  CHECK(told.at("remaining4G") == 2048);
  CHECK(client.get(account + "/multi-line/101/usage", headers).status == 404);
  CHECK(client.get("/v1/mint/account/1001/multi-line", headers).status == 401);
  const auto plans = client.get(account + "/plans", headers).json().at("availablePlans");
  CHECK(plans[0].at("displayName") == "Five");
}
