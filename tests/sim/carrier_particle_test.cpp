#include <string>

#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using std::chrono::seconds;
using test::ServedCarrier;

namespace {

const std::string path = "/oauth/token";

httplib::Params with_client(httplib::Params fields) {
  fields.emplace("client_id", "client-simulated");
  fields.emplace("client_secret", "secret-simulated");
  return fields;
}

httplib::Params by_password(const std::string& password = "correct horse") {
  return with_client(
      {{"grant_type", "password"}, {"username", "user@example.com"}, {"password", password}});
}

httplib::Params by_code(const std::string& token, const std::string& code) {
  return with_client({{"grant_type", "urn:custom:mfa-otp"}, {"mfa_token", token}, {"otp", code}});
}

std::string challenge(CarrierClient& client) {
  const auto answer = client.form(path, by_password());
  REQUIRE(answer.status == 403);
  CHECK(answer.json().at("error") == "mfa_required");
  return answer.json().at("mfa_token");
}

Json signed_in(ServedCarrier& served, CarrierClient& client) {
  const auto answer = client.form(path, by_code(challenge(client), served.code()));
  REQUIRE(answer.status == 200);
  return answer.json();
}

std::string error_of(const Got& answer) {
  return std::to_string(answer.status) + " " + answer.json().at("error").get<std::string>();
}

}  // namespace

TEST_CASE("Particle asks for the second factor by 403, and takes it by a grant of its own") {
  ServedCarrier served("particle");
  CarrierClient client(served);
  const auto token = challenge(client);
  const auto code = served.code();
  const auto answer = client.form(path, by_code(token, code));
  REQUIRE(answer.status == 200);
  CHECK(answer.json().at("token_type") == "bearer");
  CHECK(answer.json().at("expires_in") == 7'776'000);
  CHECK(client.get("/v1/sims", bearer(answer.json().at("access_token"))).status == 200);
  CHECK(error_of(client.form(path, by_code(token, served.code(1)))) == "400 invalid_grant");
  CHECK(error_of(client.form(path, by_code(challenge(client), code))) == "403 invalid_grant");
  served.change([](auto& state) { state.accounts[0].mfa = false; });
  CHECK(client.form(path, by_password()).status == 200);
}

TEST_CASE("Particle takes three wrong codes for a challenge") {
  ServedCarrier served("particle");
  CarrierClient client(served);
  const auto token = challenge(client);
  CHECK(error_of(client.form(path, by_code(token, "000000"))) == "403 invalid_grant");
  CHECK(error_of(client.form(path, by_code(token, ""))) == "403 invalid_grant");
  CHECK(served.state().sessions.at(0).attempts == 2);
  CHECK(served.state().accounts.at(0).failures == 2);
  CHECK(error_of(client.form(path, by_code(token, "000000"))) == "403 invalid_grant");
  CHECK(error_of(client.form(path, by_code(token, served.code()))) == "400 invalid_grant");
  CHECK(client.form(path, by_code(challenge(client), served.code())).status == 200);
}

TEST_CASE("a challenge of Particle ends by itself") {
  ServedCarrier served("particle");
  CarrierClient client(served);
  const auto token = challenge(client);
  served.advance(seconds(600));
  CHECK(error_of(client.form(path, by_code(token, served.code()))) == "400 invalid_grant");
}

TEST_CASE("Particle checks the application, the grant and the password") {
  ServedCarrier served("particle");
  CarrierClient client(served);
  const httplib::Params bare{
      {"grant_type", "password"}, {"username", "user@example.com"}, {"password", "correct horse"}};
  CHECK(error_of(client.form(path, bare)) == "400 invalid_client");
  const auto pair = [](const std::string& secret) {
    return Headers{httplib::make_basic_authentication_header("client-simulated", secret)};
  };
  CHECK(error_of(client.form(path, bare, pair("x"))) == "401 invalid_client");
  CHECK(error_of(client.form(path, bare, pair("secret-simulated"))) == "403 mfa_required");
  CHECK(error_of(client.form(path, by_password("x"))) == "400 invalid_grant");
  CHECK(error_of(client.form(path, with_client({{"grant_type", "x"}}))) ==
        "400 unsupported_grant_type");
  CHECK(error_of(client.post(path, {{"grant_type", "password"}})) == "400 invalid_request");
}

TEST_CASE("Particle's tokens live as long as was asked, are renewed once, and are given up") {
  ServedCarrier served("particle");
  served.change([](auto& state) { state.accounts[0].mfa = false; });
  CarrierClient client(served);
  auto fields = by_password();
  fields.emplace("expires_in", "60");
  const auto first = client.form(path, fields).json();
  CHECK(first.at("expires_in") == 60);
  const auto headers = bearer(first.at("access_token"));
  served.advance(seconds(59));
  CHECK(client.get("/v1/sims", headers).status == 200);
  served.advance(seconds(1));
  CHECK(error_of(client.get("/v1/sims", headers)) == "401 invalid_token");
  CHECK(error_of(client.get("/v1/sims")) == "400 invalid_request");
  const auto refresh =
      with_client({{"grant_type", "refresh_token"}, {"refresh_token", first.at("refresh_token")}});
  const auto second = client.form(path, refresh);
  REQUIRE(second.status == 200);
  CHECK(error_of(client.form(path, refresh)) == "400 invalid_grant");
  auto for_ever = by_password();
  for_ever.emplace("expires_in", "0");
  const auto third = client.form(path, for_ever).json();
  CHECK(third.at("expires_in") > 3'000'000'000);
  fields.erase("expires_in");
  fields.emplace("expires_in", "soon");
  CHECK(client.form(path, fields).status == 400);
  const auto renewed = bearer(second.json().at("access_token"));
  CHECK(client.remove("/v1/access_tokens/current", renewed).status == 200);
  CHECK(client.get("/v1/sims", renewed).status == 401);
}

TEST_CASE("Particle tells megabytes by day of the billing period") {
  ServedCarrier served("particle");
  served.change([](auto& state) {
    state.lines[0].days = {
        {"2027-02-28", 9, 9}, {"2027-03-01", 500'000, 250'000}, {"2027-03-02", 0, 1'000'000}};
  });
  CarrierClient client(served);
  const auto headers = bearer(signed_in(served, client).at("access_token"));
  CHECK(client.get("/v1/sims", headers).json().at("sims").size() == 3);
  const auto usage = client.get("/v1/sims/8944100000000042176/data_usage", headers).json();
  CHECK(usage.at("iccid") == "8944100000000042176");
  REQUIRE(usage.at("usage_by_day").size() == 2);
  CHECK(usage.at("usage_by_day")[1] ==
        Json{{"date", "2027-03-02"}, {"mbs_used", 1.0}, {"mbs_used_cumulative", 1.75}});
  CHECK(client.get("/v1/sims/1/data_usage", headers).status == 404);
  const auto page = client.get("/v1/products/p/sims?per_page=2&page=2", headers).json();
  CHECK(page.at("sims").size() == 1);
  CHECK(page.at("meta").at("total_pages") == 2);
  CHECK(client.get("/v1/products/p/sims?page=0", headers).status == 400);
}
