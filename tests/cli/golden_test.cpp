#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "sim/state.hpp"
#include "store/journal.hpp"
#include "tests/cli/golden_file.hpp"
#include "tests/cli/harness.hpp"
#include "tests/cli/plan_stage.hpp"
#include "tests/support/pending_notification.hpp"
#include "tests/support/served_smdp.hpp"
#include "tests/support/served_smds.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

/// What commands print, word for word. `ESIMCTL_ACCEPT=1` writes the files anew; read the
/// difference before it is committed: JSON, exit codes and the columns of plain text are promises
/// (docs/json.md).
namespace {

using cli_test::compare;
using cli_test::read;
using cli_test::Result;
using cli_test::Setting;

std::string transcript(const std::string& line, const Setting& setting) {
  const auto result = cli_test::run(line, setting);
  return "$ esimctl " + line + "\n" + result.out + "--- stderr\n" + result.err + "--- exit " +
         std::to_string(result.code) + "\n";
}

struct Case {
  std::string name;
  std::string line;
};

const std::vector<Case>& text_cases() {
  static const std::vector<Case> cases{
      {"cards", "--card sim cards"},
      {"info", "--card sim info"},
      {"list", "--card sim list"},
      {"list-columns", "--card sim list --columns state,iccid,owner"},
      {"show", "--card sim show travel"},
      {"show-rules", "--card sim show 9017"},
      {"enable", "--card sim enable travel"},
      {"enable-enabled", "--card sim enable home"},
      {"enable-test-profile", "--card sim enable 6789"},
      {"enable-test-mode", "--card sim enable 6789 --test-mode"},
      {"disable", "--card sim disable home"},
      {"disable-disabled", "--card sim disable travel"},
      {"disable-quiet", "--card sim disable home -q"},
      {"rename", "--card sim rename travel Reise"},
      {"rename-same", "--card sim rename travel Travel"},
      {"delete", "--card sim delete travel --yes"},
      {"delete-test-profile", "--card sim delete 6789 --yes"},
      {"delete-enabled", "--card sim delete home --yes"},
      {"delete-protected", "--card sim delete 9017 --yes"},
      {"delete-no-terminal", "--card sim delete travel --no-input"},
      {"reset", "--card sim reset --test-profiles --default-smdp --yes"},
      {"reset-nothing-named", "--card sim reset"},
      {"smdp", "--card sim smdp"},
      {"smdp-set", "--card sim smdp rsp.example"},
      {"smdp-clear", "--card sim smdp --clear"},
      {"notification-none", "--card sim notification"},
      {"notification-unknown-event", "--card sim notification list --event removal"},
      {"notification-remove-unforced", "--card sim notification remove 1"},
      {"notification-unknown", "--card sim notification remove 1 --force"},
      {"unknown-inner-command", "notification remov 1"},
      {"help-notification", "notification --help"},
      {"help-notification-show", "notification show --help"},
      {"code", "code LPA:1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$1.3.6.1.4.1.31746$1"},
      {"code-no-matching-id", "code 1$smdp.example.com:8443$"},
      {"code-further-fields", "code 1$smdp.example.com$AB12$$$$1"},
      {"code-draw", "code 1$smdp.example.com$AB12 --draw"},
      {"code-draw-json", "code 1$smdp.example.com$AB12 --draw --json"},
      {"code-malformed", "code LPA:1$smdp.exa_mple.com$AB12"},
      {"code-format", "code LPA:2$smdp.example.com$AB12"},
      {"code-none", "code"},
      {"code-without-command", "LPA:1$smdp.example.com$AB12"},
      {"code-several", "code 1$a$b --qr code.png"},
      {"code-no-picture", "code --qr nothing.png"},
      {"help-code", "code --help"},
      {"help-download", "download --help"},
      {"download-excluded", "--card sim download 1$a.example$ --smdp b.example --yes"},
      {"download-id-alone", "--card sim download --matching-id AB12 --yes"},
      {"download-imei", "--card sim download 1$a.example$ --imei 352906111234567 --yes"},
      {"download-no-place", "--card sim download 1$a.example$ --yes"},
      {"help-discover", "discover --help"},
      {"discover-preview-alone", "--card sim discover --preview"},
      {"discover-address", "--card sim discover --smds a_b"},
      {"help-store", "store --help"},
      {"help-store-backup", "store backup --help"},
      {"store-no-place", "store check"},
      {"explain-status", "explain 6A82"},
      {"explain-number", "explain 5"},
      {"explain-pcsc", "explain 0x8010006a"},
      {"explain-result", "explain enable 3"},
      {"explain-install", "explain install 5 10"},
      {"explain-server", "explain 8.2.6/3.8"},
      {"explain-server-parts", "explain 8.2.6 4.8"},
      {"explain-reason", "explain 3.10"},
      {"explain-http", "explain http.tls-expired"},
      {"explain-curl", "explain curl 60"},
      {"explain-tls", "explain tls 10"},
      {"explain-http-status", "explain http 404"},
      {"help-carrier", "carrier --help"},
      {"help-carrier-try", "carrier try --help"},
      {"help-carrier-trust", "carrier trust --help"},
      {"help-explain", "explain --help"},
      {"help", "--help"},
      {"help-list", "list --help"},
      {"help-completion", "completion --help"},
      {"completion-unknown", "completion tcsh"},
      {"version", "--version"},
      {"not-found", "--card sim enable nobody"},
      {"unknown-command", "lsit"},
      {"unknown-option", "list --jsno"},
      {"unknown-column", "--card sim list --columns iccid,color"},
      {"verbose", "--card sim list -v"},
  };
  return cases;
}

}  // namespace

TEST_CASE("text for programs: tabs, no header, nothing left out") {
  for (const auto& each : text_cases()) {
    CAPTURE(each.name);
    compare("plain/" + each.name + ".txt", transcript(each.line, {}));
  }
}

TEST_CASE("text for a terminal: aligned, with a header, coloured") {
  for (const auto& each : text_cases()) {
    CAPTURE(each.name);
    compare("terminal/" + each.name + ".txt",
            transcript(each.line, {.readers = {}, .tty = true, .colour = true}));
  }
}

TEST_CASE("text for a narrow terminal: elided by cells, then fewer columns") {
  for (const std::size_t width : {60U, 40U, 20U}) {
    CAPTURE(width);
    const auto name = "terminal/list-" + std::to_string(width) + ".txt";
    compare(name, transcript("--card sim list", {.readers = {}, .tty = true, .width = width}));
  }
}

TEST_CASE("JSON: one document for each command, in the shape of its schema") {
  // The word before the first dot is the schema that the file is checked against
  // (tests/cli/schemas).
  const std::vector<Case> cases{
      {"cards", "--card sim cards"},
      {"cards.none", "cards"},
      {"info", "--card sim info"},
      {"list", "--card sim list"},
      {"show", "--card sim show travel"},
      {"show.rules", "--card sim show 9017"},
      {"switch.enable", "--card sim enable travel"},
      {"switch.enabled-already", "--card sim enable home"},
      {"switch.disable", "--card sim disable home"},
      {"switch.rename", "--card sim rename travel Reise"},
      {"switch.delete", "--card sim delete travel --yes"},
      {"reset", "--card sim reset --operational-profiles --yes"},
      {"smdp", "--card sim smdp"},
      {"smdp.clear", "--card sim smdp --clear"},
      {"notifications.none", "--card sim notification"},
      {"code", "code LPA:1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$1.3.6.1.4.1.31746$1"},
      {"code.address-alone", "code 1$smdp.example.com$"},
      {"explain", "explain 5"},
      {"explain.pcsc", "explain SCARD_E_NO_SERVICE"},
      {"explain.server", "explain 1.1"},
      {"explain.curl", "explain curl 28"},
      {"explain.tls", "explain tls 20"},
      {"explain.http-status", "explain http 413"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    const auto result = cli_test::run(each.line + " --json=pretty");
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    compare("json/" + each.name + ".json", result.out);
  }
}

namespace {

/// A card with a notification of each kind; the signed part of number 2 is a real card's
/// (tests/data).
Setting with_notifications() {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  const auto iccid = state.profiles[1].iccid;
  state.notifications = {{7, sim::Event::enable, "rsp.roamwell.example", iccid},
                         {2, sim::Event::install, "testsmdpplus1.example.com", iccid}};
  const auto open = [state] {
    return std::make_unique<test::SimulatedCard>(
        state, [](sim::Card& card, base::ByteView command) {
          return test::is_request(command, 0xBF, 0x2B) ? test::pending_notification()
                                                       : card.transmit(command);
        });
  };
  return {.readers = {{"Reader", open}}};
}

}  // namespace

namespace {

/// Two eUICCs, a SIM card and an empty reader.
Setting several_cards() {
  auto other = sim::fresh();
  other.eid.back() = 0x30;
  other.profiles.resize(1);
  auto no_euicc = sim::fresh();
  no_euicc.options.isdr = false;
  const auto card = [](const sim::State& state) {
    return [state] { return std::make_unique<test::SimulatedCard>(state); };
  };
  return {.readers = {{"Reader A", card(sim::fresh())},
                      {"Reader B", card(other)},
                      {"Reader C", card(no_euicc)},
                      {"Reader D", {}}}};
}

}  // namespace

TEST_CASE("several cards: one document of --card all, a line of each") {
  auto setting = several_cards();
  compare("plain/all.txt", transcript("list --card all", setting));
  compare("json/all.json", cli_test::run("list --card all --json=pretty", setting).out);
  compare("plain/each.txt", transcript("each -- enable Home", setting));
  setting.readers.erase("Reader B");
  setting.readers.erase("Reader C");
  compare("json/each.json", cli_test::run("each --json=pretty -- smdp", setting).out);
  setting.tty = true;
  compare("terminal/all.txt", transcript("list --card all", setting));
}

TEST_CASE("a batch prints what its commands print, and in JSON a line for each") {
  Setting setting;
  setting.input = "rename travel 'Summer trip'\nsmdp\n";
  compare("plain/batch.txt", transcript("--card sim batch", setting));
  setting.input = "smdp\n";
  compare("json/batch.json", cli_test::run("--card sim batch --json=pretty", setting).out);
  setting.input = "show nobody\n";
  compare("json/batch.failed.json", cli_test::run("--card sim batch --json=pretty", setting).out);
}

TEST_CASE("notifications are listed by number, shown and removed") {
  for (const Case& each : {Case{"notification-list", "notification list"},
                           Case{"notification-show", "notification show 2"},
                           Case{"notification-remove", "notification remove 7 --force"}}) {
    auto setting = with_notifications();
    compare("plain/" + each.name + ".txt", transcript(each.line, setting));
    setting.tty = true;
    compare("terminal/" + each.name + ".txt", transcript(each.line, setting));
  }
  for (const Case& each :
       {Case{"notifications", "notification list"}, Case{"notification", "notification show 2"},
        Case{"notification-removed", "notification remove 7 --force"}}) {
    const auto result = cli_test::run(each.line + " --json=pretty", with_notifications());
    CHECK(result.code == 0);
    compare("json/" + each.name + ".json", result.out);
  }
}

namespace {

/// What changes from run to run: port, and the directory of the certificate.
std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what))
    text.replace(at, what.size(), with);
  return text;
}

}  // namespace

TEST_CASE("the outbox is a file that another host can read") {
  const test::TemporaryDirectory directory;
  Setting setting;
  setting.state_directory = (directory.path() / "here").string();
  const auto answer = test::pending_notification();
  store::Journal::open(setting.state_directory, [](const std::string&) {})
      .put({.eid = {{0x89, 0x04, 0x90, 0x32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x04, 0x21, 0x64}},
            .sequence_number = 2,
            .address = "testsmdpplus1.example.com",
            .pending_notification = base::Bytes(answer.begin() + 7, answer.end() - 2),
            .put_at = {}});
  const auto text = cli_test::run("notification export --outbox -", setting).out;
  compare("json/outbox.json", text);
  const auto file = (directory.path() / "waiting.json").string();
  for (const char* json : {"", " --json"}) {
    std::filesystem::remove(file);
    const auto result = replaced(transcript("notification export --outbox " + file + json, setting),
                                 file, "waiting.json");
    if (*json == 0) compare("plain/notification-export.txt", result);
    if (*json != 0) {
      const auto line = result.substr(result.find('\n') + 1);
      compare("json/notification-exported.json", line.substr(0, line.find('\n') + 1));
    }
  }
  setting.state_directory = (directory.path() / "there").string();
  setting.input = text;
  compare("plain/notification-import.txt", transcript("notification import -", setting));
  compare("json/notification-imported.json",
          cli_test::run("notification import --json -", setting).out);
}

namespace {

std::string without_place(std::string text, const test::ServedSmdp& server) {
  return replaced(replaced(std::move(text), server.ca(), "ca.pem"), server.address(),
                  "localhost:8443");
}

/// A download from a server that is made for it alone.
struct DownloadCase {
  std::string name;
  std::string matching_id;
  std::string options;
  std::string input{};
};

std::string download_transcript(const DownloadCase& each, Setting setting) {
  auto orders = sim::fresh_orders();
  orders.orders[1].profile.rules.ppr2 = true;
  const test::ServedSmdp server(orders);
  const test::TemporaryDirectory directory;
  setting.state_directory = directory.path().string();
  setting.input = each.input;
  return without_place(transcript("--card sim download " + server.code(each.matching_id) +
                                      " --smdp-ca " + server.ca() + " " + each.options,
                                  setting),
                       server);
}

}  // namespace

TEST_CASE("a download: what is there, the question, how far it is, and what came of it") {
  for (const auto& each : {DownloadCase{"download", "SMALL-2KB", "--yes"},
                           DownloadCase{"download-preview", "LARGE-200KB", "--preview"},
                           DownloadCase{"download-used", "TOO-LATE", "--yes"},
                           DownloadCase{"download-no-answer", "SMALL-2KB", ""}}) {
    CAPTURE(each.name);
    compare("plain/" + each.name + ".txt", download_transcript(each, {}));
  }
  const Setting person{.readers = {}, .tty = true, .colour = true};
  for (const auto& each : {DownloadCase{"download-asked", "WITH-CODE", "", "yes\n1234\n"},
                           DownloadCase{"download-later", "SMALL-2KB", "", "\n"},
                           DownloadCase{"download-refused", "SMALL-2KB", "", "no\n"},
                           DownloadCase{"download-preview", "LARGE-200KB", "--preview"}}) {
    CAPTURE(each.name);
    compare("terminal/" + each.name + ".txt", download_transcript(each, person));
  }
}

TEST_CASE("the events of a download in JSON") {
  const test::ServedSmdp server;
  const test::TemporaryDirectory directory;
  const Setting setting{.readers = {}, .state_directory = directory.path().string()};
  const auto events = [&](const std::string& matching_id, const std::string& options) {
    const auto line = "--card sim download " + server.code(matching_id) + " --smdp-ca " +
                      server.ca() + " --json " + options;
    std::istringstream lines(without_place(cli_test::run(line, setting).out, server));
    std::map<std::string, std::string> last;  // of each kind
    for (std::string event; std::getline(lines, event);)
      last[nlohmann::json::parse(event).at("event")] = event;
    return last;
  };
  auto preview = events("SMALL-2KB", "--preview");
  compare("json/download.preview.json", preview["result"] + "\n");
  compare("json/download.stage.json", preview["stage"] + "\n");
  auto installed = events("SMALL-2KB", "--yes");
  compare("json/download.json", installed["result"] + "\n");
  compare("json/download.progress.json", installed["progress"] + "\n");
  compare("json/download.error.json", events("TOO-LATE", "--yes")["error"] + "\n");
}

TEST_CASE("events at two servers, of which one fails, and none") {
  const test::ServedSmds server;
  auto faulty = sim::Events{};
  faulty.faults = {{.kind = sim::ServerFault::Kind::http, .http = 503}};
  const test::ServedSmds failing(faulty);
  const test::ServedSmds nothing{sim::Events{}};
  const auto shown = [&](const std::string& servers, const std::string& options,
                         const Setting& setting) {
    auto text = transcript("--card sim discover " + servers + " --smdp-ca " + server.ca() + options,
                           setting);
    text = replaced(std::move(text), server.ca(), "ca.pem");
    text = replaced(std::move(text), server.address(), "localhost:8444");
    text = replaced(std::move(text), failing.address(), "localhost:8445");
    return replaced(std::move(text), nothing.address(), "localhost:8446");
  };
  const auto two = "--smds " + failing.address() + " --smds " + server.address();
  const auto none = "--smds " + nothing.address();
  const Setting person{.readers = {}, .tty = true, .colour = true};
  compare("plain/discover.txt", shown(two, "", {}));
  compare("terminal/discover.txt", shown(two, "", person));
  compare("plain/discover-nothing.txt", shown(none, "", {}));
  const auto json = [&](const std::string& servers) {
    const auto text = shown(servers, " --json=pretty", {});
    const auto begin = text.find('{');
    return text.substr(begin, text.find("--- stderr") - begin);
  };
  compare("json/discover.json", json(two));
  compare("json/discover.nothing.json", json(none));
}

TEST_CASE("a QR code is drawn without colours for a dark ground, and not where it is too wide") {
  const std::string line = "code 1$smdp.example.com$AB12 --draw";
  compare("terminal/code-draw-no-colour.txt", transcript(line, {.readers = {}, .tty = true}));
  compare("terminal/code-draw-narrow.txt",
          transcript(line, {.readers = {}, .tty = true, .width = 30}));
}

TEST_CASE("a library that is not installed is named, with what installs it") {
  const Setting setting{.readers = {}, .open_library = [](const std::string&) {
                          return std::optional<base::SharedLibrary>();
                        }};
  compare("plain/code-no-qrencode.txt", transcript("code 1$smdp.example.com$AB12 --draw", setting));
}

namespace {

/// A journal with a finished and an unfinished download, and two notifications.
void fill_journal(const std::filesystem::path& directory) {
  using namespace std::chrono_literals;
  auto journal = store::Journal::open(directory, {});
  const base::UtcTime time = std::chrono::sys_days(2026y / 11 / 25);
  const lpa::NewSession session{lpa::Eid(), "smdp.example.com", "AB12", time};
  journal.finish(journal.begin(session), lpa::DownloadOutcome::installed, time);
  journal.step(journal.begin(session), {.stage = lpa::DownloadStage::authenticate_client,
                                        .at = time,
                                        .detail = {},
                                        .transaction_id = {0xAB, 0xCD}});
  journal.put({lpa::Eid(), 1, "smdp.example.com", {0xBF, 0x37}, time});
  journal.put({lpa::Eid(), 2, "smdp.example.com", {0xBF, 0x37}, time});
  journal.sent(lpa::Eid(), 1, time);
}

/// Directories of the run become /STATE.
std::string without_directory(std::string text, const std::filesystem::path& directory) {
  const auto name = directory.string();
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
    text.replace(at, name.size(), "/STATE");
  return text;
}

}  // namespace

TEST_CASE("the journal: where it is, a copy of it, and what is in it") {
  const test::TemporaryDirectory directory;
  const auto& place = directory.path();
  Setting setting{.readers = {}, .state_directory = place / "esimctl"};
  const auto text = [&](const std::string& name, const std::string& line) {
    compare(name, without_directory(transcript(line, setting), place));
  };
  const auto json = [&](const std::string& name, const std::string& line) {
    compare("json/" + name + ".json",
            without_directory(cli_test::run(line + " --json=pretty", setting).out, place));
  };
  text("plain/store-path.txt", "store path");
  text("plain/store-check-none.txt", "store check");
  text("plain/store-journal-none.txt", "store journal");
  text("plain/store-backup-none.txt", "store backup " + (place / "copy.db").string());
  json("store-path", "store");
  json("store-check.none", "store check");
  CHECK_FALSE(std::filesystem::exists(setting.state_directory));

  fill_journal(setting.state_directory);
  text("plain/store-check.txt", "store check");
  json("store-check", "store check");
  text("plain/store-journal.txt", "store journal");
  json("store-journal", "store journal");
  json("store-backup", "store backup " + (place / "copy.db").string());
  CHECK(std::filesystem::exists(place / "copy.db"));
  text("plain/store-backup-there.txt", "store backup " + (place / "copy.db").string());
  text("plain/store-backup.txt", "store backup " + (place / "other.db").string());
  setting.tty = true;
  text("terminal/store-check.txt", "store check");
}

TEST_CASE("a check finds a damaged journal and leaves it where it is") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "journal.db";
  std::ofstream(file) << "no journal\n";
  const auto result =
      transcript("store check", {.readers = {}, .state_directory = directory.path()});
  compare("plain/store-check-damaged.txt", without_directory(result, directory.path()));
  CHECK(read(file) == "no journal\n");
  CHECK_FALSE(std::filesystem::exists(file.string() + ".corrupt-1"));
}

TEST_CASE("deleting and resetting ask for four digits, and only they will do") {
  const std::string question = "--card sim delete travel";
  Setting setting{.readers = {}, .input = "4156\n", .tty = true};
  compare("terminal/delete-confirmed.txt", transcript(question, setting));
  for (const std::string answer : {"", "\n", "yes\n", "4157\n", "89012600000000314156\n"}) {
    CAPTURE(answer);
    setting.input = answer;
    CHECK(cli_test::run(question, setting).code == 9);
  }
  compare("terminal/delete-declined.txt", transcript(question, setting));
  setting.input = "2164\n";
  compare("terminal/reset-confirmed.txt",
          transcript("--card sim reset --operational-profiles", setting));
}

TEST_CASE("errors in JSON are one line on standard error, and nothing on standard output") {
  const std::vector<Case> cases{
      {"error.not-found", "--card sim show nobody"},
      {"error.no-reader", "list"},
      {"error.unknown-command", "lsit"},
      {"error.unknown-code", "explain 1234567"},
      {"error.code-malformed", "code 1$smdp.example.com$AB.12"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    const auto result = cli_test::run(each.line + " --json");
    CHECK(result.code != 0);
    CHECK(result.out.empty());
    CHECK(result.err.find('\n') == result.err.size() - 1);
    compare("json/" + each.name + ".json", result.err);
  }
}

TEST_CASE("an account at a carrier, and its plans next to the profiles") {
  const cli_test::PlanStage stage("telnyx");
  auto setting = stage.setting;
  const auto shown = [&](const std::string& text) {
    return replaced(replaced(replaced(text, stage.carrier.address(), "localhost:8445"),
                             stage.carrier.ca(), "ca.pem"),
                    stage.setting.state_directory, "/state");
  };
  const auto golden_of = [&](const std::string& name, const std::string& line) {
    setting.tty = false;
    compare("plain/" + name + ".txt", shown(transcript(line, setting)));
    setting.tty = true;
    setting.width = 160;
    compare("terminal/" + name + ".txt", shown(transcript(line, setting)));
    setting.tty = false;
    compare("json/" + name + ".json", shown(cli_test::run(line + " --json=pretty", setting).out));
  };
  golden_of("carriers", "carrier list");
  golden_of("carrier.unavailable", "carrier show att");
  golden_of("carrier", "carrier show soracom");
  compare("json/account-added.json",
          shown(cli_test::run("account add telnyx work --json=pretty --keep-in file --secrets - "
                              "--host " +
                                  stage.carrier.address() + " --host-ca " + stage.carrier.ca(),
                              [&] {
                                auto own = stage.setting;
                                own.input = "api_key=KEY-simulated\n";
                                return own;
                              }())
                    .out));
  golden_of("accounts", "account list");
  golden_of("account-unlock", "account unlock");
  golden_of("login", "login work");
  golden_of("usage", "usage");
  golden_of("usage-history", "usage --history");
  golden_of("balance", "balance");
  golden_of("list.plans", "--card sim list");
  for (const auto& [name, line] :
       {std::pair("linked", "account link 12065550142 890010123456789017"),
        std::pair("linked.none", "account unlink 12065550142")}) {
    compare(std::string("json/account-") + name + ".json",
            cli_test::run(std::string(line) + " --json=pretty", setting).out);
  }
  compare("json/usage-exported.json",
          cli_test::run("usage --export 12065550142 --since 3h --json=pretty", setting).out);
  setting.input = "time,bytes\n2027-03-01,5\n";
  compare("json/usage-imported.json",
          cli_test::run("usage --import - --as wwan0 --json=pretty", setting).out);
  compare("json/usage-counters.json",
          cli_test::run("usage --forget wwan0 --json=pretty", setting).out);
  compare("json/account-removed.json",
          cli_test::run("account remove work --json=pretty", setting).out);
}

TEST_CASE("a carrier's file of one's own, tried, trusted and listed") {
  cli_test::PlanStage stage("telnyx");
  const auto file = (stage.directory.path() / "mine.json").string();
  auto text = read(std::filesystem::path(ESIMCTL_TEST_TOP) / "carriers/providers/telnyx.json");
  text = replaced(replaced(text, "\"telnyx\"", "\"mine\""), "Telnyx\",", "Mine\",");
  std::ofstream(file) << replaced(text, "\"/data_limit/amount\"", "\"/cap/amount\"");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const auto shown = [&](const std::string& printed) {
    auto made = replaced(printed, stage.carrier.address(), "localhost:8445");
    made = replaced(made, stage.carrier.ca(), "ca.pem");
    return replaced(made, stage.directory.path().string(), "/there");
  };
  auto setting = stage.setting;
  setting.input = "api_key=KEY-simulated\n";
  const auto attempt = "carrier try " + file + " --against https://" + stage.carrier.address() +
                       " --host-ca " + stage.carrier.ca() + " --secrets -";
  compare("plain/carrier-try.txt", shown(transcript(attempt, setting)));
  compare("json/carrier-try.json", shown(cli_test::run(attempt + " --json=pretty", setting).out));
  setting.tty = true;
  setting.width = 160;
  compare("terminal/carrier-try.txt", shown(transcript(attempt, setting)));
  setting.tty = false;
  compare("json/carrier-trusted.json",
          shown(cli_test::run("carrier trust --yes --json=pretty " + file, setting).out));
  compare("json/carrier-untrusted.json",
          shown(cli_test::run("carrier untrust mine --json=pretty", setting).out));
  setting.tty = true;
  setting.input = "yes\n";
  compare("terminal/carrier-trust.txt", shown(transcript("carrier trust " + file, setting)));
  setting.tty = false;
  compare("plain/carrier-trust.txt", shown(transcript("carrier trust --yes " + file, setting)));
  compare("json/carriers.own.json",
          shown(cli_test::run("carrier list --json=pretty", setting).out));
}
