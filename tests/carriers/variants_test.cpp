#include <deque>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "base/read_file.hpp"
#include "carriers/reading.hpp"
#include "carriers/sign_in.hpp"
#include "tests/carriers/engine.hpp"
#include "tests/support/errors.hpp"

// What servers that others made from a provider's documentation may answer, which leaves some
// things open: null for what is empty, numbers as texts, other spellings of a date.

namespace {

using carriers::Challenge;
using carriers::Session;
using carriers::WrongCode;
using test::Json;
using test::status;

using Values = std::map<std::string, std::string>;
using Script = std::deque<base::HttpResponse>;

/// A provider that esimctl comes with, and a server that answers as it is told to.
struct Foreign {
  Foreign(const std::string& provider, const Values& values, Script script)
      : engine(Json::parse(
                   base::read_file(ESIMCTL_TEST_TOP "/carriers/providers/" + provider + ".json",
                                   1UL << 20U)
                       .value()),
               std::move(script)),
        own(test::variables(values)) {}

  [[nodiscard]] carriers::Scope scope() const { return carriers::Scope().with(own); }
  std::vector<usage::Snapshot> lines() {
    std::vector<usage::Snapshot> all;
    carriers::read_usage(engine.exchange, scope(), "here",
                         [&](usage::Snapshot line) { all.push_back(std::move(line)); });
    return all;
  }

  test::Engine engine;
  carriers::Variables own;
};

std::int64_t bytes(const usage::Limit& limit) {
  const auto* const size = std::get_if<usage::DataSize>(&limit);
  return size == nullptr ? -1 : size->bytes();
}

const Values soracom{{"api_key", "a"}, {"token", "t"}};
const Values emnify{{"username", "me"}, {"password", "hush"}, {"fingerprint", "f"}};
const Values particle{{"username", "me"},
                      {"password", "hush"},
                      {"client_id", "c"},
                      {"client_secret", "s"},
                      {"access_token", "t"}};

}  // namespace

TEST_CASE("a list of lines that is null has none, and one that is no JSON is a changed answer") {
  const std::map<std::string, std::pair<Values, std::string>> lists{
      {"telnyx", {{{"api_key", "k"}}, R"({"data":null,"meta":{"total_pages":0}})"}},
      {"twilio",
       {{{"account_sid", "a"}, {"auth_token", "t"}},
        R"({"sims":null,"meta":{"next_page_url":null}})"}},
      {"hologram", {{{"api_key", "k"}}, R"({"success":true,"continues":false,"data":null})"}},
      {"particle", {particle, R"({"sims":null})"}}};
  for (const auto& [provider, told] : lists) {
    CAPTURE(provider);
    Foreign empty(provider, told.first, {status(200, told.second)});
    CHECK(empty.lines().empty());
    Foreign page(provider, told.first, {status(200, "<html>")});
    CHECK(test::error_code([&] { page.lines(); }) == "carrier.changed");
  }
}

TEST_CASE("a line of Hologram has its limit and its cycle in every spelling of them") {
  const auto line = [](const std::string& rest) {
    Foreign hologram("hologram", {{"api_key", "k"}},
                     {status(200, R"({"data":[{"id":42,"sim":"8944","cur_billing_data_used":"7",)" +
                                      rest + "}]}")});
    const auto all = hologram.lines();
    REQUIRE(all.size() == 1);
    CHECK(all[0].used->bytes() == 7);
    CHECK(all[0].line.provider_id == "42");
    return all[0];
  };
  const auto end = base::from_rfc3339("2027-04-01T20:41:45Z");
  for (const auto* date : {"2027-04-01 20:41:45", "2027-04-01T20:41:45Z",
                           "2027-04-01T20:41:45.000+00:00", "2027-04-01T22:41:45+0200"}) {
    CAPTURE(date);
    CHECK(line(R"("whenexpires":")" + std::string(date) + "\"").cycle->end == end);
  }
  CHECK_FALSE(line(R"("whenexpires":null)").cycle->end);
  CHECK_FALSE(line(R"("whenexpires":"0000-00-00 00:00:00")").cycle->end);
  CHECK(bytes(line(R"("plan":{"data":1000000})").limit) == 1'000'000);
  CHECK(bytes(line(R"("plan":{"data":"1000000"})").limit) == 1'000'000);
  for (const auto* none : {"-1", "0", R"("0")", "null"}) {
    CAPTURE(none);
    CHECK(bytes(line(R"("plan":{"data":)" + std::string(none) + "}").limit) == -1);
  }
  CHECK(bytes(line(R"("plan":null)").limit) == -1);
}

TEST_CASE("emnify's answers may have null for the token that is not there") {
  Foreign asks("emnify", emnify,
               {status(200, R"({"auth_token":null,"mfa_token":"m"})"), status(400), status(401),
                status(200, R"({"auth_token":"a","refresh_token":null,"mfa_token":null})")});
  auto result = carriers::sign_in(asks.engine.exchange, asks.scope());
  for (int i = 0; i < 2; ++i) {
    auto* const wrong = std::get_if<WrongCode>(&result);
    auto challenge =
        wrong != nullptr ? std::move(wrong->challenge) : std::get<Challenge>(std::move(result));
    result = carriers::answer(asks.engine.exchange, asks.scope(), std::move(challenge),
                              base::Secret("123456"));
    CHECK(std::holds_alternative<WrongCode>(result));
  }
  result =
      carriers::answer(asks.engine.exchange, asks.scope(),
                       std::move(std::get<WrongCode>(result).challenge), base::Secret("123456"));
  CHECK(std::holds_alternative<Session>(result));
}

TEST_CASE("a SIM of emnify without an endpoint is left out, however that is written") {
  auto values = emnify;
  values["auth_token"] = "a";
  Foreign sims("emnify", values,
               {status(200, R"([{"id":1,"endpoint":null},{"id":2},{"id":3,"endpoint":{"id":null}},
                                {"id":4,"iccid":"8988","endpoint":{"id":44,"name":"x"}}])"),
                status(200, R"([{"date":"2027-03-01","data":{"volume":1.5,"volume_rx":1}},
                                {"date":"2027-03-02","data":{"volume":"0.5"}}])")});
  const auto lines = sims.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].line.provider_id == "4");
  CHECK(lines[0].used->bytes() == 2'000'000);
  CHECK(sims.engine.asked().back().url == "https://cdn.emnify.net/api/v1/endpoint/44/stats/daily");
}

TEST_CASE("a day without figures leaves what was used unknown, and is never nothing") {
  const auto used = [](const std::string& stats) {
    Foreign sims("soracom", soracom,
                 {status(200, R"([{"simId":"8942","profiles":{"8942":{"iccid":"8942"}}}])"),
                  status(200, stats)});
    const auto lines = sims.lines();
    REQUIRE(lines.size() == 1);
    return lines[0].used ? lines[0].used->bytes() : -1;
  };
  CHECK(used(R"([{"dataTrafficStatsMap":{"s1.fast":{"uploadByteSizeTotal":1,
                 "downloadByteSizeTotal":2}}}])") == 3);
  CHECK(used("[]") == 0);
  CHECK(used(R"([{"dataTrafficStatsMap":{}}])") == 0);
  CHECK(used(R"([{"dataTrafficStatsMap":null}])") == -1);
  CHECK(used(R"([{"dataTrafficStatsMap":{"s1.fast":{"uploadByteSizeTotal":null,
                 "downloadByteSizeTotal":2}}}])") == -1);
}

TEST_CASE("a SIM of Soracom without profiles has its ICCID where it is told") {
  Foreign sims("soracom", soracom,
               {status(200, R"([{"simId":"s","profiles":null,"activeProfileId":"8942310"}])"),
                status(200, "[]")});
  const auto lines = sims.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].line.iccid == "8942310");
}

TEST_CASE("Particle's list may come in pages, and a wrong code may have another status") {
  Foreign sims(
      "particle", particle,
      {status(200, R"({"sims":[{"_id":"8934"}],"meta":{"total_pages":2}})"),
       status(200, R"({"sims":[{"iccid":"8935"}],"meta":{"total_pages":2}})"),
       status(200, R"({"usage_by_day":[{"mbs_used":1}]})"), status(200, R"({"usage_by_day":[]})")});
  const auto lines = sims.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].line.iccid == "8935");
  CHECK(lines[1].used->bytes() == 0);
  CHECK(sims.engine.asked().at(1).url == "https://api.particle.io/v1/sims?page=2&per_page=100");
  for (const int number : {400, 401, 403}) {
    CAPTURE(number);
    Foreign asks("particle", particle,
                 {status(403, R"({"error":"mfa_required","mfa_token":"m"})"),
                  status(number, R"({"error":"invalid_grant"})")});
    auto result = carriers::sign_in(asks.engine.exchange, asks.scope());
    REQUIRE(std::holds_alternative<Challenge>(result));
    result = carriers::answer(asks.engine.exchange, asks.scope(),
                              std::get<Challenge>(std::move(result)), base::Secret("1"));
    CHECK(std::holds_alternative<WrongCode>(result));
  }
}

TEST_CASE("Mint's tokens may be opaque, and its account that of a tablet") {
  const Values values{
      {"msisdn", "5550100123"}, {"password", "p"}, {"app_token", "t"}, {"app_channel", "c"}};
  Foreign mint("mint", values, {status(200, R"({"accessToken":"opaque","userId":77})")});
  auto session = std::get<Session>(carriers::sign_in(mint.engine.exchange, mint.scope()));
  CHECK(session.ends == test::noon() + std::chrono::minutes(15));
  CHECK_FALSE(carriers::refresh(mint.engine.exchange, mint.scope(), session));
  auto with_session = values;
  with_session["token"] = "opaque";
  with_session["user_id"] = "77";
  Foreign account("mint", with_session,
                  {status(200, R"({"tablet":{"msisdn":"5550100123","plan":{"id":"t5",
                                   "endOfCycle":"1806537600","exp":1806537600}}})"),
                   status(401), status(200, R"({"usageHighSpeedData":"1.5",
                                                "totalHighSpeedData":10,
                                                "remainingHighSpeedData":null})")});
  const auto lines = account.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].plan == "t5");
  CHECK(lines[0].used->bytes() == 1'572'864);
  CHECK(bytes(lines[0].limit) == 10'485'760);
  CHECK(lines[0].remaining->bytes() == 10'485'760 - 1'572'864);
  CHECK(lines[0].cycle->end == base::from_rfc3339("2027-04-01T00:00:00Z"));
}

TEST_CASE("Telnyx may leave out what a SIM has not used yet, and its limit") {
  Foreign sims("telnyx", {{"api_key", "k"}},
               {status(200, R"({"data":[{"id":"a","iccid":null,"eid":null,
                                 "current_billing_period_consumed_data":null,"data_limit":null},
                                {"id":"b","current_billing_period_consumed_data":
                                 {"amount":2049.0,"unit":"MB"},
                                 "data_limit":{"amount":"2.5","unit":"GB"}}],
                                "meta":{"total_pages":1}})")});
  const auto lines = sims.lines();
  REQUIRE(lines.size() == 2);
  CHECK_FALSE(lines[0].used);
  CHECK_FALSE(lines[0].line.iccid);
  CHECK(bytes(lines[0].limit) == -1);
  CHECK(lines[1].used->bytes() == 2'049'000'000);
  CHECK(bytes(lines[1].limit) == 2'500'000'000);
}
