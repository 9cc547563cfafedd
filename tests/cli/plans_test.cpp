#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/bytes.hpp"
#include "base/text.hpp"
#include "sim/carrier_apis.hpp"
#include "store/accounts.hpp"
#include "store/vault_choice.hpp"
#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"
#include "tests/support/served_carrier.hpp"
#include "tests/support/temporary_directory.hpp"

/// Accounts at carriers, from their being added to what is left, with simulated carriers on the
/// loopback.
namespace {

using cli_test::PlanStage;
using cli_test::Setting;
using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string all_files(const std::filesystem::path& directory) {
  std::ostringstream all;
  for (const auto& each : std::filesystem::recursive_directory_iterator(directory)) {
    if (each.is_regular_file()) all << std::ifstream(each.path(), std::ios::binary).rdbuf();
  }
  return all.str();
}

/// Whether a secret is there as it is, or in a usual writing of it.
bool told(const std::string& text, const std::string& secret) {
  const base::ByteView octets(reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size());
  const auto base64 = base::to_base64(octets);
  return has(text, secret) || has(text, base::to_hex(octets)) ||
         has(text, base::lower(base::to_hex(octets))) ||
         has(text, base64.substr(0, base64.size() - 4));
}

}  // namespace

TEST_CASE("an account signs in with a one-time code, and what its lines used is shown and kept") {
  const PlanStage stage("soracom");
  REQUIRE(stage.add_soracom().code == 0);
  CHECK(stage.carrier.requests().empty());
  const auto login = stage.run("login work");
  CHECK(login.code == 0);
  CHECK(has(login.out, "signed in to Soracom"));
  const auto usage = stage.run("usage --json");
  CHECK(usage.code == 0);
  const auto lines = Json::parse(usage.out).at("lines");
  const auto state = stage.carrier.state();
  REQUIRE(lines.size() == state.lines.size());
  CHECK(lines.at(0).at("account") == "work");
  CHECK(lines.at(0).at("used_bytes").is_number());
  CHECK(lines.at(0).at("cycle").at("rule") == "monthly");
  // Inside the throttle nothing is asked, --refresh or not, and the answer is the same.
  const auto before = stage.carrier.requests().size();
  const auto again = Json::parse(stage.run("usage --json --refresh").out).at("lines");
  CHECK(stage.carrier.requests().size() == before);
  CHECK(again.at(0).at("used_bytes") == lines.at(0).at("used_bytes"));
  CHECK(stage.run("logout work").code == 0);
}

TEST_CASE("a wrong password is told, and nothing is tried again until the user wants it") {
  PlanStage stage("soracom");
  REQUIRE(stage.add_soracom("wrong horse").code == 0);
  const auto login = stage.run("login work");
  CHECK(login.code == 4);
  CHECK(has(login.err, "does not take the password or the code"));
  const auto asked = stage.carrier.requests().size();
  const auto usage = stage.run("usage");
  CHECK(usage.code == 4);
  CHECK(has(usage.err, "esimctl login work"));
  CHECK(stage.run("login work").code == 4);  // a script is nobody
  CHECK(stage.carrier.requests().size() == asked);
  stage.setting.tty = true;
  CHECK(stage.run("login work").code == 4);  // counter-run: the user wants it
  CHECK(stage.carrier.requests().size() > asked);
}

TEST_CASE("on a terminal one is asked for what the carrier needs, and no secret is shown") {
  PlanStage stage("particle");
  stage.setting.tty = true;
  const auto added = stage.add_by_hand(
      "client-simulated\nsecret-simulated\nuser@example.com\ncorrect horse\n"
      "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n");
  CHECK(added.code == 0);
  CHECK(has(added.err, "Password:"));
  CHECK(has(added.err, "one-time codes"));
  CHECK_FALSE(told(added.out + added.err, "correct horse"));
  CHECK(stage.run("login work").code == 0);
  CHECK(stage.run("account remove work").code == 0);
  const auto without = stage.add_by_hand("client-simulated\n\n");
  CHECK(without.code == 9);
  CHECK(has(without.err, "no client_secret was given; nothing was changed"));
  CHECK(Json::parse(stage.run("account list --json").out).at("accounts").empty());
}

TEST_CASE("a code that nobody can be asked for is waited for, and answered later") {
  const PlanStage stage("particle");
  REQUIRE(stage
              .add("--set client_id=client-simulated --set username=user@example.com",
                   "client_secret=secret-simulated\npassword=correct horse\n")
              .code == 0);
  CHECK(stage.run("login work").code == 10);
  const auto wrong = stage.run("answer work", "000000\n");
  CHECK(wrong.code == 4);
  CHECK(has(wrong.err, "2 more tries are left"));
  CHECK(stage.run("answer work", stage.carrier.code() + "\n").code == 0);
  CHECK(stage.run("answer work", "123456\n").code == 3);  // no more
  CHECK(Json::parse(stage.run("usage --json").out).at("lines").size() ==
        stage.carrier.state().lines.size());
}

TEST_CASE("where a sign-in would send a message, none is begun that nobody could answer") {
  const PlanStage stage("emnify");
  REQUIRE(stage.add("--set username=user@example.com", "password=correct horse\n").code == 0);
  const auto login = stage.run("login work");
  CHECK(login.code == 4);
  CHECK(has(login.err, "nobody is here to type it"));
  CHECK(stage.carrier.requests().empty());
}

TEST_CASE("no secret is anywhere but in the vault") {
  const PlanStage stage("soracom");
  const auto added = stage.add_soracom();
  const auto login = stage.run("login work -v");
  const auto usage = stage.run("usage -v");
  const auto text = all_files(stage.setting.state_directory) + added.out + added.err + login.out +
                    login.err + usage.out + usage.err + stage.carrier.log();
  const auto token = stage.carrier.state().sessions.at(0).token;
  for (const auto& secret :
       {std::string("correct horse"), token, std::string(PlanStage::passphrase),
        std::string("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")}) {
    CHECK_FALSE(told(text, secret));
    auto leaking = text;
    leaking += secret;
    CHECK(told(leaking, secret));  // it would be seen
  }
  CHECK(has(text, "user@example.com"));
}

TEST_CASE("what a carrier needs and was not given is named, and nothing is kept") {
  const PlanStage stage("soracom");
  const auto result = cli_test::run("account add telnyx", stage.setting);
  CHECK(result.code == 2);
  CHECK(has(result.err, "api_key"));
  CHECK_FALSE(std::filesystem::exists(stage.setting.state_directory));
  CHECK(stage.run("account add soracom work --set password=x").code == 2);
  CHECK(stage.run("account add soracom work --set colour=x").code == 2);
  CHECK(stage.run("account add telnyx --secrets -", "totp=not base32!\napi_key=x\n").code == 2);
  CHECK(stage.run("account add att").code == 7);
  CHECK(has(stage.run("account add att").err, "what works"));
  CHECK(stage.run("account add nobody").code == 3);
  CHECK(stage.run("login work").code == 3);
}

TEST_CASE(
    "an account that could not be asked later is not added, and no place for secrets is chosen") {
  const PlanStage stage("telnyx");
  const auto add = [&](const std::string& certificates, Setting setting) {
    setting.input = "api_key=KEY-simulated\n";
    return cli_test::run("account add telnyx work --keep-in file --secrets - --host " +
                             stage.carrier.address() + " --host-ca " + certificates,
                         setting);
  };
  CHECK(add("/nowhere/ca.pem", stage.setting).code == 2);
  auto alone = stage.setting;
  alone.credentials_directory.clear();
  const auto mute = add(stage.carrier.ca(), alone);
  CHECK(mute.code == 4);
  CHECK(has(mute.err, "nobody is here to type the passphrase"));
  CHECK(has(mute.err, "LoadCredentialEncrypted"));
  CHECK_FALSE(store::chosen_vault(stage.setting.state_directory));
  // A path holds from every directory.
  const auto near = std::filesystem::relative(stage.carrier.ca());
  REQUIRE(add(near.string(), stage.setting).code == 0);
  CHECK(store::chosen_vault(stage.setting.state_directory) == store::VaultKind::file);
  const auto accounts = store::Accounts::open_existing(stage.setting.state_directory).all();
  CHECK(std::filesystem::path(accounts.at(0).ca).is_absolute());
}

TEST_CASE("a session that the carrier has ended is made anew, and the lines are read") {
  PlanStage stage("soracom");
  REQUIRE(stage.add_soracom().code == 0);
  REQUIRE(stage.run("login work").code == 0);
  stage.carrier.change([](sim::CarrierState& state) { state.sessions.clear(); });
  constexpr std::chrono::minutes later{5};  // another step of time
  stage.carrier.advance(later);
  *stage.setting.now += later;
  const auto usage = stage.run("usage");
  CHECK(usage.code == 0);
  CHECK_FALSE(usage.out.empty());
  CHECK(std::ranges::count(stage.carrier.requests(), "POST /v1/auth") == 2);
}

TEST_CASE("a device that gave a code is known to the carrier for as long as it says") {
  const PlanStage stage("emnify");
  REQUIRE(stage
              .add("--set username=user@example.com",
                   "password=correct horse\ntotp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n")
              .code == 0);
  REQUIRE(stage.run("login work").code == 0);
  auto accounts = store::Accounts::open_existing(stage.setting.state_directory);
  CHECK(accounts.attempts("work").known_until == *stage.setting.now + std::chrono::days(90));
}

TEST_CASE("an account that is locked is left alone for a while") {
  PlanStage stage("emnify");
  stage.setting.tty = true;
  REQUIRE(stage.add("--set username=user@example.com", "password=wrong horse\n\n").code == 0);
  for (int attempt = 0; attempt < 2; ++attempt) CHECK(stage.run("login work").code == 4);
  const auto locked = stage.run("login work");
  CHECK(has(locked.err, "has locked the account until"));
  const auto asked = stage.carrier.requests().size();
  // The time that the carrier told, in another run.
  const auto at = locked.err.find("until ") + 6;
  const auto told_end = locked.err.substr(at, 20);
  CHECK(has(stage.run("login work").err, "nothing is tried until " + told_end));
  CHECK(has(stage.run("account list").err, "nothing is tried until " + told_end));
  CHECK(stage.carrier.requests().size() == asked);
  *stage.setting.now += std::chrono::hours(24);  // counter-run
  CHECK(stage.run("login work").code == 4);
  CHECK(stage.carrier.requests().size() > asked);
}

TEST_CASE("the file of a carrier that was changed is not used") {
  PlanStage stage("soracom");
  CHECK(stage.run("carrier show soracom").code == 0);
  const auto changed = stage.directory.path() / "carriers";
  std::filesystem::copy(stage.setting.carriers, changed);
  std::ofstream(changed / "soracom.json", std::ios::app) << " ";
  stage.setting.carriers = changed.string();
  const auto result = stage.run("carrier show soracom");
  CHECK(result.code == 1);
  CHECK(has(result.err, "is not there, or was changed"));
  CHECK(stage.run("carrier show telnyx").code == 0);  // counter-run
}

TEST_CASE("every account that could not be asked is named") {
  const PlanStage stage("telnyx");
  REQUIRE(stage.add("", "api_key=KEY-simulated\n").code == 0);
  for (const std::string name : {"one", "two"})
    REQUIRE(stage.run("account add telnyx " + name + " --secrets -", "api_key=x\n").code == 0);
  const auto usage = stage.run("usage");
  CHECK(usage.code == 6);
  CHECK(has(usage.err, "esimctl: “one” could not be asked"));
  CHECK(has(usage.err, "hint: “two” could not be asked"));
  CHECK(has(usage.out, "work"));
}

TEST_CASE("an account that is removed leaves nothing behind") {
  const PlanStage stage("telnyx");
  REQUIRE(stage.add("", "api_key=KEY-simulated\n").code == 0);
  const auto balance = Json::parse(stage.run("balance --json").out);
  CHECK(balance.at("balances").at(0).at("balance").at("currency") == "USD");
  CHECK(stage.run("account remove work").code == 0);
  CHECK(Json::parse(stage.run("account list --json").out).at("accounts").empty());
  CHECK(Json::parse(stage.run("usage --json").out).at("lines").empty());
  CHECK(stage.add("", "api_key=KEY-simulated\n").code == 0);
}

TEST_CASE("a history that is damaged keeps nobody from listing profiles") {
  const PlanStage stage("telnyx");
  REQUIRE(stage.add("", "api_key=KEY-simulated\n").code == 0);
  REQUIRE(stage.run("usage").code == 0);
  REQUIRE(stage.run("balance").code == 0);
  CHECK(has(stage.run("--card sim list").out, "12.50 USD"));  // counter-run
  const auto file = stage.setting.state_directory + "/history.db";
  std::ofstream(file) << "no database";
  const auto listed = stage.run("--card sim list -v");
  CHECK(listed.code == 0);
  CHECK_FALSE(has(listed.out, "12.50 USD"));
  CHECK(has(listed.err, "what is known of plans cannot be read"));
}

TEST_CASE("a carrier that cannot be reached leaves what is known, with its age") {
  PlanStage stage("telnyx");
  REQUIRE(stage.add("", "api_key=KEY-simulated\n").code == 0);
  REQUIRE(stage.run("usage").code == 0);
  // The figures become older than the throttle, and the carrier fails.
  {
    auto fault = sim::CarrierFault();
    fault.fault = "status";
    fault.status = 500;
    stage.carrier.change([&](sim::CarrierState& state) { state.faults.push_back(fault); });
  }
  *stage.setting.now += std::chrono::hours(1);
  const auto result = stage.run("usage");
  CHECK(result.code == 0);
  CHECK(has(result.err, "could not be asked, what is shown is older"));
  CHECK(has(result.out, "work"));
}
