#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/carriers/contract_account.hpp"

// The providers' files against simulated providers that do something wrong.

using namespace std::chrono_literals;
using test::Account;
using test::all_providers;
using test::ServedCarrier;
using test::with_fault;
using test::with_sign_in;

namespace {

/// Where the use of lines is asked for.
std::string usage_path(const std::string& provider) {
  if (provider == "soracom") return "/v1/stats";
  if (provider == "emnify") return "/api/v1/endpoint";
  if (provider == "particle") return "/v1/sims/";
  if (provider == "telnyx") return "/v2/sim_cards";
  if (provider == "twilio") return "/v1/UsageRecords";
  if (provider == "hologram") return "/api/1/links";
  return "/v2/mint/account";
}

std::size_t count(const ServedCarrier& served, const std::string& begins) {
  std::size_t found = 0;
  for (const auto& each : served.requests()) found += each.starts_with(begins) ? 1U : 0U;
  return found;
}

}  // namespace

TEST_CASE("too many requests and a failing server are told as such") {
  for (const auto& name : all_providers) {
    CAPTURE(name);
    const ServedCarrier busy(with_fault(
        name, {.path = usage_path(name), .fault = "status", .status = 429, .retry_after = "7"}));
    Account account(busy);
    account.open();
    const auto error = test::error_of([&] { account.lines(); });
    REQUIRE(error);
    CHECK(error->code() == "carrier.rate-limited");
    // The clock has moved by what the file wants between requests.
    CHECK(std::string(error->what()).find("; the next from 2027-03-15T12:00:0") !=
          std::string::npos);
    CHECK(count(busy, name == "mint" ? "POST " + usage_path(name) : "GET " + usage_path(name)) ==
          1);
    const ServedCarrier failing(
        with_fault(name, {.path = usage_path(name), .fault = "status", .status = 500}));
    Account other(failing);
    other.open();
    CHECK(other.reading() == "carrier.upstream");
  }
}

TEST_CASE("an answer whose members have other names is a changed one, and no line used nothing") {
  const std::map<std::string, std::string> members{
      {"soracom", "dataTrafficStatsMap"}, {"emnify", "volume"},
      {"particle", "mbs_used"},           {"telnyx", "data"},
      {"twilio", "usage_records"},        {"hologram", "cur_billing_data_used"},
      {"mint", "usageHighSpeedData"}};
  for (const auto& [name, member] : members) {
    for (const std::string fault : {"rename", "replace"}) {
      CAPTURE(name);
      CAPTURE(fault);
      const ServedCarrier served(with_fault(name, {.path = usage_path(name),
                                                   .fault = fault,
                                                   .member = member,
                                                   .becomes = "something-else"}));
      Account account(served);
      account.open();
      std::vector<usage::Snapshot> lines;
      const auto code = test::error_code([&] {
        carriers::read_usage(account.exchange(), account.scope().with(account.session().values),
                             name, [&](usage::Snapshot line) { lines.push_back(std::move(line)); });
      });
      CHECK(code == "carrier.changed");
      CHECK(lines.empty());
    }
  }
}

TEST_CASE("a number that is written as a text is the same number") {
  const ServedCarrier served(
      with_fault("hologram", {.fault = "retype", .member = "cur_billing_data_used"}));
  Account account(served);
  const auto used = account.lines().at(0).used;
  REQUIRE(used);
  CHECK(used->bytes() == static_cast<std::int64_t>(served.state().lines.at(0).used_bytes));
}

TEST_CASE("what is no JSON is a changed answer") {
  for (const auto& name : all_providers) {
    for (const std::string fault : {"empty", "garbage"}) {
      CAPTURE(name);
      CAPTURE(fault);
      const ServedCarrier served(with_fault(name, {.path = usage_path(name), .fault = fault}));
      Account account(served);
      account.open();
      CHECK(account.reading() == "carrier.changed");
    }
  }
}

TEST_CASE("a redirect to another server is not followed, and nothing arrives there") {
  for (const auto& name : all_providers) {
    CAPTURE(name);
    const ServedCarrier other(name);
    const ServedCarrier served(with_fault(
        name,
        {.path = usage_path(name), .fault = "redirect", .location = other.url("/elsewhere")}));
    Account account(served);
    account.open();
    CHECK(account.reading() == "carrier.redirect");
    CHECK(other.connections() == 0);
    CHECK(other.requests().empty());
  }
}

TEST_CASE("a redirect on the provider's own host is followed") {
  ServedCarrier served("telnyx");
  served.change([&](auto& state) {
    state.faults = {{.fault = "redirect", .times = 1, .location = served.url("/v2/sim_cards")}};
  });
  Account account(served);
  CHECK(account.lines().size() == 3);
  CHECK(served.requests().size() == 2);
}

TEST_CASE("a redirect of the sign-in is not followed either") {
  for (const auto& name : with_sign_in) {
    CAPTURE(name);
    const ServedCarrier other(name);
    const ServedCarrier served(with_fault(
        name, {.method = "POST", .fault = "redirect", .location = other.url("/elsewhere")}));
    Account account(served);
    CHECK(test::error_code([&] { account.sign_in(); }) == "carrier.redirect");
    CHECK(served.requests().size() == 1);
    CHECK(other.connections() == 0);
  }
}

TEST_CASE("the provider's clock is known after a request") {
  ServedCarrier served("telnyx");
  served.advance(90s);
  Account account(served);
  account.lines();
  CHECK(account.exchange().ahead() == 90s);
}
