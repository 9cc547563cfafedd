#include "store/accounts.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

constexpr auto no_note = [](const std::string&) {};

store::Account account(const std::string& name) {
  return {.name = name,
          .provider = "soracom",
          .values = {{"email", "a@example.com"}, {"operator_id", "OP1"}},
          .codes = {store::CodeSource::command, store::CodeSource::prompt},
          .command = {"pass", "otp", "so racom"},
          .host = "localhost:8445",
          .ca = "ca.pem",
          .added_at = base::UtcTime(std::chrono::seconds(1'800'000'000))};
}

}  // namespace

TEST_CASE("an account is found again as it was added, and is there once") {
  const test::TemporaryDirectory directory;
  CHECK_FALSE(store::Accounts::there(directory.path()));
  {
    auto accounts = store::Accounts::open(directory.path(), no_note);
    accounts.add(account("work"));
    accounts.add(account("home"));
    CHECK(test::error_code([&] { accounts.add(account("work")); }) == "account.exists");
  }
  CHECK(store::Accounts::there(directory.path()));
  auto accounts = store::Accounts::open_existing(directory.path());
  REQUIRE(accounts.all().size() == 2);
  CHECK(accounts.all().front().name == "home");
  const auto found = accounts.find("work");
  REQUIRE(found);
  CHECK(found->values == account("work").values);
  CHECK(found->codes == account("work").codes);
  CHECK(found->command == account("work").command);
  CHECK(found->host == "localhost:8445");
  CHECK(found->added_at == account("work").added_at);
  CHECK_FALSE(accounts.find("nobody"));
}

TEST_CASE("what attempts leave behind outlives the program, and goes with the account") {
  const test::TemporaryDirectory directory;
  const base::UtcTime later(std::chrono::seconds(1'900'000'000));
  {
    auto accounts = store::Accounts::open(directory.path(), no_note);
    accounts.add(account("work"));
    CHECK(accounts.attempts("work").failures == 0);
    CHECK_FALSE(accounts.attempts("work").last_step);
    accounts.set_attempts("work", {.failures = 3,
                                   .not_before = later,
                                   .credentials_refused = true,
                                   .last_step = 60'000'000,
                                   .known_until = later});
  }
  auto accounts = store::Accounts::open_existing(directory.path());
  const auto attempts = accounts.attempts("work");
  CHECK(attempts.failures == 3);
  CHECK(attempts.not_before == later);
  CHECK(attempts.credentials_refused);
  CHECK(attempts.last_step == 60'000'000);
  CHECK(attempts.known_until == later);
  CHECK(accounts.remove("work"));
  CHECK_FALSE(accounts.remove("work"));
  accounts.add(account("work"));
  CHECK(accounts.attempts("work").failures == 0);
}

TEST_CASE("how an account was asked, and what it is linked to, outlives the program") {
  const test::TemporaryDirectory directory;
  const base::UtcTime then(std::chrono::seconds(1'900'000'000));
  const auto later = then + std::chrono::minutes(1);
  const store::LineLink link{.account = "work", .line = "id:1", .iccid = "8944100000000042176"};
  {
    auto accounts = store::Accounts::open(directory.path(), no_note);
    accounts.add(account("work"));
    CHECK(accounts.asked("work", store::PlanPart::usage) == store::Asked{});
    CHECK_FALSE(accounts.closed_until("work"));
    accounts.set_asked("work", store::PlanPart::usage, {.at = later, .whole = then});
    accounts.set_asked("work", store::PlanPart::balance, {.at = then});
    accounts.set_asked("nobody", store::PlanPart::usage, {.at = then});
    accounts.set_closed_until("work", later);
    const store::LineLink other{.account = "work", .line = "id:2", .iccid = link.iccid};
    accounts.link({{.account = "work", .line = "id:1", .iccid = "890010123456789017"}, other}, {});
    accounts.link({link}, {other});
  }
  auto accounts = store::Accounts::open_existing(directory.path());
  CHECK(accounts.asked("work", store::PlanPart::usage) == store::Asked{.at = later, .whole = then});
  CHECK(accounts.asked("work", store::PlanPart::balance) == store::Asked{.at = then});
  CHECK(accounts.asked("nobody", store::PlanPart::usage) == store::Asked{});
  CHECK(accounts.closed_until("work") == later);
  CHECK(accounts.links() == std::vector{link});
  CHECK_FALSE(accounts.unlink("work", "id:2"));
  accounts.remove("work");
  accounts.add(account("work"));
  CHECK(accounts.links().empty());
  CHECK(accounts.asked("work", store::PlanPart::usage) == store::Asked{});
  CHECK_FALSE(accounts.closed_until("work"));
  accounts.link({link}, {});
  CHECK(accounts.unlink("work", "id:1"));
  CHECK(accounts.links().empty());
}

TEST_CASE("accounts of format 1 are read, and people give a code when their secret does not") {
  const test::TemporaryDirectory directory;
  std::ostringstream text;
  text << std::ifstream(ESIMCTL_TEST_DATA "/store/accounts-1.sql").rdbuf();
  const auto script = text.str();
  REQUIRE_FALSE(script.empty());
  store::Database::open(store::Accounts::file_in(directory.path()),
                        std::vector<std::string_view>{script}, {});
  auto accounts = store::Accounts::open_existing(directory.path());
  const auto home = accounts.find("home");
  REQUIRE(home);
  CHECK(home->codes == std::vector{store::CodeSource::totp, store::CodeSource::prompt});
  CHECK(home->values.at("username") == "a@example.com");
  CHECK(accounts.attempts("home").failures == 2);
  CHECK(accounts.find("work")->codes == std::vector{store::CodeSource::prompt});
  CHECK(accounts.sign_in_state("home") == store::SignInState());
  CHECK(accounts.asked("home", store::PlanPart::usage) == store::Asked{});
  CHECK(accounts.links().empty());
}

TEST_CASE("accounts of format 2 are read, and their lines can be linked to counters") {
  const test::TemporaryDirectory directory;
  std::ostringstream text;
  text << std::ifstream(ESIMCTL_TEST_DATA "/store/accounts-2.sql").rdbuf();
  const auto script = text.str();
  REQUIRE_FALSE(script.empty());
  store::Database::open(store::Accounts::file_in(directory.path()),
                        std::vector<std::string_view>{script, ""}, {});
  auto accounts = store::Accounts::open_existing(directory.path());
  CHECK(accounts.links().size() == 1);
  CHECK(accounts.counters().empty());
  const store::LineCounter made{.account = "home", .line = "id:1", .counter = "wwan0"};
  accounts.link_counter(made);
  accounts.link_counter(made);
  CHECK(accounts.counters() == std::vector{made});
  CHECK(accounts.unlink_counter("home", "id:1"));
  CHECK_FALSE(accounts.unlink_counter("home", "id:1"));
  accounts.link_counter(made);
  accounts.remove("home");
  CHECK(accounts.counters().empty());
}

TEST_CASE("how a sign-in stands outlives the program, and goes with the account") {
  const test::TemporaryDirectory directory;
  const base::UtcTime later(std::chrono::seconds(1'900'000'000));
  const store::SignInState state{
      .signed_in = true,
      .ends = later,
      .pending =
          store::PendingCode{.medium = "sms", .target = "•••0123", .ends = later, .tries_left = 2}};
  {
    auto accounts = store::Accounts::open(directory.path(), no_note);
    accounts.add(account("work"));
    accounts.set_sign_in_state("work", state);
    accounts.set_sign_in_state("nobody", state);
  }
  auto accounts = store::Accounts::open_existing(directory.path());
  CHECK(accounts.sign_in_state("work") == state);
  CHECK(accounts.sign_in_state("nobody") == store::SignInState());
  accounts.set_sign_in_state("work", {});
  CHECK(accounts.sign_in_state("work") == store::SignInState());
  accounts.set_sign_in_state("work", state);
  CHECK(accounts.remove("work"));
  accounts.add(account("work"));
  CHECK(accounts.sign_in_state("work") == store::SignInState());
}

TEST_CASE("sources of codes are words with commas between them") {
  using enum store::CodeSource;
  CHECK(store::code_sources("totp,prompt") == std::vector{totp, prompt});
  CHECK(store::code_sources("command") == std::vector{command});
  for (const auto* text : {"", ",", "totp,", "totp, prompt", "Totp", "totp;prompt"})
    CHECK_FALSE(store::code_sources(text));
}
