#include <string>

#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using std::chrono::seconds;
using test::ServedCarrier;

namespace {

const std::string stats = "/v1/stats/air/sims/8944100000000042176";

Json by_email(const std::string& password, const std::string& code) {
  Json body{{"email", "user@example.com"}, {"password", password}};
  if (!code.empty()) body["mfaOTPCode"] = code;
  return body;
}

Headers signed_in(ServedCarrier& served, CarrierClient& client) {
  const auto answer = client.post("/v1/auth", by_email("correct horse", served.code()));
  REQUIRE(answer.status == 200);
  return {{"X-Soracom-API-Key", answer.json().at("apiKey")},
          {"X-Soracom-Token", answer.json().at("token")}};
}

}  // namespace

TEST_CASE("Soracom takes the one-time code in the same request, each step once") {
  ServedCarrier served("soracom");
  CarrierClient client(served);
  const auto missing = client.post("/v1/auth", by_email("correct horse", ""));
  CHECK(missing.status == 401);
  CHECK(missing.json().contains("message"));
  CHECK(client.post("/v1/auth", by_email("correct horse", "000000")).status == 401);
  CHECK(served.state().accounts[0].failures == 2);
  const auto code = served.code();
  CHECK(client.post("/v1/auth", by_email("wrong", code)).status == 401);
  const auto answer = client.post("/v1/auth", by_email("correct horse", code));
  REQUIRE(answer.status == 200);
  CHECK(answer.json().at("operatorId") == "OP0012345678");
  CHECK(served.state().accounts[0].failures == 0);
  CHECK(client.post("/v1/auth", by_email("correct horse", code)).status == 401);  // reused
  served.advance(seconds(30));
  CHECK(client.post("/v1/auth", by_email("correct horse", served.code())).status == 200);
  served.change([](auto& state) { state.accounts[0].mfa = false; });
  CHECK(client.post("/v1/auth", by_email("correct horse", "")).status == 200);
}

TEST_CASE("Soracom signs in users by operator and name, and AuthKeys without a code") {
  ServedCarrier served("soracom");
  served.change([](auto& state) {
    auto user = state.accounts[0];
    user.user = "sam";
    user.user_name = "reader";
    user.mfa = false;
    user.key_id = user.key = "";
    state.accounts.push_back(user);
  });
  CarrierClient client(served);
  const auto user = client.post(
      "/v1/auth",
      {{"operatorId", "OP0012345678"}, {"userName", "reader"}, {"password", "correct horse"}});
  REQUIRE(user.status == 200);
  CHECK(user.json().at("userName") == "reader");
  const auto key =
      client.post("/v1/auth", {{"authKeyId", "keyId-simulated"}, {"authKey", "secret-simulated"}});
  REQUIRE(key.status == 200);
  CHECK_FALSE(key.json().contains("userName"));
  CHECK(client.post("/v1/auth", {{"authKeyId", "keyId-simulated"}, {"authKey", "x"}}).status ==
        401);
}

TEST_CASE("Soracom refuses sign-ins of another shape") {
  ServedCarrier served("soracom");
  CarrierClient client(served);
  CHECK(client.post("/v1/auth", Json::object()).status == 400);
  CHECK(client.post("/v1/auth", {{"email", "user@example.com"}}).status == 400);
  CHECK(client.post("/v1/auth", {{"email", 1}, {"password", "x"}}).status == 400);
  auto long_lived = by_email("correct horse", served.code());
  long_lived["tokenTimeoutSeconds"] = 172801;
  CHECK(client.post("/v1/auth", long_lived).status == 400);
  CHECK(client.http().Post("/v1/auth", "a=b", "application/x-www-form-urlencoded")->status == 400);
  CHECK(client.http().Post("/v1/auth", "{", "application/json")->status == 400);
  const auto other = client.get("/v1/auth");
  CHECK(other.status == 405);
  CHECK(other.header("Allow") == "POST");
  CHECK(client.get("/v1/nothing").status == 404);
}

TEST_CASE("Soracom wants key and token of one sign-in, until they end") {
  ServedCarrier served("soracom");
  CarrierClient client(served);
  auto headers = signed_in(served, client);
  CHECK(client.get("/v1/sims", headers).status == 200);
  CHECK(client.get("/v1/sims").status == 401);
  CHECK(client.get("/v1/sims", {{"X-Soracom-Token", headers.find("X-Soracom-Token")->second}})
            .status == 401);
  served.advance(seconds(86'399));
  CHECK(client.get("/v1/sims", headers).status == 200);
  served.advance(seconds(1));
  CHECK(client.get("/v1/sims", headers).status == 401);
  headers = signed_in(served, client);
  CHECK(client.post("/v1/auth/logout", Json::object(), headers).status == 204);
  CHECK(client.get("/v1/sims", headers).status == 401);
}

TEST_CASE("Soracom's list goes on after the key in a header") {
  ServedCarrier served("soracom");
  CarrierClient client(served);
  const auto headers = signed_in(served, client);
  const auto first = client.get("/v1/sims?limit=2", headers);
  CHECK(first.json().size() == 2);
  const auto next = first.header("x-soracom-next-key");
  REQUIRE_FALSE(next.empty());
  const auto second = client.get("/v1/sims?limit=2&last_evaluated_key=" + next, headers);
  CHECK(second.json().size() == 1);
  CHECK(second.header("x-soracom-next-key").empty());
  CHECK(second.json()[0].at("profiles").contains("89012600000000271823"));
  CHECK(client.get("/v1/sims?limit=0", headers).status == 400);
  CHECK(client.get("/v1/sims?last_evaluated_key=x", headers).status == 400);
  CHECK(client.get("/v1/sims?other=1", headers).status == 200);
  const auto one = client.get("/v1/sims/89012600000000314156", headers);
  CHECK(one.json().at("profiles").at("89012600000000314156").at("primaryImsi") ==
        "310260000003141");
  CHECK(client.get("/v1/sims/1", headers).status == 404);
}

TEST_CASE("Soracom's statistics are octets by day, month and speed class") {
  ServedCarrier served("soracom");
  served.change([](auto& state) {
    state.lines[0].days = {{"2027-02-28", 4, 40}, {"2027-03-01", 8, 80}, {"2027-03-02", 10, 101}};
  });
  CarrierClient client(served);
  const auto headers = signed_in(served, client);
  const auto from = "from=" + std::to_string(sim::from_time("2027-03-01T10:00:00Z"));
  const auto to = "&to=" + std::to_string(sim::from_time("2027-03-02T01:00:00Z"));
  const auto days = client.get(stats + "?" + from + to + "&period=day", headers).json();
  REQUIRE(days.size() == 2);
  CHECK(days[0].at("date") == "20270301");
  CHECK(days[0].at("unixtime") == sim::from_time("2027-03-01T00:00:00Z"));
  std::uint64_t sum = 0;
  for (const auto& each : days[1].at("dataTrafficStatsMap")) {
    sum += each.at("uploadByteSizeTotal").get<std::uint64_t>() +
           each.at("downloadByteSizeTotal").get<std::uint64_t>();
  }
  CHECK(days[1].at("dataTrafficStatsMap").size() == 2);
  CHECK(sum == 111);
  const auto months = client.get(stats + "?" + from + to + "&period=month", headers).json();
  REQUIRE(months.size() == 1);
  CHECK(months[0].at("date") == "202703");
  CHECK(client.get(stats + "?" + from + to + "&period=year", headers).status == 400);
  CHECK(client.get(stats + "?" + from + "&period=day", headers).status == 400);
  CHECK(client.get(stats + "?from=1" + to + "&period=minutes", headers).status == 400);
  CHECK(client.get(stats + "?" + from + to + "&period=minutes", headers).status == 200);
}

TEST_CASE("Soracom's bill is a number with a currency and a time") {
  ServedCarrier served("soracom");
  CarrierClient client(served);
  const auto bill = client.get("/v1/bills/latest", signed_in(served, client)).json();
  CHECK(bill.at("amount") == 12.5);
  CHECK(bill.at("currency") == "USD");
  CHECK(bill.at("lastEvaluatedTime") == "20270315120000");
}
