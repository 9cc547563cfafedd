#include <string>

#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using std::chrono::seconds;
using test::ServedCarrier;

namespace {

const std::string path = "/api/v1/authenticate";
// echo -n 'correct horse' | sha1sum
const std::string hash = "2f9e53523b62abc141a2b4d6019d23cba835dbd0";

Json by_password(const std::string& password = hash) {
  return {{"username", "user@example.com"}, {"password", password}};
}

std::string challenge(CarrierClient& client) {
  const auto answer = client.post(path, by_password());
  REQUIRE(answer.status == 200);
  CHECK_FALSE(answer.json().contains("auth_token"));
  return answer.json().at("mfa_token");
}

Headers signed_in(ServedCarrier& served, CarrierClient& client) {
  const auto token = challenge(client);
  const auto answer = client.post(path, {{"mfa_token", token}, {"code", served.code()}});
  REQUIRE(answer.status == 200);
  return bearer(answer.json().at("auth_token"));
}

}  // namespace

TEST_CASE("emnify answers a right password with 200 and a token for the second factor") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  const auto token = challenge(client);
  const auto code = served.code();
  const auto answer = client.post(path, {{"mfa_token", token}, {"code", code}});
  REQUIRE(answer.status == 200);
  CHECK(answer.json().contains("refresh_token"));
  CHECK_FALSE(answer.json().contains("mfa_token"));
  CHECK(client.get("/api/v1/sim", bearer(answer.json().at("auth_token"))).status == 200);
  CHECK(client.get("/api/v1/sim", bearer(token)).status == 401);
  // The challenge is over, and the code was taken.
  CHECK(client.post(path, {{"mfa_token", token}, {"code", served.code(1)}}).status == 401);
  CHECK(client.post(path, {{"mfa_token", challenge(client)}, {"code", code}}).status == 401);
}

TEST_CASE("emnify's tokens are JSON Web Tokens that say when they end") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  const auto headers = signed_in(served, client);
  const auto token = headers.begin()->second.substr(7);
  CHECK(std::ranges::count(token, '.') == 2);
  CHECK(token.find_first_of("+/=") == std::string::npos);
  served.advance(seconds(4 * 3600 - 1));
  CHECK(client.get("/api/v1/sim", headers).status == 200);
  served.advance(seconds(1));
  const auto ended = client.get("/api/v1/sim", headers);
  CHECK(ended.status == 401);
  CHECK(ended.text.empty());
}

TEST_CASE("emnify locks for five minutes after three failures, and says so") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  for (int i = 0; i < 2; ++i) {
    const auto wrong = client.post(path, by_password("correct horse"));  // no SHA-1
    CHECK(wrong.status == 401);
    CHECK(wrong.text.empty());
  }
  const auto third = client.post(path, {{"mfa_token", challenge(client)}, {"code", "000000"}});
  CHECK(third.status == 401);
  CHECK(third.json().at("error_token") == "TooManyRequests");
  served.advance(seconds(299));
  CHECK(client.post(path, by_password()).json().at("error_token") == "TooManyRequests");
  served.advance(seconds(1));
  CHECK(client.post(path, by_password()).json().contains("mfa_token"));
}

TEST_CASE("emnify forgets failures after a success") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  for (int i = 0; i < 2; ++i) {
    CHECK(client.post(path, by_password("x")).text.empty());
    CHECK(client.post(path, by_password("x")).text.empty());
    signed_in(served, client);
    served.advance(seconds(30));
  }
}

TEST_CASE("emnify needs no second factor on a trusted device for 90 days") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  auto with_device = by_password();
  with_device["fingerprint"] = "device-1";
  CHECK(client.post(path, with_device).json().contains("mfa_token"));
  const Json device{{"fingerprint", "device-1"}, {"name", "box"}, {"browser", "none"}};
  const auto answer = client.post(
      path,
      {{"mfa_token", challenge(client)}, {"code", served.code()}, {"trusted_device", device}});
  REQUIRE(answer.status == 200);
  const auto trusted = client.post(path, with_device);
  CHECK(trusted.json().contains("auth_token"));
  CHECK_FALSE(trusted.json().contains("mfa_token"));
  CHECK(client.post(path, by_password()).json().contains("mfa_token"));
  served.advance(std::chrono::hours(24 * 90));
  CHECK(client.post(path, with_device).json().contains("mfa_token"));
}

TEST_CASE("emnify's trusted devices are listed and removed") {
  ServedCarrier served("emnify");
  served.change([](auto& state) {
    state.accounts[0].trusted_devices = {{.fingerprint = "a", .id = 7, .until = 4'000'000'000}};
  });
  CarrierClient client(served);
  const auto headers = signed_in(served, client);
  const std::string devices = "/api/v1/user/my/mfa/trusted_device";
  CHECK(client.get(devices, headers).json()[0].at("id") == 7);
  CHECK(client.remove(devices + "/8", headers).status == 404);
  CHECK(client.remove(devices + "/7", headers).status == 204);
  CHECK(client.get(devices, headers).json().empty());
}

TEST_CASE("emnify gives another token for a refresh token and for an application token") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  const auto first =
      client.post(path, {{"mfa_token", challenge(client)}, {"code", served.code()}}).json();
  const auto again = client.post(path, {{"refresh_token", first.at("refresh_token")}});
  REQUIRE(again.status == 200);
  CHECK(again.json().at("auth_token") != first.at("auth_token"));
  CHECK(client.get("/api/v1/sim", bearer(again.json().at("auth_token"))).status == 200);
  CHECK(client.post(path, {{"refresh_token", first.at("auth_token")}}).status == 401);
  CHECK(client.post(path, {{"application_token", "application-token-simulated"}}).status == 200);
  CHECK(client.post(path, {{"application_token", ""}}).status == 401);
}

TEST_CASE("emnify refuses requests of another shape") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  CHECK(client.post(path, Json::object()).status == 400);
  auto both = by_password();
  both["refresh_token"] = "x";
  CHECK(client.post(path, both).status == 400);
  CHECK(client.post(path, {{"mfa_token", challenge(client)}, {"code", "12345"}}).status == 400);
  CHECK(client.post(path, {{"mfa_token", challenge(client)}, {"code", 123456}}).status == 400);
  CHECK(client.get(path).status == 405);
  const auto headers = signed_in(served, client);
  CHECK(client.get("/api/v1/sim?per_page=2501", headers).status == 400);
  CHECK(client.get("/api/v1/sim?q=colour:red", headers).status == 400);
  CHECK(client.get("/api/v1/sim/9", headers).status == 404);
  CHECK(client.get("/api/v1/sim").status == 401);
}

TEST_CASE("emnify lists SIMs in pages, their ICCID without the check digit") {
  ServedCarrier served("emnify");
  CarrierClient client(served);
  const auto headers = signed_in(served, client);
  CHECK(client.get("/api/v1/sim?page=1&per_page=2", headers).json().size() == 2);
  CHECK(client.get("/api/v1/sim?page=2&per_page=2", headers).json().size() == 1);
  CHECK(client.get("/api/v1/sim?page=3&per_page=2", headers).json().empty());
  const auto sim = client.get("/api/v1/sim?q=iccid_with_luhn:8944100000000042176", headers).json();
  REQUIRE(sim.size() == 1);
  CHECK(sim[0].at("iccid") == "894410000000004217");
  CHECK(sim[0].at("endpoint").at("id") == 501);
  CHECK(client.get("/api/v1/sim?q=iccid:8944100000000042176", headers).json().empty());
}

TEST_CASE("emnify tells megabytes a day, and what is left of the quota") {
  ServedCarrier served("emnify");
  served.change([](auto& state) {
    state.lines[0].days = {{"2027-02-28", 1, 1}, {"2027-03-01", 500'000, 2'000'000}};
    state.lines[0].used_bytes = 2'500'000;
    state.lines[0].limit_bytes = 10'000'000;
  });
  CarrierClient client(served);
  const auto headers = signed_in(served, client);
  const auto days = client.get("/api/v1/endpoint/501/stats/daily", headers).json();
  REQUIRE(days.size() == 1);
  CHECK(days[0].at("data").at("volume") == 2.5);
  CHECK(days[0].at("data").at("volume_tx") == 0.5);
  const auto longer =
      client.get("/api/v1/endpoint/501/stats/daily?start_date=2027-02-01", headers).json();
  CHECK(longer.size() == 2);
  CHECK(client.get("/api/v1/endpoint/501/stats/daily?start_date=1", headers).status == 400);
  const auto quota = client.get("/api/v1/endpoint/501/quota/data", headers).json();
  CHECK(quota.at("volume") == 7.5);
  CHECK(quota.at("status").at("description") == "ACTIVE");
  served.change([](auto& state) { state.lines[0].used_bytes = 10'000'000; });
  CHECK(client.get("/api/v1/endpoint/501/quota/data", headers)
            .json()
            .at("status")
            .at("description") == "EXHAUSTED");
  CHECK(client.get("/api/v1/endpoint/503/quota/data", headers).status == 404);
}
