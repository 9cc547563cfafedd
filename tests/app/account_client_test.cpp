#include "app/account_client.hpp"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "app/provider_files.hpp"
#include "app/secrets.hpp"
#include "base/http_curl.hpp"
#include "carriers/kept.hpp"
#include "carriers/provider_file.hpp"
#include "store/vault_file.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/served_carrier.hpp"
#include "tests/support/temporary_directory.hpp"

/// Two processes with one account, as two clients that know nothing of each other.
namespace {

carriers::Provider particle() {
  std::ifstream file(std::string(ESIMCTL_TEST_TOP) + "/carriers/providers/particle.json");
  std::ostringstream text;
  text << file.rdbuf();
  return carriers::read_provider(text.str(), "particle.json");
}

struct Stage {
  Stage()
      : accounts(store::Accounts::open(directory.path(), [](const std::string&) {})),
        vault(
            directory.path(), [](auto) { return base::Secret("passphrase"); }, store::least_cost),
        kept(&vault, accounts) {
    accounts.add(account());
    vault.put(app::secret_of("work", "password"), base::Secret("correct horse"));
    vault.put(app::secret_of("work", "client_secret"), base::Secret("secret-simulated"));
    vault.put(app::secret_of("work", "totp"), base::Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
  }
  [[nodiscard]] store::Account account() const {
    return {.name = "work",
            .provider = "particle",
            .values = {{"client_id", "client-simulated"}, {"username", "user@example.com"}},
            .codes = store::CodeSource::totp,
            .host = carrier.address(),
            .ca = carrier.ca(),
            .added_at = {}};
  }
  [[nodiscard]] app::AccountClient client() { return {world, account(), particle(), kept}; }
  [[nodiscard]] std::size_t asked() const { return carrier.requests().size(); }

  test::TemporaryDirectory directory;
  test::ServedCarrier carrier{"particle"};
  test::ManualClock clock{base::from_rfc3339(carrier.state().now)};
  app::World world{.readers = {},
                   .connect = {},
                   .schemes = {},
                   .clock = clock,
                   .lock_directories = {},
                   .state_directory = directory.path(),
                   .http = [this](base::HttpSettings settings) {
                     return base::curl_client(std::move(settings), clock);
                   }};
  store::Accounts accounts;
  store::FileVault vault;
  app::KeptSecrets kept;
};

}  // namespace

TEST_CASE("a session that another process has made is taken, and none is made again") {
  Stage stage;
  auto first = stage.client();
  auto second = stage.client();  // before there is a session
  first.have_session(nullptr);
  const auto asked = stage.asked();
  CHECK(asked == 2);  // password, code
  second.have_session(nullptr);
  CHECK(stage.asked() == asked);
  // Counter-run: who is told that the session is refused, and finds no other, makes one.
  second.replace_session(nullptr);
  CHECK(stage.asked() > asked);
  // The one that this replaced is known to the first alone, which takes the new one.
  const auto again = stage.asked();
  first.replace_session(nullptr);
  CHECK(stage.asked() == again);
}

TEST_CASE("no step of time is used twice: the second code is that of the next step") {
  Stage stage;
  auto client = stage.client();
  client.sign_in(nullptr);
  const auto first = stage.accounts.attempts("work").last_step;
  REQUIRE(first);
  CHECK(stage.clock.waits() == 0);
  // The carrier's clock stands, so that it may not take the code of a step that is to come.
  static_cast<void>(test::error_code([&] { client.sign_in(nullptr); }));
  CHECK(stage.clock.waits() == 1);
  CHECK(stage.accounts.attempts("work").last_step == *first + 1);
}

TEST_CASE("while another process signs in, nothing is sent") {
  Stage stage;
  auto client = stage.client();
  {
    base::SystemClock machine;
    const auto lock = base::FileLock::acquire(stage.directory.path() / "session.work.lock", machine,
                                              base::Clock::Duration(0));
    REQUIRE(std::holds_alternative<base::FileLock>(lock));
    CHECK(test::error_code([&] { client.have_session(nullptr); }) == "account.busy");
    CHECK(stage.asked() == 0);
  }
  client.have_session(nullptr);
  CHECK(stage.asked() == 2);
}
