#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "sim/carrier_apis.hpp"
#include "tests/cli/plan_stage.hpp"

/// What happens around signing in: how the secrets are opened, codes that are waited for, sessions
/// from elsewhere, devices. Each run is a new one over the same files.
namespace {

using cli_test::PlanStage;
using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Json listed(const PlanStage& stage, std::size_t at = 0) {
  return Json::parse(stage.run("account list --json").out).at("accounts").at(at);
}

std::string code_of(const cli_test::Result& result) {
  return Json::parse(result.err).at("error").at("code");
}

std::size_t sign_ins(const PlanStage& stage) {
  return static_cast<std::size_t>(
      std::ranges::count(stage.carrier.requests(), "POST /api/v1/authenticate"));
}

void pass(PlanStage& stage, std::chrono::minutes time) {
  stage.carrier.advance(time);
  *stage.setting.now += time;
}

const std::string emnify_values = "--set username=user@example.com";
const std::string emnify_secrets =
    "password=correct horse\ntotp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n";
const std::string particle_values =
    "--set client_id=client-simulated --set username=user@example.com";
const std::string particle_secrets = "client_secret=secret-simulated\npassword=correct horse\n";

}  // namespace

TEST_CASE("a new file of secrets is opened by the program that is named for it and was tried") {
  PlanStage stage("telnyx");
  stage.setting.credentials_directory.clear();
  stage.setting.tty = true;
  const auto added = stage.add_by_hand(
      "KEY-simulated\ncorrect-horse\ncorrect-horse\nprogram\nfalse\nprintf wrong\n"
      "printf correct-horse\n");
  CHECK(added.code == 0);
  CHECK(has(added.err, "“false” ended with exit code 1"));
  CHECK(has(added.err, "“printf” prints another passphrase"));
  CHECK(has(added.err, "“printf” opens the file of secrets, and is recorded"));
  const auto file = std::filesystem::path(stage.setting.state_directory) / "vault.command";
  CHECK(std::filesystem::status(file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  stage.setting.tty = false;
  CHECK(stage.run("balance").code == 0);
  CHECK(stage.run("account unlock --test").code == 0);
  const auto shown = Json::parse(stage.run("account unlock --json").out);
  CHECK(shown.at("opened_by") == "command");
  CHECK(shown.at("command") == Json({"printf", "correct-horse"}));
  // What does not open the file does not replace what does.
  CHECK(stage.run("account unlock --command false").code == 4);
  CHECK(stage.run("account unlock --command 'printf wrong'").code == 2);  // a word with a quote
  CHECK(cli_test::run({"account", "unlock", "--command", "printf wrong"}, stage.setting).code == 4);
  CHECK(stage.run("account unlock --test").code == 0);
  // Counter-run: without it somebody has to type.
  CHECK(stage.run("account unlock --none").code == 0);
  const auto mute = stage.run("account unlock --test");
  CHECK(mute.code == 4);
  CHECK(has(mute.err, "nobody is here to type the passphrase"));
}

TEST_CASE(
    "without a terminal a program is named before there are secrets, and its failing is told") {
  PlanStage stage("telnyx");
  stage.setting.credentials_directory.clear();
  const auto program = (stage.directory.path() / "program").string();
  const auto write = [&](const std::string& script) {
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  };
  write("echo correct-horse");
  CHECK(stage.run("account unlock --test").code == 3);
  CHECK(stage.run("account unlock --command " + program).code == 0);
  REQUIRE(stage.add("", "api_key=KEY-simulated\n").code == 0);
  CHECK(stage.run("balance").code == 0);
  stage.setting.tty = true;
  for (const auto* script : {"exit 3", "echo wrong"}) {
    write(script);
    pass(stage, std::chrono::hours(1));  // what is known is older than the throttle
    const auto failed = stage.run("balance --max-age 0", "correct-horse\n");
    CHECK(failed.code == 4);
    CHECK(has(failed.err, "account unlock --command PROGRAM"));
    CHECK_FALSE(has(failed.err, "Passphrase of"));  // nobody is asked instead
  }
}

TEST_CASE("a code that is waited for is shown, answered without naming the account, and gone") {
  const PlanStage stage("particle");
  REQUIRE(stage.add(particle_values, particle_secrets).code == 0);
  CHECK(listed(stage).at("state") == "signed-out");
  const auto login = stage.run("login work --json");
  CHECK(login.code == 10);
  CHECK(code_of(login) == "carrier.challenge");
  const auto pending = Json::parse(login.out).at("pending");
  CHECK(pending.at("id") == "work");
  CHECK(pending.at("medium") == "totp");
  CHECK(pending.at("tries_left") == 3);
  CHECK(listed(stage).at("state") == "code-pending");
  CHECK(listed(stage).at("pending") == pending);
  const auto wrong = stage.run("answer --json", "000000\n");
  CHECK(wrong.code == 4);
  CHECK(Json::parse(wrong.out).at("pending").at("tries_left") == 2);
  CHECK(stage.run("answer", stage.carrier.code() + "\n").code == 0);
  CHECK(listed(stage).at("pending").is_null());
  const auto none = stage.run("answer --json", "123456\n");
  CHECK(none.code == 3);
  CHECK(code_of(none) == "carrier.no-challenge");
}

TEST_CASE("of several accounts that wait for a code, one has to be named") {
  PlanStage stage("particle");
  REQUIRE(stage.add(particle_values, particle_secrets).code == 0);
  REQUIRE(stage
              .run("account add particle home --secrets - --host " + stage.carrier.address() +
                       " --host-ca " + stage.carrier.ca() + " " + particle_values,
                   particle_secrets)
              .code == 0);
  CHECK(stage.run("login work").code == 10);
  CHECK(stage.run("login home").code == 10);
  const auto several = stage.run("answer", "123456\n");
  CHECK(several.code == 3);
  CHECK(has(several.err, "hint: `esimctl answer home`"));
  CHECK(has(several.err, "hint: `esimctl answer work`"));
  CHECK(stage.run("answer work", stage.carrier.code() + "\n").code == 0);
  pass(stage, std::chrono::minutes(1));                               // no code is taken twice
  CHECK(stage.run("answer", stage.carrier.code() + "\n").code == 0);  // the other one
}

TEST_CASE("a code that comes too late is told so before it is typed") {
  PlanStage stage("emnify");
  REQUIRE(stage
              .add(emnify_values + " --codes command,prompt --code-command false",
                   "password=correct horse\n")
              .code == 0);
  const auto login = stage.run("login work");
  CHECK(login.code == 10);
  CHECK(has(login.err, "until "));
  pass(stage, std::chrono::minutes(6));
  CHECK(listed(stage).at("state") == "code-expired");
  CHECK(has(stage.run("account list").err, "did not come in time; `esimctl login work`"));
  const auto asked = stage.carrier.requests().size();
  const auto late = stage.run("answer", "123456\n");
  CHECK(late.code == 4);
  CHECK(has(late.err, "its time is over"));
  CHECK(has(late.err, "esimctl login work"));
  CHECK(stage.carrier.requests().size() == asked);
  CHECK(listed(stage).at("state") == "signed-out");
}

TEST_CASE("a device stays known after a sign-out, unless it is to be forgotten") {
  PlanStage stage("emnify");
  REQUIRE(stage.add(emnify_values, emnify_secrets).code == 0);
  REQUIRE(stage.run("login work").code == 0);
  CHECK(sign_ins(stage) == 2);  // password, code
  CHECK(listed(stage).at("state") == "signed-in");
  REQUIRE(stage.run("logout work").code == 0);
  CHECK(listed(stage).at("state") == "signed-out");
  REQUIRE(stage.run("login work").code == 0);
  CHECK(sign_ins(stage) == 3);  // no code
  const auto out = stage.run("logout work --forget-device");
  CHECK(out.code == 0);
  CHECK(has(out.out, "this device is forgotten"));
  pass(stage, std::chrono::minutes(5));
  REQUIRE(stage.run("login work").code == 0);
  CHECK(sign_ins(stage) == 5);  // with a code again
}

TEST_CASE("a session from elsewhere is taken from standard input, and an old one is refused") {
  PlanStage stage("emnify");
  REQUIRE(stage.add(emnify_values, emnify_secrets).code == 0);
  REQUIRE(stage.run("login work").code == 0);
  const auto sessions = stage.carrier.state().sessions;
  const auto access =
      std::ranges::find(sessions, std::string("access"), &sim::CarrierSession::kind);
  REQUIRE(access != sessions.end());
  REQUIRE(stage
              .run("account add emnify other --secrets - --host " + stage.carrier.address() +
                       " --host-ca " + stage.carrier.ca() + " " + emnify_values,
                   "password=wrong horse\n")
              .code == 0);
  const auto before = sign_ins(stage);
  const auto taken = stage.run("login other --import --json", "Bearer " + access->token + "\n");
  CHECK(taken.code == 0);
  CHECK_FALSE(has(taken.out + taken.err, access->token));
  CHECK(Json::parse(taken.out).at("session_ends_at").is_string());
  const auto usage = stage.run("usage other");
  CHECK(usage.code == 0);
  CHECK(has(usage.out, "other"));
  CHECK(sign_ins(stage) == before);
  CHECK(stage.run("login other --import", "auth_token=" + access->token + "\n").code == 0);
  CHECK(stage.run("login other --import", "colour=red\nauth_token=x\n").code == 2);
  CHECK(stage.run("login other --import", "\n").code == 2);
  pass(stage, std::chrono::hours(48));
  const auto old = stage.run("login other --import --json", access->token + "\n");
  CHECK(old.code == 4);
  CHECK(code_of(old) == "carrier.session-over");
}

TEST_CASE("a key that was refused is not tried again by usage, and typed anew on a terminal") {
  PlanStage stage("telnyx");
  REQUIRE(stage.add("", "api_key=KEY-wrong\n").code == 0);
  CHECK(listed(stage).at("state") == "key");
  CHECK(stage.run("usage").code == 4);
  CHECK(listed(stage).at("state") == "stopped");
  const auto asked = stage.carrier.requests().size();
  for (const auto* command : {"usage", "balance", "login work"}) {
    const auto stopped = stage.run(command);
    CHECK(stopped.code == 4);
    CHECK(has(stopped.err, "nothing is tried until you do"));
    CHECK(has(stopped.err, "esimctl login work"));
  }
  CHECK(stage.carrier.requests().size() == asked);
  stage.setting.tty = true;
  CHECK(stage.run("login work", "KEY-simulated\n").code == 0);
  CHECK(stage.run("usage").code == 0);
  CHECK(stage.carrier.requests().size() > asked);
}

TEST_CASE("the order of sources of codes is what was said, and has to fit what is given") {
  const PlanStage stage("soracom");
  const auto add = [&](const std::string& more, const std::string& secrets) {
    return stage.add("--set email=user@example.com " + more, "password=x\n" + secrets);
  };
  const std::string totp = "totp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n";
  CHECK(add("--codes phone", "").code == 2);
  CHECK(add("--codes totp,", totp).code == 2);
  CHECK(add("--codes totp,totp", totp).code == 2);
  CHECK(add("--codes totp", "").code == 2);
  CHECK(add("--codes prompt", totp).code == 2);
  CHECK(add("--codes command,prompt", "").code == 2);
  CHECK(add("--code-command false --codes command,totp", totp).code == 0);
  CHECK(listed(stage).at("code_sources") == Json({"command", "totp"}));
  CHECK(listed(stage).at("codes") == "command");
  REQUIRE(stage.run("account remove work").code == 0);
  CHECK(add("--code-command false", totp).code == 0);
  CHECK(listed(stage).at("code_sources") == Json({"totp", "command", "prompt"}));
}
