#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/read_file.hpp"
#include "sim/carrier_apis.hpp"
#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"

/// Files of carriers of a user's own: tried, trusted, used.
namespace {

using cli_test::PlanStage;
using cli_test::Result;
using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr auto totp = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const std::string particle_values =
    " --set client_id=client-simulated --set username=user@example.com";
const std::string particle_secrets =
    "client_secret=secret-simulated\npassword=correct horse\ntotp=" + std::string(totp) + "\n";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string text_of(const fs::path& file) {
  return base::read_file(file, 1UL << 20U).value_or("none");
}

/// The template of docs/adding-a-carrier.md, which is written for a carrier like Particle.
std::string documented() {
  const auto page = text_of(fs::path(ESIMCTL_TEST_TOP) / "docs/adding-a-carrier.md");
  const std::string begin = "```json example.json\n";
  const auto at = page.find(begin);
  REQUIRE(at != std::string::npos);
  return page.substr(at + begin.size(), page.find("```", at + begin.size()) - at - begin.size());
}

/// A stage with a file `FILE` of the user's, which is not in its place yet.
struct Files : PlanStage {
  explicit Files(const std::string& provider = "particle") : PlanStage(provider) {}

  [[nodiscard]] fs::path file() const { return directory.path() / "mine.json"; }
  [[nodiscard]] fs::path place(const std::string& name = "example") const {
    return fs::path(setting.own_carriers) / (name + ".json");
  }
  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  }
  [[nodiscard]] Result trust(const fs::path& file) const {
    return run("carrier trust --yes " + file.string());
  }
  /// What the list has of a carrier; null when it is not there.
  [[nodiscard]] Json listed(const std::string& wanted = "example") const {
    const auto all = Json::parse(run("carrier list --json").out).at("carriers");
    for (const auto& each : all)
      if (each.at("id") == wanted) return each;
    return {};
  }
  /// Another step of time, since each code is taken once.
  void later() {
    constexpr std::chrono::minutes by{5};
    carrier.advance(by);
    *setting.now += by;
  }
  /// Tries the file against the simulated carrier.
  [[nodiscard]] Result attempt(const std::string& options, const std::string& secrets) {
    later();
    return run("carrier try " + file().string() + " --against https://" + carrier.address() +
                   " --host-ca " + carrier.ca() + " --secrets - " + options,
               secrets);
  }
  [[nodiscard]] Result add_example() const {
    return run("account add example work --keep-in file --secrets - --host " + carrier.address() +
                   " --host-ca " + carrier.ca() + particle_values,
               particle_secrets);
  }
};

std::string shipped(const std::string& provider) {
  return text_of(fs::path(ESIMCTL_TEST_TOP) / "carriers/providers" / (provider + ".json"));
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a file of one's own is used once it is trusted, and no longer when it has changed") {
  Files stage;
  Files::write(stage.file(), documented());
  CHECK(stage.run("account add example").code == 3);
  const auto asked = stage.run("carrier trust " + stage.file().string());
  CHECK(asked.code == 9);
  CHECK_FALSE(fs::exists(stage.place()));
  CHECK_FALSE(fs::exists(stage.setting.state_directory));

  const auto trusted = stage.trust(stage.file());
  CHECK(trusted.code == 0);
  CHECK(has(trusted.out, "talks to: api.example.com"));
  CHECK(has(trusted.out, "client_secret (OAuth client secret, secret)"));
  CHECK(text_of(stage.place()) == documented());
  CHECK(fs::status(stage.place()).permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(stage.listed().at("origin") == "own");
  CHECK(stage.listed().at("trusted") == true);
  CHECK(stage.listed("particle").at("origin") == "esimctl");
  REQUIRE(stage.add_example().code == 0);
  const auto usage = stage.run("usage --json");
  CHECK(usage.code == 0);
  CHECK(Json::parse(usage.out).at("lines").size() == stage.carrier.state().lines.size());

  const auto before = stage.carrier.requests().size();
  Files::write(stage.place(), changed(documented(), "\"api.example.com\"", "\"evil.example.com\""));
  CHECK(stage.run("usage").code == 2);
  Files::write(stage.place(), documented() + "\n");
  const auto refused = stage.run("login work");
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "has changed since you trusted it"));
  CHECK(has(refused.err, "esimctl carrier trust " + stage.place().string()));
  CHECK(stage.carrier.requests().size() == before);
  CHECK(stage.listed().at("trusted") == false);
  CHECK(stage.run("carrier show example").code == 0);
  CHECK(stage.trust(stage.place()).code == 0);
  stage.later();
  CHECK(stage.run("login work").code == 0);

  const auto again = Json::parse(
      stage.run("carrier trust --json " + stage.place().string()).out);  // nothing to ask
  CHECK(again.at("changed") == false);
  CHECK(Json::parse(stage.run("carrier untrust example --json").out).at("changed") == true);
  CHECK(Json::parse(stage.run("carrier untrust example --json").out).at("changed") == false);
  CHECK(stage.run("login work").code == 2);
  CHECK(fs::exists(stage.place()));
  CHECK(stage.run("carrier untrust nobody").code == 3);
  CHECK(stage.run("carrier untrust ../example").code == 3);
  CHECK(stage.run("carrier untrust soracom").code == 2);
}

TEST_CASE("before a file is trusted, its hosts and values are shown and one is asked") {
  Files stage;
  Files::write(stage.file(), documented());
  stage.setting.tty = true;
  const auto no = stage.run("carrier trust " + stage.file().string(), "no\n");
  CHECK(no.code == 9);
  CHECK(has(no.err, "Example Mobile (example)"));
  CHECK(has(no.err, "talks to: api.example.com"));
  CHECK(has(no.err, "password (Password, secret)"));
  CHECK(has(no.err, "username (E-mail address)"));
  CHECK_FALSE(fs::exists(stage.place()));
  CHECK(stage.run("carrier trust " + stage.file().string(), "yes\n").code == 0);
  // One that takes the place of another says so.
  Files::write(stage.file(), documented() + "\n");
  const auto other = stage.run("carrier trust " + stage.file().string(), "no\n");
  CHECK(has(other.err, "in place of the one that is there"));
  CHECK(text_of(stage.place()) == documented());
}

TEST_CASE("a file that others could have written, or that stands for another carrier, is refused") {
  Files stage;
  Files::write(stage.file(), documented());
  fs::permissions(stage.file(), fs::perms::group_write, fs::perm_options::add);
  const auto exposed = stage.trust(stage.file());
  CHECK(exposed.code == 2);
  CHECK(has(exposed.err, "others may write it"));
  CHECK(has(exposed.err, "chmod go-w"));
  fs::permissions(stage.file(), fs::perms::group_write, fs::perm_options::remove);
  const auto link = stage.directory.path() / "link.json";
  fs::create_symlink(stage.file(), link);
  CHECK(has(stage.trust(link).err, "symbolic link"));
  CHECK(has(stage.trust(stage.directory.path()).err, "cannot read"));
  CHECK_FALSE(fs::exists(stage.place()));

  Files::write(stage.file(), changed(documented(), R"("id": "example")", R"("id": "soracom")"));
  const auto disguised = stage.trust(stage.file());
  CHECK(disguised.code == 2);
  CHECK(has(disguised.err, "esimctl comes with a carrier “soracom”"));
  Files::write(stage.file(), changed(documented(), R"("unit": "MB")", R"("unit": "Mb")"));
  const auto wrong = stage.trust(stage.file());
  CHECK(wrong.code == 2);
  CHECK(has(wrong.err, "/usage/used/unit: is no unit"));

  // Trusted once, it must not become writable either.
  Files::write(stage.file(), documented());
  REQUIRE(stage.trust(stage.file()).code == 0);
  REQUIRE(stage.run("carrier show example").code == 0);
  fs::permissions(stage.place(), fs::perms::others_write, fs::perm_options::add);
  CHECK(stage.add_example().code == 2);
}

TEST_CASE("a broken file of one's own does not break the list") {
  Files stage;
  Files::write(stage.place("broken"), "{");
  Files::write(stage.place("soracom"), shipped("soracom"));
  Files::write(stage.place("other"), documented());
  Files::write(fs::path(stage.setting.own_carriers) / "notes.txt", "");
  const auto list = stage.run("carrier list");
  CHECK(list.code == 0);
  CHECK(has(list.out, "soracom\tSoracom (global coverage)"));
  CHECK(has(list.err, "broken.json: is not a JSON object"));
  CHECK(has(list.err, "soracom.json is not used"));
  CHECK(has(list.err, "other.json: /id: is “example”"));
  CHECK_FALSE(has(list.err, "notes"));
  CHECK(Json::parse(stage.run("carrier list --json").out).at("errors").size() == 3);
  CHECK(stage.listed("soracom").at("origin") == "esimctl");
  CHECK(stage.run("carrier show broken").code == 2);
  CHECK(stage.run("account add other").code == 2);
  // What needs no carrier does not look at them.
  CHECK(stage.run("account list").err.find("broken") == std::string::npos);
}

TEST_CASE("the template of the documentation is whole: it is taken, and read to the end") {
  Files stage;
  Files::write(stage.file(), documented());
  CHECK(stage.run("carrier check " + stage.file().string()).code == 0);
  const auto tried = stage.attempt("--json" + particle_values, particle_secrets);
  CHECK(tried.code == 0);
  const auto made = Json::parse(tried.out);
  CHECK(made.at("errors").empty());
  const auto& requests = made.at("requests");
  CHECK(requests.at(0).at("status") == 403);
  CHECK(requests.at(0).at("taken") == Json::parse(R"([{"name":"mfa_token","value":null}])"));
  CHECK(requests.at(1).at("status") == 200);
  CHECK(requests.at(2).at("address") == stage.carrier.address() + "/v1/sims");
  const auto lines = stage.carrier.state().lines;
  REQUIRE(made.at("lines").size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CHECK(made.at("lines").at(i).at("iccid") == lines[i].iccid);
    CHECK(made.at("lines").at(i).at("used_bytes") == lines[i].used_bytes);
  }
  CHECK(requests.at(2).at("taken").size() == lines.size());
  CHECK(requests.at(3).at("taken").at(0).at("name") == "used");
  // Nothing is kept, and nothing secret is shown.
  CHECK_FALSE(fs::exists(stage.setting.state_directory));
  CHECK_FALSE(fs::exists(stage.setting.own_carriers));
  const auto shown = tried.out + tried.err + stage.attempt(particle_values, particle_secrets).out;
  for (const auto& session : stage.carrier.state().sessions) CHECK_FALSE(has(shown, session.token));
  for (const auto* secret : {"correct horse", "secret-simulated", totp})
    CHECK_FALSE(has(shown, secret));
  CHECK(has(shown, "client-simulated") == false);
}

TEST_CASE("a file is tried with its sign-in, its lines and its balance") {
  for (const std::string provider : {"soracom", "telnyx", "hologram", "twilio"}) {
    CAPTURE(provider);
    Files stage(provider);
    Files::write(stage.file(), shipped(provider));
    const auto account = stage.carrier.state().accounts.front();
    const auto values = provider == "soracom"  ? " --set email=" + account.user
                        : provider == "twilio" ? " --set account_sid=" + account.user
                                               : std::string();
    const auto secrets = provider == "soracom"
                             ? "password=" + account.password + "\ntotp=" + totp + "\n"
                         : provider == "twilio" ? "auth_token=" + account.password + "\n"
                                                : "api_key=" + account.password + "\n";
    const auto tried = stage.attempt("--json" + values, secrets);
    CHECK(tried.code == 0);
    const auto made = Json::parse(tried.out);
    CHECK(made.at("lines").size() == stage.carrier.state().lines.size());
    CHECK(made.at("balance").is_object() == (provider == "telnyx"));
    const auto& requests = made.at("requests");
    REQUIRE_FALSE(requests.empty());
    // A session that was begun is ended.
    if (provider == "soracom")
      CHECK(has(requests.back().at("address").get<std::string>(), "/auth/logout"));
    const auto text = stage.attempt(values, secrets);
    CHECK(text.code == 0);
    CHECK(has(text.out, "GET\t200\t" + stage.carrier.address()));
    CHECK_FALSE(has(tried.out + tried.err + text.out + text.err, account.password));
  }
}

TEST_CASE("a wrong password is told by who tries a file, and tried once") {
  Files stage;
  Files::write(stage.file(), documented());
  const auto tried = stage.attempt("--json" + particle_values,
                                   "client_secret=secret-simulated\npassword=battery staple\n");
  CHECK(tried.code == 4);
  CHECK(has(tried.err, "carrier.bad-credentials"));
  CHECK(Json::parse(tried.out).at("requests").size() == 1);
  CHECK(Json::parse(tried.out).at("errors").at(0).at("part") == "sign-in");
  CHECK(stage.carrier.requests().size() == 1);
  // Without the secret for codes, and without anybody to type one.
  const auto mute = stage.attempt(particle_values.substr(1),
                                  "client_secret=secret-simulated\npassword=correct horse\n");
  CHECK(mute.code == 9);
  CHECK(has(mute.err, "a line `totp=…`"));
  const auto other = stage.attempt(
      particle_values.substr(1),
      "client_secret=secret-simulated\npassword=correct horse\ntotp=MFRGGZDFMZTWQ2LKNNWG23TPOA\n");
  CHECK(other.code == 4);
  CHECK(has(other.err, "it does not take this one"));
}

TEST_CASE("on a terminal the code is asked for") {
  Files stage;
  Files::write(stage.file(), documented());
  stage.setting.tty = true;
  const auto tried =
      stage.run("carrier try " + stage.file().string() + " --against https://" +
                    stage.carrier.address() + " --host-ca " + stage.carrier.ca(),
                "client-simulated\nsecret-simulated\nuser@example.com\ncorrect horse\n\n" +
                    stage.carrier.code() + "\n");
  CHECK(tried.code == 0);
  CHECK(has(tried.err, "Code for “Example Mobile”"));
  CHECK(has(tried.out, "200"));
}

TEST_CASE("a field that is not found is told with its place, and what is there instead") {
  Files stage;
  Files::write(stage.file(), changed(documented(), "mbs_used", "megabytes"));
  const auto tried = stage.attempt(particle_values.substr(1), particle_secrets);
  CHECK(tried.code == 6);
  CHECK(has(tried.err, "nothing at /usage_by_day/*/megabytes"));
  CHECK(has(tried.err, "/usage_by_day/* is an object with date (a text), mbs_used (a number)"));
  CHECK(has(tried.err, "reading line 1 of the list"));
  const auto drift = stage.attempt("--json" + particle_values, particle_secrets);
  const auto error = Json::parse(drift.err).at("error");
  CHECK(error.at("code") == "carrier.changed");
  CHECK(error.at("steps").size() == 2);
  // What may be missing is no error.
  auto optional = Json::parse(documented());
  optional["usage"]["limit"] = {{"at", "/quota/mb"}, {"unit", "MB"}, {"optional", true}};
  Files::write(stage.file(), optional.dump());
  const auto missing = stage.attempt("--json" + particle_values, particle_secrets);
  CHECK(missing.code == 0);
  CHECK(Json::parse(missing.out).at("missing") ==
        Json::parse(R"([{"name":"limit","places":["/quota/mb"]}])"));
  CHECK(has(stage.attempt(particle_values.substr(1), particle_secrets).out,
            "not found: limit, looked for at /quota/mb"));
  // The wrong kind of value has a place as well.
  Files::write(stage.file(),
               changed(documented(), "/usage_by_day/*/mbs_used\"", "/usage_by_day/*/date\""));
  const auto kind = stage.attempt(particle_values.substr(1), particle_secrets);
  CHECK(kind.code == 6);
  CHECK(has(kind.err, "reading /usage_by_day/*/date"));
}

TEST_CASE("a file is tried against https alone, and only that server is asked") {
  Files stage;
  Files::write(stage.file(), documented());
  for (const std::string url :
       {"http://localhost:1", "localhost:1", "https://", "https://user@localhost:1",
        "https://localhost:1/path", "https://localhost:1?x", "ftp://localhost:1"}) {
    CAPTURE(url);
    auto command = "carrier try " + stage.file().string();
    command += " --against " + url + " --secrets -";
    command += particle_values;
    const auto tried = stage.run(command, particle_secrets);
    CHECK(tried.code == 2);
    CHECK(has(tried.err, "https://HOST:PORT"));
  }
  // A slash, and capital letters, are the same server.
  auto upper = stage.carrier.address();
  std::ranges::replace(upper, 'l', 'L');
  CHECK(stage
            .run("carrier try " + stage.file().string() + " --against https://" + upper +
                     "/ --host-ca " + stage.carrier.ca() + " --secrets -" + particle_values,
                 particle_secrets)
            .code == 0);
  Files::write(stage.file(), shipped("att"));
  CHECK(stage.attempt("", "").code == 7);
  CHECK(stage.run("carrier try /nowhere.json --against https://localhost:1").code == 2);
}
