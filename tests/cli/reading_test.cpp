#include <algorithm>
#include <chrono>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"
#include "tests/support/served_carrier.hpp"

/// Reading plans: which lines are meant, behind which profiles they are, how often carriers are
/// asked, and what is said of figures that are old.
namespace {

using cli_test::PlanStage;
using namespace std::chrono_literals;
using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The account `work` at Telnyx, with three lines.
struct Telnyx : PlanStage {
  Telnyx() : PlanStage("telnyx") { REQUIRE(add("", "api_key=KEY-simulated\n").code == 0); }
};

/// The account `phone` at Mint, which is one line and has no ICCID.
struct Mint {
  explicit Mint(const PlanStage& stage) {
    const auto added = stage.run(
        "account add mint phone --keep-in file --secrets - --set msisdn=2065550140 --set "
        "app_channel=channel-simulated --host " +
            carrier.address() + " --host-ca " + carrier.ca(),
        "password=correct horse\napp_token=application-simulated\n");
    REQUIRE(added.code == 0);
  }
  test::ServedCarrier carrier{"mint"};
};

Json lines(const cli_test::Result& result) { return Json::parse(result.out).at("lines"); }

/// The plan of a profile in `list --json`.
Json plan(const cli_test::Result& list, const std::string& iccid) {
  const auto document = Json::parse(list.out);
  for (const auto& each : document.at("profiles")) {
    if (each.at("iccid") == iccid) return each.at("plan");
  }
  return "no such profile";
}

void fail(test::ServedCarrier& carrier, std::uint64_t status, const std::string& retry_after = {}) {
  carrier.change([&](sim::CarrierState& state) {
    sim::CarrierFault fault;
    fault.fault = "status";
    fault.status = status;
    fault.retry_after = retry_after;
    state.faults = {fault};
  });
}

void recover(test::ServedCarrier& carrier) {
  carrier.change([](sim::CarrierState& state) { state.faults.clear(); });
}

}  // namespace

TEST_CASE("a line is shown alone by each of its names, and its account alone is asked") {
  Telnyx stage;
  const Mint mint(stage);
  REQUIRE(stage.run("usage").code == 0);
  *stage.setting.now += 2h;
  const auto asked = stage.carrier.requests().size();
  for (const std::string name :
       {"6b14e151-8493-4fa1-8664-1cc4e6d14102", "89012600000000314156", "8901260000000031415",
        "314156", "12065550142", "+1-206-555-0142"}) {
    CAPTURE(name);
    const auto shown = stage.run("usage --json " + name);
    CHECK(shown.code == 0);
    REQUIRE(lines(shown).size() == 1);
    CHECK(lines(shown).at(0).at("msisdn") == "12065550142");
    CHECK(lines(shown).at(0).at("age_seconds") == 0);
  }
  CHECK(stage.carrier.requests().size() > asked);
  const auto before = mint.carrier.requests().size();
  CHECK(lines(stage.run("usage --json phone")).size() == 1);  // an account is one as before
  CHECK(mint.carrier.requests().size() > before);             // counter-run
  CHECK(lines(stage.run("usage --json phone 314156 271823")).size() == 3);
  CHECK(lines(stage.run("usage --json work 314156")).size() == 3);
}

TEST_CASE("a name of no line, or of several, ends with the lines that there are") {
  const Telnyx stage;
  REQUIRE(stage.run("usage").code == 0);
  const auto none = stage.run("usage 4711");
  CHECK(none.code == 3);
  CHECK(none.out.empty());
  CHECK(has(none.err, "“4711” is neither an account nor a line that is known"));
  CHECK(has(none.err, "hint: 89012600000000314156 (“work”)"));
  CHECK(has(stage.run("usage worx").err, "did you mean “work”?"));
  CHECK(stage.run("usage 156").code == 3);  // three digits are no ending
  CHECK(stage.run("balance 314156").code == 3);
  PlanStage same("telnyx");
  same.carrier.change([](sim::CarrierState& state) {
    state.lines.at(0).iccid = "8944100000000314156";  // ends as the second one does
  });
  REQUIRE(same.add("", "api_key=KEY-simulated\n").code == 0);
  REQUIRE(same.run("usage").code == 0);
  const auto two = same.run("usage 314156");
  CHECK(two.code == 3);
  CHECK(has(two.err, "“314156” fits 2 lines"));
  CHECK(same.run("usage 600000000314156").code == 0);  // counter-run
}

TEST_CASE("to find a line, an account that was never read is read") {
  const Telnyx stage;
  const auto found = stage.run("usage --json 314156");
  CHECK(found.code == 0);
  CHECK(lines(found).size() == 1);
  const auto asked = stage.carrier.requests().size();
  CHECK(asked > 0);
  CHECK(stage.run("usage 4711").code == 3);
  CHECK(stage.carrier.requests().size() == asked);  // it was read
}

TEST_CASE("a line that cannot be looked for is told with what was in the way") {
  Telnyx stage;
  fail(stage.carrier, 500);
  const auto result = stage.run("usage 314156");
  CHECK(result.code == 6);
  CHECK(has(result.err, "is no line that is known, and “work” could not be asked"));
}

TEST_CASE("a line without an ICCID is linked to a profile, and the list has its plan there") {
  const Telnyx stage;
  const Mint mint(stage);
  const std::string travel = "89012600000000314156";
  const std::string test_card = "898600B5010023456789";
  const auto unknown = stage.run("--card sim account link phone travel");
  CHECK(unknown.code == 3);
  CHECK(has(unknown.err, "esimctl usage phone"));
  REQUIRE(stage.run("usage").code == 0);
  CHECK(plan(stage.run("--card sim list --json"), travel).at("matched_by") == "iccid");

  const auto linked = stage.run("--card sim account link phone travel --json");
  CHECK(linked.code == 0);
  CHECK(Json::parse(linked.out) == Json{{"version", 1},
                                        {"changed", true},
                                        {"account", "phone"},
                                        {"line", "2065550140"},
                                        {"iccid", travel},
                                        {"interface", nullptr}});
  auto listed = plan(stage.run("--card sim list --json"), travel);
  CHECK(listed.at("matched_by") == "link");
  CHECK(listed.at("account") == "phone");
  CHECK(lines(stage.run("usage --json phone")).at(0).at("linked_iccid") == travel);
  CHECK(has(stage.run("--card sim account link phone Travel").out, "is already behind"));

  // By a whole ICCID without a card; another line takes a profile over.
  CHECK(stage.run("account link 447700900421 " + travel).code == 0);
  listed = plan(stage.run("--card sim list --json"), travel);
  CHECK(listed.at("account") == "work");
  CHECK(listed.at("matched_by") == "link");
  CHECK(lines(stage.run("usage --json phone")).at(0).at("linked_iccid").is_null());
  CHECK(plan(stage.run("--card sim list --json"), "8944100000000042176").is_null());  // its own

  CHECK(has(stage.run("account unlink 447700900421").out, "is linked no more"));
  CHECK(has(stage.run("account unlink 447700900421").out, "was not linked"));
  CHECK(plan(stage.run("--card sim list --json"), travel).at("matched_by") == "iccid");

  CHECK(stage.run("account link work " + travel).code == 3);  // it has three lines
  CHECK(stage.run("account link 4711 " + travel).code == 3);
  CHECK(stage.run("--card sim account link phone nobody").code == 3);
  CHECK(stage.run("account link phone 89012600000000314157").code != 0);  // its check digit
  CHECK(stage.run("--card sim account link phone 测试卡").code == 0);
  CHECK(plan(stage.run("--card sim list --json"), test_card).at("account") == "phone");
  CHECK(stage.run("account remove phone").code == 0);
  CHECK(plan(stage.run("--card sim list --json"), test_card).is_null());
}

TEST_CASE("a number in the nickname of a profile tells which line is behind it") {
  const Telnyx stage;
  const Mint mint(stage);
  REQUIRE(stage.run("usage").code == 0);
  const auto card = "--card sim:" + (stage.directory.path() / "card.json").string();
  const std::string iccid = "898600B5010023456789";
  CHECK(plan(stage.run(card + " list --json"), iccid).is_null());
  REQUIRE(stage.run(card + " rename " + iccid + " Mint+1(206)555-0140").code == 0);
  const auto listed = plan(stage.run(card + " list --json"), iccid);
  CHECK(listed.at("matched_by") == "msisdn");
  CHECK(listed.at("account") == "phone");
}

TEST_CASE("a list asks the carriers when that is wanted, and lists whatever they say") {
  Telnyx stage;
  const Mint mint(stage);
  CHECK(plan(stage.run("--card sim list --json"), "8944100000000042176").is_null());
  CHECK(stage.carrier.requests().empty());
  const auto listed = stage.run("--card sim list --refresh");
  CHECK(listed.code == 0);
  CHECK(has(listed.out, "12.50 USD"));
  CHECK(has(listed.out, "4385000000"));
  const auto asked = stage.carrier.requests().size();
  *stage.setting.now += 1min;
  const auto again = stage.run("--card sim list --refresh");
  CHECK(again.out == listed.out);
  CHECK(stage.carrier.requests().size() == asked);
  CHECK(has(again.err, "Telnyx may be asked again only from 2027-03-15T12:05:00Z"));
  *stage.setting.now += 2h;
  fail(stage.carrier, 500);
  const auto without = stage.run("--card sim list --refresh");
  CHECK(without.code == 0);
  CHECK(without.out == listed.out);
  CHECK(has(without.err, "“work” could not be asked: Telnyx failed"));
  CHECK_FALSE(has(without.err, "“phone”"));
  auto locked = stage.setting;
  locked.credentials_directory.clear();  // nobody has the passphrase
  *locked.now += 2h;
  const auto mute = cli_test::run("--card sim list --refresh", locked);
  CHECK(mute.code == 0);
  CHECK(mute.out == listed.out);
  CHECK(has(mute.err, "no carrier could be asked: nobody is here to type the passphrase"));
}

TEST_CASE("figures that stay older than they may be end with exit code 12, and are shown") {
  Telnyx stage;
  REQUIRE(stage.run("usage").code == 0);
  *stage.setting.now += 2min;
  const auto held = stage.run("usage --max-age 60");
  CHECK(held.code == 12);
  CHECK(has(held.out, "89012600000000314156"));
  CHECK(has(held.err,
            "of “work” and 2 other lines are from 2 minutes ago: Telnyx may be asked again only "
            "from 2027-03-15T12:05:00Z"));
  const auto json = stage.run("usage --max-age 60 --json");
  CHECK(json.code == 12);
  CHECK(lines(json).size() == 3);
  CHECK(Json::parse(json.err).at("error").at("code") == "usage.stale");
  CHECK(stage.run("usage --max-age 120").code == 0);  // it is just as old as it may be
  CHECK(stage.run("usage").code == 0);

  *stage.setting.now += 1h;
  fail(stage.carrier, 500);
  const auto failed = stage.run("usage --max-age 60 314156");
  CHECK(failed.code == 12);
  CHECK(has(failed.err, "89012600000000314156 of “work” is from 1 hour ago: Telnyx failed"));
  CHECK(has(failed.err, "hint: “work” can be asked again from 2027-03-15T13:07:00Z"));
  recover(stage.carrier);
  *stage.setting.now += 6min;
  CHECK(stage.run("usage --max-age 0").code == 0);  // counter-run: it was just asked
}

TEST_CASE("a balance that stays older than it may be ends so as well") {
  Telnyx stage;
  REQUIRE(stage.run("balance").code == 0);
  *stage.setting.now += 2min;
  const auto held = stage.run("balance --max-age 60");
  CHECK(held.code == 12);
  CHECK(has(held.out, "12.50"));
  CHECK(has(held.err, "the balance of “work” is from 2 minutes ago"));
  *stage.setting.now += 1h;
  CHECK(stage.run("balance --max-age 60").code == 0);
}

TEST_CASE("an error goes before figures that are too old") {
  Telnyx stage;
  REQUIRE(stage.run("usage").code == 0);
  REQUIRE(stage
              .run("account add telnyx other --secrets - --host " + stage.carrier.address() +
                       " --host-ca " + stage.carrier.ca(),
                   "api_key=wrong\n")
              .code == 0);
  *stage.setting.now += 2min;
  const auto both = stage.run("usage --max-age 60");
  CHECK(both.code == 4);
  CHECK(stage.run("usage --max-age 60 work").code == 12);
}

TEST_CASE("a carrier that fails is asked no more often than one that answers") {
  Telnyx stage;
  fail(stage.carrier, 500);
  const auto failed = stage.run("usage");
  CHECK(failed.code == 6);
  CHECK(has(failed.err, "hint: “work” can be asked again from 2027-03-15T12:05:00Z"));
  const auto asked = stage.carrier.requests().size();
  CHECK(asked > 0);
  recover(stage.carrier);
  const auto held = stage.run("usage --refresh");
  CHECK(held.code == 6);
  CHECK(has(held.err, "in vain, and may be asked again only from 2027-03-15T12:05"));
  CHECK(stage.carrier.requests().size() == asked);
  *stage.setting.now += 5min;
  CHECK(stage.run("usage").code == 0);
  CHECK(stage.carrier.requests().size() > asked);
}

TEST_CASE("a carrier that wants no more requests gets none before the time that it named") {
  Telnyx stage;
  REQUIRE(stage
              .run("account add telnyx other --secrets - --host " + stage.carrier.address() +
                       " --host-ca " + stage.carrier.ca(),
                   "api_key=KEY-simulated\n")
              .code == 0);
  fail(stage.carrier, 429, "3600");
  const auto limited = stage.run("usage work");
  CHECK(limited.code == 6);
  CHECK(has(limited.err, "takes no more requests now; the next from 2027-03-15T13:00:00Z"));
  recover(stage.carrier);
  const auto asked = stage.carrier.requests().size();
  *stage.setting.now += 59min;
  for (const std::string command : {"usage work", "usage work --refresh", "balance work"}) {
    CAPTURE(command);
    const auto held = stage.run(command);
    CHECK(held.code == 6);
    CHECK(has(held.err, "may be asked again only from 2027-03-15T13:00:00Z"));
  }
  CHECK(stage.carrier.requests().size() == asked);
  CHECK(stage.run("usage other").code == 0);  // it has a throttle of its own
  CHECK(stage.carrier.requests().size() > asked);
  *stage.setting.now += 1min;
  CHECK(stage.run("usage work").code == 0);
  // With figures from before, these are shown with their age.
  *stage.setting.now += 1h;
  fail(stage.carrier, 429, "600");
  CHECK(stage.run("usage work --refresh").code == 0);
  const auto shown = stage.run("usage work --refresh");
  CHECK(shown.code == 0);
  CHECK(
      has(shown.err, "are from 1 hour ago: Telnyx may be asked again only from 2027-03-15T14:10"));
}

TEST_CASE("after a sign-in the user does not wait for the throttle") {
  PlanStage stage("soracom");
  REQUIRE(stage.add_soracom("wrong horse").code == 0);
  CHECK(stage.run("usage").code == 4);
  stage.carrier.change(
      [](sim::CarrierState& state) { state.accounts.at(0).password = "wrong horse"; });
  *stage.setting.now += 30s;  // another code
  stage.carrier.advance(30s);
  stage.setting.tty = true;
  REQUIRE(stage.run("login work", "\n").code == 0);
  stage.setting.tty = false;
  CHECK(stage.run("usage").code == 0);
}

TEST_CASE("a line that an account has no more is shown no more") {
  Telnyx stage;
  REQUIRE(lines(stage.run("usage --json")).size() == 3);
  stage.carrier.change([](sim::CarrierState& state) { state.lines.pop_back(); });
  *stage.setting.now += 1h;
  CHECK(lines(stage.run("usage --json")).size() == 2);
  *stage.setting.now += 1h;
  fail(stage.carrier, 500);  // counter-run: what could not be read is not gone
  CHECK(lines(stage.run("usage --json")).size() == 2);
}

TEST_CASE("a clock that is wrong is told once, with what may fail and what to do") {
  PlanStage stage("particle");
  REQUIRE(stage
              .add("--set client_id=client-simulated --set username=user@example.com",
                   "client_secret=secret-simulated\npassword=correct horse\n"
                   "totp=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n")
              .code == 0);
  stage.carrier.advance(5min);
  const auto login = stage.run("login work");
  CHECK(login.code == 0);  // the code is that of the carrier's time
  CHECK(has(login.err, "the clock of this machine is 5 minutes behind that of Particle"));
  CHECK(has(login.err, "timedatectl"));
  const auto failed = stage.run("login nobody");
  CHECK_FALSE(has(failed.err, "the clock of this machine"));
}

TEST_CASE("of a clock that is wrong, several carriers are no reason to tell twice") {
  Telnyx stage;
  REQUIRE(stage
              .run("account add telnyx other --secrets - --host " + stage.carrier.address() +
                       " --host-ca " + stage.carrier.ca(),
                   "api_key=KEY-simulated\n")
              .code == 0);
  CHECK_FALSE(has(stage.run("usage").err, "the clock of this machine"));
  *stage.setting.now += 10min;
  const auto usage = stage.run("usage --refresh");
  CHECK(usage.code == 0);
  const auto told = usage.err.find("the clock of this machine is 10 minutes ahead of that of");
  REQUIRE(told != std::string::npos);
  CHECK(usage.err.find("the clock of this machine", told + 1) == std::string::npos);
  stage.carrier.advance(20min);
  *stage.setting.now += 10min;
  const auto asked = stage.carrier.requests().size();
  CHECK_FALSE(has(stage.run("usage --refresh").err, "the clock of this machine"));
  CHECK(stage.carrier.requests().size() > asked);
}

TEST_CASE("a balance that was never told is not made up for by lines that were") {
  Telnyx stage;
  CHECK(stage.run("usage").code == 0);
  fail(stage.carrier, 500);
  const auto lost = stage.run("balance");
  CHECK(lost.code == 6);
  CHECK(has(lost.err, "could not be asked"));
  CHECK(stage.run("usage --max-age 100000").code == 0);
}

TEST_CASE("a link without a card names the way that needs none") {
  const Telnyx stage;
  CHECK(stage.run("usage").code == 0);
  const auto refused = stage.run("account link 12065550142 travel");
  CHECK(refused.code == 5);
  CHECK(has(refused.err, "the whole ICCID of the profile needs no card"));
}
