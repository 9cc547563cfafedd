#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include <doctest/doctest.h>

#include "tests/carriers/contract_account.hpp"

// The providers' files against simulated providers that do as documented.

using namespace std::chrono_literals;
using carriers::Challenge;
using carriers::Session;
using carriers::WrongCode;
using test::Account;
using test::all_providers;
using test::ServedCarrier;
using test::variables;
using test::with_fault;
using test::with_sign_in;

TEST_CASE("each provider's lines are what the provider has") {
  for (const auto& name : all_providers) {
    CAPTURE(name);
    const ServedCarrier served(name);
    Account account(served);
    account.open();
    const auto lines = account.lines();
    const auto wanted = served.state().lines;
    REQUIRE(lines.size() == (name == "mint" ? 1 : wanted.size()));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto& got = lines[i];
      REQUIRE(got.used);
      CHECK(got.used->bytes() == static_cast<std::int64_t>(wanted[i].used_bytes));
      CHECK(got.source == name);
      if (name == "mint") {
        CHECK(got.line.msisdn == wanted[i].msisdn);
      } else {
        // emnify leaves the check digit out.
        const auto iccid = name == "emnify" ? wanted[i].iccid.substr(0, wanted[i].iccid.size() - 1)
                                            : wanted[i].iccid;
        CHECK(got.line.iccid == iccid);
        CHECK(got.line.provider_id == wanted[i].id);
      }
      if (name == "emnify" || name == "telnyx") CHECK(got.line.eid == wanted[i].eid);
      if (name == "soracom" || name == "emnify" || name == "telnyx" || name == "hologram") {
        CHECK(got.line.imsi == wanted[i].imsi);
        CHECK(got.line.msisdn == wanted[i].msisdn);
      }
      const bool tells_limit = name == "telnyx" || name == "hologram" || name == "mint";
      if (tells_limit && wanted[i].limit_bytes > 0) {
        REQUIRE(std::holds_alternative<usage::DataSize>(got.limit));
        CHECK(std::get<usage::DataSize>(got.limit).bytes() ==
              static_cast<std::int64_t>(wanted[i].limit_bytes));
      } else {
        CHECK(std::holds_alternative<usage::Unknown>(got.limit));
      }
      if (name != "particle") {
        REQUIRE(got.cycle);
        CHECK(got.cycle->end == base::from_rfc3339(wanted[i].cycle_end));
      }
    }
  }
}

TEST_CASE("the balance is what the provider has") {
  const ServedCarrier served("telnyx");
  Account account(served);
  const auto money = account.balance();
  REQUIRE(money);
  CHECK(money->amount() == served.state().balance.amount);
  CHECK(money->currency() == served.state().balance.currency);
}

TEST_CASE("lists of several pages are read to their end") {
  for (const auto& [name, lines] :
       std::map<std::string, std::size_t>{{"soracom", 101}, {"telnyx", 251}, {"hologram", 1001}}) {
    CAPTURE(name);
    auto state = test::still_carrier(name);
    while (state.lines.size() < lines) {
      auto line = state.lines[2];
      line.id = std::to_string(1000 + state.lines.size());
      line.iccid = "890126000000" + line.id;
      state.lines.push_back(line);
    }
    const ServedCarrier served(state);
    Account account(served);
    account.open();
    const auto got = account.lines();
    REQUIRE(got.size() == lines);
    CHECK(got.back().line.provider_id == state.lines.back().id);
  }
}

TEST_CASE("a wrong password is told, and tried once") {
  for (const auto& name : all_providers) {
    CAPTURE(name);
    const ServedCarrier served(name);
    const bool key = name == "telnyx" || name == "hologram";
    const std::string secret = key ? "api_key" : name == "twilio" ? "auth_token" : "password";
    Account account(served, {{secret, "battery staple"}});
    if (!account.provider().login) {
      CHECK(account.reading() == "carrier.bad-credentials");
    } else if (name == "soracom") {
      // It says the same about a password and a code (developers.soracom.io, MFA).
      auto asked = account.sign_in();
      REQUIRE(std::holds_alternative<Challenge>(asked));
      const auto result = account.answer(std::get<Challenge>(std::move(asked)), account.code());
      CHECK(std::holds_alternative<WrongCode>(result));
      CHECK(served.requests().size() == 2);
      continue;
    } else {
      CHECK(test::error_code([&] { account.sign_in(); }) == "carrier.bad-credentials");
    }
    CHECK(served.requests().size() == 1);
  }
}

TEST_CASE("a wrong code takes a try, and the right one then signs in") {
  for (const auto& name : {"soracom", "emnify", "particle"}) {
    CAPTURE(name);
    const ServedCarrier served(name);
    Account account(served);
    auto asked = account.sign_in();
    REQUIRE(std::holds_alternative<Challenge>(asked));
    auto wrong = account.answer(std::get<Challenge>(std::move(asked)), account.code(100));
    REQUIRE(std::holds_alternative<WrongCode>(wrong));
    auto challenge = std::get<WrongCode>(std::move(wrong)).challenge;
    CHECK(challenge.tries_left == 2);
    CHECK(std::holds_alternative<Session>(account.answer(std::move(challenge), account.code())));
  }
}

TEST_CASE("a code that was taken once is not taken again") {
  for (const auto& name : {"soracom", "particle"}) {
    CAPTURE(name);
    ServedCarrier served(name);
    Account account(served);
    account.open();
    auto asked = account.sign_in();
    REQUIRE(std::holds_alternative<Challenge>(asked));
    auto used = account.answer(std::get<Challenge>(std::move(asked)), account.code());
    REQUIRE(std::holds_alternative<WrongCode>(used));
    account.clock().wait(30s);
    served.advance(30s);
    const auto next =
        account.answer(std::get<WrongCode>(std::move(used)).challenge, account.code());
    CHECK(std::holds_alternative<Session>(next));
  }
}

TEST_CASE("a code that is there already needs no question") {
  for (const auto& name : {"soracom", "emnify", "particle"}) {
    CAPTURE(name);
    const ServedCarrier served(name);
    Account account(served);
    CHECK(std::holds_alternative<Session>(
        carriers::sign_in_with(account.exchange(), account.scope(), account.code())));
    CHECK(served.requests().size() == (std::string(name) == "soracom" ? 1 : 2));
  }
}

TEST_CASE("after three wrong codes emnify locks the account, and says so") {
  const ServedCarrier served("emnify");
  Account account(served);
  auto result = account.sign_in();
  REQUIRE(std::holds_alternative<Challenge>(result));
  auto challenge = std::get<Challenge>(std::move(result));
  for (int i = 0; i < 2; ++i) {
    result = account.answer(std::move(challenge), account.code(100));
    REQUIRE(std::holds_alternative<WrongCode>(result));
    challenge = std::get<WrongCode>(std::move(result)).challenge;
  }
  const auto locked =
      test::error_of([&] { account.answer(std::move(challenge), account.code(100)); });
  REQUIRE(locked);
  CHECK(locked->code() == "carrier.locked");
  CHECK(locked->what() == std::string("emnify has locked the account until 2027-03-15T12:05:00Z"));
  CHECK(test::error_code([&] { account.sign_in(); }) == "carrier.locked");
}

TEST_CASE("emnify knows a device again that gave a code") {
  const ServedCarrier served("emnify");
  Account account(served);
  account.open();
  CHECK(std::holds_alternative<Session>(account.sign_in()));
  Account other(served, {{"fingerprint", "another"}});
  CHECK(std::holds_alternative<Challenge>(other.sign_in()));
}

TEST_CASE("a key of Soracom needs no code") {
  const ServedCarrier served("soracom");
  const auto account = served.state().accounts.front();
  Account given(served);
  const auto key = variables({{"auth_key_id", account.key_id}, {"auth_key", account.key}});
  const auto result = carriers::sign_in(given.exchange(), carriers::Scope().with(key));
  CHECK(std::holds_alternative<Session>(result));
}

TEST_CASE("a session that is over is told, and a new one works") {
  for (const auto& name : with_sign_in) {
    CAPTURE(name);
    ServedCarrier served(name);
    Account account(served);
    account.open();
    CHECK(account.reading() == "none");
    const auto lives = std::chrono::seconds(served.state().settings.token_seconds);
    if (account.session().ends) CHECK(*account.session().ends <= account.clock().utc() + lives);
    served.advance(lives + 1s);
    account.clock().wait(lives + 1s);
    CHECK(account.reading() == "carrier.signed-out");
    account.open();
    CHECK(account.reading() == "none");
  }
}

TEST_CASE("a session is made longer without a password or a code") {
  for (const auto& name : {"emnify", "particle", "mint"}) {
    CAPTURE(name);
    ServedCarrier served(with_fault(name, {.method = "GET", .fault = "expire", .times = 1}));
    Account account(served);
    account.open();
    CHECK(account.reading() == "carrier.signed-out");
    account.refresh();
    CHECK(account.reading() == "none");
    account.refresh();
    CHECK(account.reading() == "none");
  }
}

TEST_CASE("a token for a refresh that was used is refused") {
  const ServedCarrier served("mint");
  Account account(served);
  account.open();
  const std::string old(account.session().values.find("refresh_token")->second.reveal());
  account.refresh();
  account.session().values.insert_or_assign("refresh_token", base::Secret(old));
  CHECK(test::error_code([&] { account.refresh(); }) == "carrier.signed-out");
}

TEST_CASE("a session that was ended is over") {
  const ServedCarrier served("soracom");
  Account account(served);
  account.open();
  carriers::sign_out(account.exchange(), account.scope(), account.session());
  CHECK(account.reading() == "carrier.signed-out");
}

TEST_CASE("another sign-in ends the session of Mint") {
  const ServedCarrier served("mint");
  Account account(served);
  account.open();
  Account app(served);
  app.open();
  CHECK(account.reading() == "carrier.signed-out");
  CHECK(app.reading() == "none");
}
