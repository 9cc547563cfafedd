#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using test::ServedCarrier;

namespace {

const std::string sid = "HS00000000000000000000000000000101";

Headers basic(const std::string& password = "auth-token-simulated") {
  return {
      httplib::make_basic_authentication_header("AC00000000000000000000000000001000", password)};
}

}  // namespace

TEST_CASE("Twilio wants SID and token, and numbers its errors") {
  ServedCarrier served("twilio");
  CarrierClient client(served);
  CHECK(client.get("/v1/Sims", basic()).status == 200);
  for (const auto& headers : {Headers{}, basic("x"), bearer("auth-token-simulated")}) {
    const auto answer = client.get("/v1/Sims", headers);
    CHECK(answer.status == 401);
    CHECK(answer.json().at("code") == 20003);
  }
  CHECK(client.get("/v1/Sims/HS0", basic()).json().at("code") == 20404);
  CHECK(client.remove("/v1/Sims", basic()).status == 405);
}

TEST_CASE("Twilio's lists name their next page") {
  ServedCarrier served("twilio");
  CarrierClient client(served);
  const auto first = client.get("/v1/Sims?PageSize=2&Status=active", basic()).json();
  CHECK(first.at("sims").size() == 2);
  CHECK(first.at("meta").at("key") == "sims");
  CHECK(first.at("meta").at("previous_page_url").is_null());
  const auto next = first.at("meta").at("next_page_url").get<std::string>();
  const auto host = "https://localhost:" + std::to_string(served.port());
  REQUIRE(next.starts_with(host + "/v1/Sims?Status=active&"));
  const auto second = client.get(next.substr(host.size()), basic()).json();
  CHECK(second.at("sims").size() == 1);
  CHECK(second.at("meta").at("next_page_url").is_null());
  // The page index alone leads nowhere.
  CHECK(client.get("/v1/Sims?PageSize=2&Page=1", basic()).json().at("sims").size() == 2);
  CHECK(client.get("/v1/Sims?PageSize=1001", basic()).status == 400);
  CHECK(client.get("/v1/Sims?PageToken=x", basic()).status == 400);
}

TEST_CASE("Twilio finds a SIM by its ICCID, with its fleet and its period") {
  ServedCarrier served("twilio");
  CarrierClient client(served);
  const auto found = client.get("/v1/Sims?Iccid=8944100000000042176", basic()).json().at("sims");
  REQUIRE(found.size() == 1);
  CHECK(found[0].at("sid") == sid);
  CHECK(client.get("/v1/Sims?Iccid=1", basic()).json().at("sims").empty());
  const auto fleet =
      client.get("/v1/Fleets/" + found[0].at("fleet_sid").get<std::string>(), basic()).json();
  CHECK(fleet.at("data_limit") == 5000);
  const auto period = client.get("/v1/Sims/" + sid + "/BillingPeriods", basic()).json();
  CHECK(period.at("billing_periods")[0].at("end_time") == "2027-04-01T00:00:00Z");
}

TEST_CASE("Twilio sums usage up, by day, or by SIM") {
  ServedCarrier served("twilio");
  served.change([](auto& state) {
    state.lines[0].days = {{"2027-01-01", 1, 1}, {"2027-03-01", 10, 100}, {"2027-03-02", 20, 200}};
    state.lines[1].days = {{"2027-03-01", 1, 2}};
    state.lines[2].days.clear();
  });
  CarrierClient client(served);
  const auto records = [&](const std::string& query) {
    return client.get("/v1/UsageRecords?" + query, basic()).json().at("usage_records");
  };
  const auto all = records("");  // of a month
  REQUIRE(all.size() == 1);
  CHECK(all[0].at("data_total") == 333);
  CHECK(all[0].at("sim_sid").is_null());
  const auto days = records("Granularity=day&Sim=" + sid);
  REQUIRE(days.size() == 2);
  CHECK(days[0].at("data_upload") == 10);
  CHECK(days[0].at("period").at("start_time") == "2027-03-01T00:00:00Z");
  CHECK(days[0].at("sim_sid") == sid);
  CHECK(records("Group=sim").size() == 2);
  CHECK(records("Granularity=day&StartTime=2027-03-02T00:00:00Z").size() == 1);
  CHECK(records("StartTime=2027-01-01T00:00:00Z")[0].at("data_total") == 335);
  CHECK(client.get("/v1/UsageRecords?Granularity=week", basic()).status == 400);
  CHECK(client.get("/v1/UsageRecords?StartTime=1", basic()).status == 400);
}
