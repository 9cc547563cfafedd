#include <doctest/doctest.h>

#include "tests/sim/carrier_client.hpp"

using namespace sim::test;
using test::ServedCarrier;

namespace {

const Headers key = bearer("KEY-simulated");

}  // namespace

TEST_CASE("Telnyx wants its key, and words errors in a list") {
  ServedCarrier served("telnyx");
  CarrierClient client(served);
  CHECK(client.get("/v2/sim_cards", key).status == 200);
  for (const auto& headers : {Headers{}, bearer("x"), bearer("")}) {
    const auto answer = client.get("/v2/sim_cards", headers);
    CHECK(answer.status == 401);
    CHECK(answer.json().at("errors")[0].at("code") == "10009");
  }
  CHECK(client.get("/v2/sim_cards/x", key).json().at("errors")[0].at("code") == "10005");
  CHECK(client.post("/v2/sim_cards", Json::object(), key).status == 405);
}

TEST_CASE("Telnyx lists SIM cards in pages that say how many there are") {
  ServedCarrier served("telnyx");
  CarrierClient client(served);
  const auto page = client.get("/v2/sim_cards?page%5Bnumber%5D=2&page%5Bsize%5D=2", key).json();
  CHECK(page.at("data").size() == 1);
  CHECK(page.at("meta") ==
        Json{{"page_number", 2}, {"page_size", 2}, {"total_pages", 2}, {"total_results", 3}});
  CHECK(client.get("/v2/sim_cards", key).json().at("meta").at("page_size") == 20);
  for (const auto* query : {"page[size]=251", "page[size]=0", "page[number]=0", "page[size]=x"}) {
    CHECK(client.get("/v2/sim_cards?" + std::string(query), key).status == 400);
  }
  const auto found = client.get("/v2/sim_cards?filter[iccid]=42176", key).json();
  REQUIRE(found.at("data").size() == 1);
  CHECK(found.at("data")[0].at("eid") == "89049032000000000000000000042164");
}

TEST_CASE("Telnyx's amounts are text with a unit, and a card over its limit says so") {
  ServedCarrier served("telnyx");
  served.change([](auto& state) {
    state.lines[0].id = "one";
    state.lines[0].used_bytes = 2'500'000;
    state.lines[0].limit_bytes = 10'000'000;
  });
  CarrierClient client(served);
  const auto card = client.get("/v2/sim_cards/one", key).json().at("data");
  CHECK(card.at("current_billing_period_consumed_data") == Json{{"amount", "2.5"}, {"unit", "MB"}});
  CHECK(card.at("data_limit") == Json{{"amount", "10"}, {"unit", "MB"}});
  CHECK(card.at("status").at("value") == "enabled");
  served.change([](auto& state) { state.lines[0].used_bytes = 10'000'000; });
  const auto over = client.get("/v2/sim_cards/one", key).json().at("data");
  CHECK(over.at("status").at("value") == "data_limit_exceeded");
  served.change([](auto& state) { state.lines[0].limit_bytes = 0; });
  CHECK(client.get("/v2/sim_cards/one", key).json().at("data").at("data_limit").is_null());
}

TEST_CASE("Telnyx gives no PIN and PUK here, and its balance is text") {
  ServedCarrier served("telnyx");
  CarrierClient client(served);
  CHECK(client.get("/v2/sim_cards?include_pin_puk_codes=true", key).status == 400);
  CHECK(client.get("/v2/sim_cards?include_pin_puk_codes=false", key).status == 200);
  const auto balance = client.get("/v2/balance", key).json().at("data");
  CHECK(balance.at("balance") == "12.50");
  CHECK(balance.at("currency") == "USD");
}
