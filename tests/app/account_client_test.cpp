#include "app/account_client.hpp"

#include <algorithm>
#include <deque>
#include <fstream>
#include <future>
#include <sstream>
#include <utility>

#include <doctest/doctest.h>

#include "app/secrets.hpp"
#include "base/base64.hpp"
#include "base/http_curl.hpp"
#include "carriers/kept.hpp"
#include "carriers/provider_file.hpp"
#include "carriers/reading.hpp"
#include "store/vault_file.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/served_carrier.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace std::chrono_literals;

/// Two processes with one account, as two clients that know nothing of each other.
namespace {

carriers::Provider provider_in(const std::string& path) {
  std::ifstream file(std::string(ESIMCTL_TEST_TOP) + path);
  std::ostringstream text;
  text << file.rdbuf();
  return carriers::read_provider(text.str(), path);
}

carriers::Provider particle() { return provider_in("/carriers/providers/particle.json"); }

/// Somebody who types these codes, and hears what is said.
class People final : public app::Asker {
 public:
  explicit People(std::deque<std::string> codes) : codes_(std::move(codes)) {}
  [[nodiscard]] bool can_ask() const override { return true; }
  std::string text(const std::string& /*question*/) override { return {}; }
  base::Secret secret(const std::string& /*question*/) override { return {}; }
  std::size_t choice(const std::string& /*question*/,
                     std::span<const std::string_view> answers) override {
    return answers.size() - 1;
  }
  std::vector<std::string> program(const std::string& /*question*/) override { return {}; }
  void tell(const std::string& sentence) override { heard += sentence + "\n"; }
  base::Secret code(const std::string& /*account*/,
                    const carriers::Challenge& /*challenge*/) override {
    REQUIRE_FALSE(codes_.empty());
    base::Secret typed(codes_.front());
    codes_.pop_front();
    return typed;
  }
  base::Secret passphrase(store::PassphraseFor /*purpose*/) override { return {}; }

  std::string heard;

 private:
  std::deque<std::string> codes_;
};

/// A token that says when it ends; nobody looks at its signature.
base::Secret token_until(base::UtcTime end) {
  const auto part = [](const std::string& text) {
    auto encoded = base::to_base64(base::Bytes(text.begin(), text.end()));
    encoded.erase(std::min(encoded.find('='), encoded.size()));
    return encoded;
  };
  return base::Secret(part(R"({"alg":"none"})") + "." +
                      part(R"({"exp":)" + std::to_string(end.time_since_epoch().count()) + "}") +
                      ".c2ln");
}

carriers::Variables values(const std::string& name, base::Secret value) {
  carriers::Variables made;
  made.emplace(name, std::move(value));
  return made;
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
            .codes = codes,
            .command = command,
            .host = carrier.address(),
            .ca = carrier.ca(),
            .added_at = {}};
  }
  [[nodiscard]] app::AccountClient client() { return {world, account(), particle(), kept}; }
  [[nodiscard]] std::size_t asked() const { return carrier.requests().size(); }

  std::vector<store::CodeSource> codes{store::CodeSource::totp};
  std::vector<std::string> command{};
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

TEST_CASE("a source of codes that fails, or whose code is refused, is followed by the next one") {
  using enum store::CodeSource;
  const base::Secret other("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
  {
    Stage stage;
    stage.vault.put(app::secret_of("work", "totp"), other);
    stage.codes = {totp, command};
    stage.command = {"printf", stage.carrier.code()};
    stage.client().sign_in(nullptr);
    CHECK(stage.asked() == 3);  // password, a code, another code
  }
  {
    Stage stage;  // counter-run: there is no next one
    stage.vault.put(app::secret_of("work", "totp"), other);
    CHECK(test::error_code([&] { stage.client().sign_in(nullptr); }) == "carrier.wrong-code");
    CHECK(stage.accounts.attempts("work").credentials_refused);
    const auto pending = stage.accounts.sign_in_state("work").pending;
    REQUIRE(pending);
    CHECK(pending->medium == "totp");
    CHECK(pending->tries_left == 2);
    // The challenge stands for whoever has a code.
    stage.client().answer([&] { return base::Secret(stage.carrier.code()); });
    CHECK_FALSE(stage.accounts.sign_in_state("work").pending);
    CHECK(stage.accounts.sign_in_state("work").signed_in);
    CHECK_FALSE(stage.accounts.attempts("work").credentials_refused);
  }
}

TEST_CASE("people are asked where their place in the order is, and only when they are there") {
  using enum store::CodeSource;
  Stage stage;
  stage.codes = {command, prompt};
  stage.command = {"false"};
  const auto waits = test::error_of([&] { stage.client().sign_in(nullptr); });
  REQUIRE(waits);
  CHECK(waits->code() == "carrier.challenge");
  CHECK(waits->hints().front() == "`esimctl answer work` goes on with it");
  CHECK(waits->hints().back().ends_with("“false” ended with exit code 1"));
  People people({"000000", stage.carrier.code()});
  stage.client().sign_in(&people);
  CHECK(people.heard.find("“false” ended with exit code 1") != std::string::npos);
  CHECK(people.heard.find("does not take the code; 2 more tries are left") != std::string::npos);
}

TEST_CASE("a session that was begun in a browser is used until its token ends, and not made anew") {
  Stage stage;
  const auto browser = provider_in("/tests/data/carriers/browser.json");
  const auto account = [&] {
    auto made = stage.account();
    made.host.clear();
    made.ca.clear();
    return made;
  };
  const auto client = [&] {
    return app::AccountClient(stage.world, account(), browser, stage.kept);
  };
  const auto failure = [&] {
    const auto error = test::error_of([&] { client().have_session(nullptr); });
    REQUIRE(error);
    CHECK(error->code() == "carrier.session-over");
    CHECK(error->hints().front().find("esimctl login work --import") != std::string::npos);
    return std::string(error->what());
  };
  CHECK(failure().find("there is no session") != std::string::npos);
  const auto end = stage.clock.utc() + std::chrono::hours(2);
  client().import(values("token", token_until(end)));
  CHECK(stage.accounts.sign_in_state("work").ends == end);
  {
    auto later = client();  // another run
    later.have_session(nullptr);
    CHECK(later.session_ends() == end);
    CHECK(later.scope().find("token")->reveal() == token_until(end).reveal());
  }
  stage.clock.wait(std::chrono::hours(3));
  CHECK(failure().find("ended at " + base::to_rfc3339(end)) != std::string::npos);
  const auto refused = [&](carriers::Variables given) {
    return test::error_code([&] { client().import(std::move(given)); });
  };
  CHECK(refused(values("token", token_until(end))) == "carrier.session-over");
  CHECK(refused(values("colour", base::Secret("x"))) == "account.value");
  CHECK(refused(values("pool", base::Secret("x"))) == "account.missing");
  CHECK(stage.asked() == 0);
  client().import(values("token", base::Secret("opaque")));  // who knows when it ends
  client().have_session(nullptr);
}

TEST_CASE("a key is needed once the connection is there, the values of a sign-in before") {
  for (const auto* const provider : {"telnyx", "particle"}) {
    CAPTURE(provider);
    Stage stage;
    const test::ServedCarrier carrier(provider);
    stage.vault.put(app::secret_of("work", "api_key"), base::Secret("KEY-simulated"));
    const bool with_key = std::string(provider) == "telnyx";
    std::optional<bool> connected;
    const auto open = [&]() -> store::Vault* {
      connected = with_key ? carrier.connected_within(10s) : carrier.connections() > 0;
      return &stage.vault;
    };
    app::KeptSecrets kept(std::async(std::launch::deferred, open).share(), stage.accounts);
    auto account = stage.account();
    account.provider = provider;
    account.host = carrier.address();
    account.ca = carrier.ca();
    app::AccountClient client(stage.world, account,
                              provider_in("/carriers/providers/" + account.provider + ".json"),
                              kept);
    client.have_session(nullptr);
    std::size_t lines = 0;
    carriers::read_usage(client.exchange(), client.scope(), "",
                         [&](const usage::Snapshot&) { ++lines; });
    CHECK(lines > 0);
    CHECK(connected == with_key);
  }
}

TEST_CASE("whoever needs secrets that cannot be opened gets the error") {
  Stage stage;
  const auto closed = []() -> store::Vault* {
    throw base::Error(base::ErrorKind::sign_in, "secrets.wrong-passphrase", "another one");
  };
  app::KeptSecrets kept(std::async(std::launch::deferred, closed).share(), stage.accounts);
  for (int i = 0; i < 2; ++i)
    CHECK(test::error_code([&] { kept.get("any"); }) == "secrets.wrong-passphrase");
  CHECK(kept.attempts("work").failures == 0);
}
