#include "store/accounts.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

constexpr auto no_note = [](const std::string&) {};

store::Account account(const std::string& name) {
  return {.name = name,
          .provider = "soracom",
          .values = {{"email", "a@example.com"}, {"operator_id", "OP1"}},
          .codes = store::CodeSource::command,
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
  CHECK(found->codes == store::CodeSource::command);
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
