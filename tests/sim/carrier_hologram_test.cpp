#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using test::ServedCarrier;

namespace {

const std::string links = "/api/1/links/cellular";

Headers basic(const std::string& user = "apikey", const std::string& key = "key-simulated") {
  return {httplib::make_basic_authentication_header(user, key)};
}

}  // namespace

TEST_CASE("Hologram wants its key as a password, and never in the query") {
  ServedCarrier served("hologram");
  CarrierClient client(served);
  CHECK(client.get(links, basic()).status == 200);
  CHECK(client.get(links).status == 401);
  CHECK(client.get(links, basic("apikey", "x")).json().at("success") == false);
  CHECK(client.get(links, basic("user", "key-simulated")).status == 401);
  CHECK(client.get(links + "?apikey=key-simulated").status == 400);
  CHECK(client.get(links + "?apikey=key-simulated", basic()).status == 400);
  CHECK(served.log().find("key-simulated") == std::string::npos);
  CHECK(client.get("/api/1/nothing", basic()).status == 404);
}

TEST_CASE("a link of Hologram has what is used, the limit and the end of the cycle") {
  ServedCarrier served("hologram");
  served.change([](auto& state) { state.lines[0].used_bytes = 42; });
  CarrierClient client(served);
  const auto link = client.get(links + "/101", basic()).json().at("data");
  CHECK(link.at("sim") == "8944100000000042176");
  CHECK(link.at("cur_billing_data_used") == 42);
  CHECK(link.at("plan").at("data") == 5'000'000'000);
  CHECK(link.at("overagelimit") == 0);
  CHECK(link.at("whenexpires") == "2027-04-01 00:00:00");
  CHECK(client.get(links + "/103", basic()).json().at("data").at("overagelimit") == -1);
  CHECK(client.get(links + "/9", basic()).status == 404);
}

TEST_CASE("Hologram's lists continue after a record") {
  ServedCarrier served("hologram");
  CarrierClient client(served);
  const auto first = client.get(links + "?limit=2", basic()).json();
  CHECK(first.at("size") == 2);
  CHECK(first.at("continues") == true);
  CHECK(first.at("startafter") == 102);
  const auto second = client.get(links + "?limit=2&startafter=102", basic()).json();
  CHECK(second.at("size") == 1);
  CHECK(second.at("continues") == false);
  CHECK_FALSE(second.contains("startafter"));
  CHECK(client.get(links + "?limit=1001", basic()).status == 400);
  CHECK(client.get(links + "?sim=89012600000000314156", basic()).json().at("size") == 1);
}

TEST_CASE("Hologram tells octets in a span of time") {
  ServedCarrier served("hologram");
  served.change(
      [](auto& state) { state.lines[0].days = {{"2027-03-01", 1, 2}, {"2027-03-02", 3, 4}}; });
  CarrierClient client(served);
  const auto begin = std::to_string(sim::from_time("2027-03-02T00:00:00Z"));
  const auto daily =
      client.get("/api/1/usage/data/daily?linkid=101&timestart=" + begin, basic()).json();
  REQUIRE(daily.at("data").size() == 1);
  CHECK(daily.at("data")[0].at("bytes") == 7);
  const auto sessions = client.get("/api/1/usage/data?linkid=101&timeend=" + begin, basic()).json();
  REQUIRE(sessions.at("data").size() == 1);
  CHECK(sessions.at("data")[0].at("timestamp") == "2027-03-01 12:00:00");
  CHECK(client.get("/api/1/usage/sms", basic()).json().at("data").empty());
  CHECK(client.get("/api/1/usage/data?timestart=x", basic()).status == 400);
}
