#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/secret.hpp"
#include "lpa/download.hpp"
#include "sim/es9.hpp"
#include "sim/metadata.hpp"
#include "sim/pki.hpp"
#include "sim/smdp.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/memory_journal.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/simulated_card.hpp"
#include "tests/support/temporary_directory.hpp"

// A whole download between the simulated card and the simulated server, with somebody in between
// who changes what is said, and with cards, servers and users that give up at any step.

using Json = nlohmann::json;
using sim::OrderState;
using test::hex;

namespace {

using namespace std::chrono_literals;

constexpr base::UtcTime now = std::chrono::sys_days(2026y / 6 / 1);

constexpr std::array stage_names{
    "initiate_authentication", "authenticate_server",       "authenticate_client",
    "prepare_download",        "get_bound_profile_package", "load_bound_profile_package",
    "cancel_session"};

std::string name_of(lpa::DownloadStage stage) {
  return stage_names.at(static_cast<std::size_t>(stage));
}

/// What happened, in its order.
using Log = std::vector<std::string>;

/// A journal whose entries are in a log as well, and that may have no room any more.
class LoggedJournal final : public lpa::Journal {
 public:
  explicit LoggedJournal(Log& log) : log_(log) {}

  lpa::SessionId begin(const lpa::NewSession& session) override {
    add("begin");
    return kept_.begin(session);
  }
  void step(lpa::SessionId session, const lpa::DownloadStep& step) override {
    if (full_at && *full_at <= step.stage) {
      throw base::Error(base::ErrorKind::failure, "store.full", "no room");
    }
    add("step " + name_of(step.stage));
    kept_.step(session, step);
  }
  void finish(lpa::SessionId session, lpa::DownloadOutcome outcome, base::UtcTime at) override {
    constexpr std::array words{"installed", "failed", "cancelled"};
    add(std::string("finish ") + words.at(static_cast<std::size_t>(outcome)));
    kept_.finish(session, outcome, at);
  }
  std::vector<lpa::OpenSession> open_sessions() override { return kept_.open_sessions(); }
  void put(const lpa::OutboxNotification& notification) override {
    if (outbox_full) throw base::Error(base::ErrorKind::failure, "store.full", "no room");
    add("put");
    kept_.put(notification);
  }
  bool sent(const lpa::Eid& eid, std::uint64_t number, base::UtcTime at) override {
    return kept_.sent(eid, number, at);
  }
  bool removed(const lpa::Eid& eid, std::uint64_t number, base::UtcTime at) override {
    return kept_.removed(eid, number, at);
  }
  std::optional<lpa::OutboxNotification> find(const lpa::Eid& eid, std::uint64_t number) override {
    return kept_.find(eid, number);
  }
  std::vector<lpa::OutboxNotification> unsent() override { return kept_.unsent(); }
  std::vector<lpa::OutboxNotification> unremoved() override { return kept_.unremoved(); }

  std::optional<lpa::DownloadStage> full_at;
  bool outbox_full = false;

 private:
  void add(std::string entry) { log_.push_back("journal " + std::move(entry)); }

  Log& log_;
  test::MemoryJournal kept_;
};

/// The simulated issuer of servers, trusted by a file.
class IssuerFile {
 public:
  IssuerFile() {
    const auto issuer = sim::test_ci(sim::Curve::nist);
    const auto& der = issuer.certificate.der();
    std::ofstream(file(), std::ios::binary)
        .write(reinterpret_cast<const char*>(der.data()), static_cast<std::streamsize>(der.size()));
  }
  [[nodiscard]] lpa::Trust trust() const { return lpa::FileTrust{file()}; }

 private:
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "ci.der"; }

  test::TemporaryDirectory directory_;
};

sim::State fresh_t1() {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  return state;
}

sim::Orders orders_with(const std::function<void(sim::Order&)>& change) {
  auto orders = sim::fresh_orders();
  change(orders.orders.at(0));
  return orders;
}

/// One download, and all that is heard of it.
class Between {
 public:
  explicit Between(sim::State state = fresh_t1(), sim::Orders orders = sim::fresh_orders())
      : smdp_({sim::Curve::nist, "localhost", "2.999.10"}, std::move(orders),
              [] { return std::uint64_t{1'780'000'000}; }),
        trust(issuer_.trust()),
        card_(std::move(state),
              [this](sim::Card& card, base::ByteView command) { return to_card(card, command); }),
        isdr_(std::move(std::get<std::unique_ptr<lpa::Isdr>>(lpa::Isdr::find(card_, {})))),
        euicc_(*isdr_),
        http_([this](const test::Asked& asked) { return to_server(asked); }),
        journal_(log),
        profiles_before_(card_.state().profiles.size()) {
    request.context.device.tac = {0x35, 0x29, 0x06, 0x11};
    request.context.matching_id = "SMALL-2KB";
    request.info1 = euicc_.info1();
    request.challenge = [this] { return euicc_.challenge(); };
    log.clear();
  }

  /// All of it; the code of what it throws, or "none".
  std::string run(const std::string& confirmation_code = {}) {
    return test::error_code([&] {
      begin();
      fetch(confirmation_code);
      install();
    });
  }

  const lpa::Offer& begin() {
    smdp_client_.emplace(http_, "localhost", request.info1.value.svn, stop.get_token());
    download_.emplace(lpa::DownloadParties{
        .euicc = euicc_,
        .smdp = *smdp_client_,
        .journal = journal_,
        .trust = trust,
        .stop = stop.get_token(),
        .now = [] { return now; },
        .stage = [this](lpa::DownloadStage at) { on_stage(at); },
        .note = [this](const std::string& sentence) { notes.push_back(sentence); }});
    return download_->begin(request);
  }
  void fetch(const std::string& confirmation_code = {}) {
    std::optional<base::Secret> code;
    if (!confirmation_code.empty()) code.emplace(confirmation_code);
    const auto& package = download_->fetch(code);
    segments = package.segments.size();
  }
  void install() {
    result = download_->install([this](std::size_t octets) {
      taken = octets;
      if (++taken_segments == stop_after_segments) stop.request_stop();
    });
  }
  void cancel(lpa::CancelReason why) { download_->cancel(why); }

  [[nodiscard]] const sim::State& card() const { return card_.state(); }
  [[nodiscard]] const sim::Order& order() const { return smdp_.orders().orders.at(0); }
  [[nodiscard]] bool installed() const { return card().profiles.size() != profiles_before_; }
  LoggedJournal& journal() { return journal_; }
  sim::Smdp& server() { return smdp_; }

  [[nodiscard]] std::size_t count(std::string_view entry) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        log, [&](const std::string& each) { return each.starts_with(entry); }));
  }
  [[nodiscard]] std::size_t place(std::string_view entry) const {
    return static_cast<std::size_t>(
        std::ranges::find_if(log,
                             [&](const std::string& each) { return each.starts_with(entry); }) -
        log.begin());
  }
  [[nodiscard]] bool noted(std::string_view part) const {
    return std::ranges::any_of(
        notes, [&](const std::string& each) { return each.find(part) != std::string::npos; });
  }

  Log log;  ///< of card ("card BF38", "card segment"), server ("server cancelSession") and journal
  std::vector<std::string> notes;
  lpa::DownloadRequest request;
  std::stop_source stop;

  /// Changes what the server answered to a function.
  std::function<void(const std::string& function, Json& answer)> lie = [](const std::string&,
                                                                          Json&) {};
  /// Answers in the server's place; it hears nothing then.
  std::function<std::optional<base::HttpResponse>(const std::string& function)> instead =
      [](const std::string&) { return std::nullopt; };
  std::optional<sim::ServerFault> fault;
  /// Changes what the card answered to `request` ("BF38"), or throws what a reader would.
  std::function<void(const std::string& request, base::Bytes& answer)> spoil =
      [](const std::string&, base::Bytes&) {};
  /// Whether a request reaches the card; it answers 9000 to one that does not.
  std::function<bool(const std::string& request)> on_way = [](const std::string&) { return true; };
  std::function<void(lpa::DownloadStage)> at_stage = [](lpa::DownloadStage) {};
  std::optional<std::size_t> stop_after_segments;

  std::optional<int> reason;  ///< of CancelSession, as the card heard it
  std::optional<tlv::Signed<lpa::InstallationResult>> result;
  std::size_t segments = 0;
  std::size_t taken = 0;  ///< octets of the package
  std::size_t taken_segments = 0;
  base::Bytes asked_to_prepare;  ///< the first block of PrepareDownload

 private:
  void on_stage(lpa::DownloadStage stage) {
    log.push_back("stage " + name_of(stage));
    at_stage(stage);
  }

  base::Bytes to_card(sim::Card& card, base::ByteView command) {
    const bool begins = command.size() > 6 && command[1] == 0xE2 && command[3] == 0;
    if (begins) {
      current_ = command[5] == 0xBF ? hex(command.subspan(5, 2)) : "segment";
      if (current_ == "BF36") current_ = "segment";
      log.push_back("card " + current_);
      if (current_ == "BF41") reason = command[5 + command[4] - 1];
      if (current_ == "BF21") asked_to_prepare.assign(command.begin(), command.end());
    }
    auto answer = on_way(current_) ? card.transmit(command) : hex("9000");
    spoil(current_, answer);
    return answer;
  }

  base::HttpResponse to_server(const test::Asked& asked) {
    const auto function = asked.function();
    log.push_back("server " + function);
    if (auto other = instead(function)) return *std::move(other);
    std::optional<sim::ServerFault> kind;
    if (fault && fault->function == function) kind = fault;
    const auto answer = sim::run_es9(smdp_, function, asked.body, kind);
    REQUIRE(answer);
    if (answer->body.empty()) return test::ScriptedHttp::response("", 204);
    auto json = Json::parse(answer->body);
    lie(function, json);
    return test::ScriptedHttp::response(json.dump());
  }

  IssuerFile issuer_;
  sim::Smdp smdp_;
  std::string current_;

 public:
  lpa::Trust trust;

 private:
  test::SimulatedCard card_;
  std::unique_ptr<lpa::Isdr> isdr_;
  lpa::Euicc euicc_;
  test::ScriptedHttp http_;
  LoggedJournal journal_;
  std::size_t profiles_before_;
  std::optional<lpa::Smdp> smdp_client_;
  std::optional<lpa::Download> download_;
};

/// Changes the octets of a member.
void change(Json& answer, const char* member, const std::function<void(base::Bytes&)>& how) {
  auto octets = base::from_base64(answer.at(member).get<std::string>()).value();
  how(octets);
  answer[member] = base::to_base64(octets);
}

/// Where `part` begins in `octets`.
std::size_t find(const base::Bytes& octets, const base::Bytes& part) {
  const auto found = std::ranges::search(octets, part);
  REQUIRE_FALSE(found.empty());
  return static_cast<std::size_t>(found.begin() - octets.begin());
}

/// Changes the last octet of the transaction identifier in `member`.
void other_transaction(Json& answer, const char* member) {
  const auto id = hex(answer.at("transactionId").get<std::string>());
  change(answer, member,
         [&](base::Bytes& octets) { octets.at(find(octets, id) + id.size() - 1) ^= 1U; });
}

/// How a session ended that brought no profile.
enum class Ended {
  before_card,    ///< the card had not heard of the server
  on_card,        ///< on the card alone
  at_server_too,  ///< on the card, then at the server
};

/// What is in the outbox afterwards.
enum class Kept { nothing, result };

void check_called_off(Between& between, Ended ended, std::optional<int> reason = std::nullopt,
                      Kept kept = Kept::nothing) {
  CHECK(between.count("card BF41") == (ended == Ended::before_card ? 0 : 1));
  CHECK(between.reason == reason);
  CHECK(between.count("server cancelSession") == (ended == Ended::at_server_too ? 1 : 0));
  if (ended == Ended::at_server_too) {
    CHECK(between.place("card BF41") < between.place("server cancelSession"));
  }
  if (ended != Ended::before_card) {
    CHECK(between.place("journal step cancel_session") < between.place("card BF41"));
  }
  if (kept == Kept::nothing) CHECK(between.log.back() == "journal finish cancelled");
  CHECK(between.count("journal finish") == 1);
  CHECK(between.journal().open_sessions().empty());
  CHECK(between.journal().unsent().size() == (kept == Kept::nothing ? 0 : 1));
  CHECK_FALSE(between.installed());
  CHECK_FALSE(between.result);
}

/// The journal does not say that it is over, and the server was not told so.
void check_left_open(Between& between) {
  CHECK(between.count("journal finish") == 0);
  CHECK(between.journal().open_sessions().size() == 1);
  CHECK(between.count("server cancelSession") == 0);
}

const std::array<const char*, 3> server_functions{"initiateAuthentication", "authenticateClient",
                                                  "getBoundProfilePackage"};

/// How a session ends when the server gives up at that function.
Ended given_up_at(std::string_view function) {
  return function == "initiateAuthentication" ? Ended::before_card : Ended::on_card;
}

std::optional<int> undefined_unless(Ended ended) {
  return ended == Ended::before_card ? std::nullopt : std::optional(127);
}

}  // namespace

TEST_CASE("each step of a download is in the journal before it is done") {
  Between between;
  REQUIRE(between.run() == "none");
  Log steps;
  for (const auto& entry : between.log) {
    if (steps.empty() || steps.back() != entry) steps.push_back(entry);
  }
  CHECK(steps == Log{"journal begin",
                     "stage initiate_authentication",
                     "journal step initiate_authentication",
                     "card BF2E",
                     "server initiateAuthentication",
                     "stage authenticate_server",
                     "journal step authenticate_server",
                     "card BF38",
                     "stage authenticate_client",
                     "journal step authenticate_client",
                     "server authenticateClient",
                     "stage prepare_download",
                     "journal step prepare_download",
                     "card BF21",
                     "stage get_bound_profile_package",
                     "journal step get_bound_profile_package",
                     "server getBoundProfilePackage",
                     "stage load_bound_profile_package",
                     "journal step load_bound_profile_package",
                     "card segment",
                     "journal put",
                     "journal finish installed"});
  CHECK(between.count("card segment") == between.segments);
  CHECK(between.installed());
  CHECK(between.notes.empty());
  CHECK(between.journal().open_sessions().empty());
  const auto kept = between.journal().unsent();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].pending_notification == between.result->raw);
  CHECK(kept[0].pending_notification == between.card().notifications.back().installation);
  CHECK(kept[0].address == "localhost");
  CHECK(kept[0].sequence_number == between.card().notifications.back().sequence);
  CHECK(between.server().handle_notification(kept[0].pending_notification).success);
}

TEST_CASE("the package is in the journal before the card gets any of it") {
  Between between;
  std::size_t kept = 0;
  between.spoil = [&](const std::string& request, base::Bytes&) {
    if (request != "segment" || kept != 0) return;
    const auto open = between.journal().open_sessions();
    REQUIRE(open.size() == 1);
    kept = open[0].last->bound_profile_package.size();
    CHECK(open[0].last->stage == lpa::DownloadStage::load_bound_profile_package);
    CHECK(open[0].last->transaction_id.size() == 16);
    CHECK(open[0].begun.smdp_address == "localhost");
    CHECK(open[0].begun.matching_id == "SMALL-2KB");
  };
  CHECK(between.run() == "none");
  CHECK(kept == between.taken);
  CHECK(kept > 2000);
}

TEST_CASE("nothing is sent to the card when the server signs as another one") {
  Between between;
  between.fault = {.function = "initiateAuthentication",
                   .kind = sim::ServerFault::Kind::wrong_address};
  CHECK(between.run() == "smdp.wrong-address");
  CHECK(between.count("card BF38") == 0);
  check_called_off(between, Ended::before_card);
}

TEST_CASE("a transaction identifier that changes anywhere ends the download") {
  struct Place {
    const char* function;
    const char* member;  ///< nothing: in the JSON itself
    Ended ended;
  };
  for (const auto& place :
       {Place{"initiateAuthentication", nullptr, Ended::before_card},
        {"initiateAuthentication", "serverSigned1", Ended::before_card},
        {"authenticateClient", nullptr, Ended::at_server_too},
        {"authenticateClient", "smdpSigned2", Ended::at_server_too},
        {"getBoundProfilePackage", nullptr, Ended::at_server_too},
        {"getBoundProfilePackage", "boundProfilePackage", Ended::at_server_too}}) {
    CAPTURE(place.function);
    CAPTURE(place.member);
    Between between;
    between.lie = [&](const std::string& function, Json& answer) {
      if (function != place.function) return;
      if (place.member != nullptr) return other_transaction(answer, place.member);
      auto id = hex(answer.at("transactionId").get<std::string>());
      id.back() ^= 1U;
      answer["transactionId"] = hex(id);
    };
    CHECK(between.run() == "smdp.wrong-transaction");
    CHECK(between.count("card segment") == 0);
    check_called_off(between, place.ended, undefined_unless(place.ended));
  }
}

TEST_CASE("the spelling of a transaction identifier changes nothing") {
  Between between;
  between.lie = [](const std::string&, Json& answer) {
    if (!answer.contains("transactionId")) return;
    std::string id = answer["transactionId"];
    std::ranges::transform(id, id.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    answer["transactionId"] = id;
  };
  CHECK(between.run() == "none");
}

TEST_CASE("a server that signs another challenge than the card's is refused") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function != "initiateAuthentication") return;
    change(answer, "serverSigned1",
           [](base::Bytes& octets) { octets.at(find(octets, hex("8110")) + 2) ^= 0x80U; });
  };
  CHECK(between.run() == "smdp.wrong-challenge");
  CHECK(between.count("card BF38") == 0);
  check_called_off(between, Ended::before_card);
}

TEST_CASE("an issuer that the card does not list is refused") {
  for (const auto& [octets, code] : {std::pair{"0414"
                                               "F54172BDF98A95D65CBEB88A38A1C11D800A85C3",
                                               "smdp.unlisted-issuer"},
                                     {"0400", "smdp.unlisted-issuer"},
                                     {"04", "smdp.malformed-answer"},
                                     {"0401", "smdp.malformed-answer"},
                                     {"", "smdp.malformed-answer"}}) {
    CAPTURE(octets);
    Between between;
    between.lie = [&](const std::string& function, Json& answer) {
      if (function != "initiateAuthentication") return;
      answer["euiccCiPKIdToBeUsed"] = base::to_base64(hex(octets));
    };
    CHECK(between.run() == code);
    CHECK(between.count("card BF38") == 0);
    check_called_off(between, Ended::before_card);
  }
}

TEST_CASE("a server that is another one than the activation code names is refused") {
  Between between;
  between.request.smdp_oid = "2.999.11";
  CHECK(between.run() == "smdp.certificate");
  CHECK(between.count("card BF38") == 0);
  check_called_off(between, Ended::before_card);

  Between right;
  right.request.smdp_oid = "2.999.10";
  CHECK(right.run() == "none");
}

TEST_CASE("when the issuer's key is not known here the card alone checks the server") {
  Between between;
  between.trust = lpa::CardTrust{{}, false};
  CHECK(between.run() == "none");
  CHECK(between.noted("the card alone checks who localhost is"));
}

TEST_CASE("the card notices what was changed under the server's signature") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function != "initiateAuthentication") return;
    change(answer, "serverSigned1", [](base::Bytes& octets) { octets.back() ^= 1U; });
  };
  CHECK(between.run() == "card.refused-server");
  CHECK(between.count("card BF38") == 1);
  check_called_off(between, Ended::before_card);
}

TEST_CASE("a package that is not the profile of the offer is never given to the card") {
  const std::vector<std::function<void(sim::Profile&)>> changes{
      [](sim::Profile& of) { of.iccid.at(5) ^= 0x10U; },
      [](sim::Profile& of) { of.provider = "Other"; },
      [](sim::Profile& of) { of.name = "Other"; },
      [](sim::Profile& of) { of.profile_class = sim::ProfileClass::provisioning; },
      [](sim::Profile& of) { of.rules.ppr1 = true; },
      [](sim::Profile& of) { of.owner = sim::Owner{hex("62F210"), {}, {}}; },
      [](sim::Profile& of) { of.notifications.clear(); },
      [](sim::Profile& of) { of.notifications.at(0).address = "other.example"; },
      [](sim::Profile& of) { of.notifications.at(0).events.pop_back(); },
      [](sim::Profile& of) {
        of.icon_type = sim::IconType::png;
        of.icon = hex("89504E47");
      }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    Between between;
    auto offered = between.order().profile;
    changes[i](offered);
    between.lie = [&](const std::string& function, Json& answer) {
      if (function != "authenticateClient") return;
      answer["profileMetadata"] = base::to_base64(sim::pack_metadata(offered));
    };
    CHECK(between.run() == "smdp.metadata-differs");
    CHECK(between.count("card segment") == 0);
    check_called_off(between, Ended::at_server_too, 4);
  }
  Between other_name(fresh_t1(),
                     orders_with([](sim::Order& order) { order.preview_name = "Before"; }));
  CHECK(other_name.run() == "smdp.metadata-differs");
}

TEST_CASE("an offer in other octets that means the same is taken, and noted") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function != "authenticateClient") return;
    change(answer, "profileMetadata", [](base::Bytes& octets) {
      REQUIRE(octets.at(2) < 0x70);
      octets.at(2) = static_cast<std::uint8_t>(octets.at(2) + 3);
      octets.insert(octets.end(), {0x9E, 0x01, 0x00});  // something that nobody knows
    });
  };
  CHECK(between.run() == "none");
  CHECK(between.noted("means the same"));
}

TEST_CASE("metadata that cannot be read ends the download") {
  Between between;
  between.lie = [](const std::string& function, Json& answer) {
    if (function == "authenticateClient") answer["profileMetadata"] = "vyUA";
  };
  CHECK(between.run() == "smdp.malformed-answer");
  check_called_off(between, Ended::at_server_too, 127);
}

TEST_CASE("a malformed package is never given to the card") {
  const std::vector<std::function<void(base::Bytes&)>> changes{
      [](base::Bytes& package) { package.clear(); },
      [](base::Bytes& package) { package.pop_back(); },
      [](base::Bytes& package) { package.push_back(0); },
      [](base::Bytes& package) { package.at(1) = 0x37; },
      [](base::Bytes& package) { package.resize(4); },
      [](base::Bytes& package) { package.at(find(package, hex("BF23"))) = 0xBE; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    Between between;
    between.lie = [&](const std::string& function, Json& answer) {
      if (function == "getBoundProfilePackage") change(answer, "boundProfilePackage", changes[i]);
    };
    CHECK(between.run() == "package.malformed");
    CHECK(between.count("card segment") == 0);
    check_called_off(between, Ended::at_server_too, 5);
  }
}

TEST_CASE("a package that was changed is refused by the card, which says so at once") {
  Between between;
  between.lie = [&](const std::string& function, Json& answer) {
    if (function != "getBoundProfilePackage") return;
    change(answer, "boundProfilePackage",
           [](base::Bytes& package) { package.at(package.size() / 2) ^= 1U; });
  };
  CHECK(between.run() == "none");
  REQUIRE(between.result);
  const auto& error = std::get<lpa::InstallationError>(between.result->value.data.outcome);
  CHECK(lpa::not_installed(error).code() == "card.not-installed");
  CHECK_FALSE(between.installed());
  CHECK(between.count("journal finish failed") == 1);
  CHECK(between.journal().unsent().size() == 1);
  CHECK(between.count("card BF41") == 0);
  CHECK(between.count("server cancelSession") == 0);
}

TEST_CASE("nothing more is sent once the card has said what came of a package") {
  for (const auto command : std::array<std::uint8_t, 4>{0, 1, 2, 5}) {
    CAPTURE(command);
    auto state = fresh_t1();
    state.download.install_error = sim::InstallError{command, 10};
    Between between(state);
    CHECK(between.run() == "none");
    REQUIRE(between.result);
    CHECK(std::get<lpa::InstallationError>(between.result->value.data.outcome).command == command);
    CHECK(between.count("card segment") < between.segments);
    CHECK(between.log.back() == "journal finish failed");
    CHECK(between.journal().unsent().at(0).pending_notification == between.result->raw);
    CHECK(between.count("card BF41") == 0);
    CHECK(between.count("server cancelSession") == 0);
    CHECK_FALSE(between.installed());
  }
}

TEST_CASE("a result that is not the card's is kept for its server, and left open in the journal") {
  for (const bool flipped : {true, false}) {
    Between between;
    between.spoil = [&](const std::string& request, base::Bytes& answer) {
      if (request != "segment" || answer.size() < 20) return;
      REQUIRE(hex(answer).starts_with("BF37"));
      if (flipped) {
        answer.at(answer.size() - 3) ^= 1U;
      } else {
        answer.at(find(answer, hex("8010")) + 2) ^= 1U;  // its transaction
      }
    };
    CHECK(between.run() == "card.unsigned-result");
    CHECK(between.journal().unsent().size() == 1);
    CHECK(between.count("card BF41") == 0);
    check_left_open(between);
    between.cancel(lpa::CancelReason::postponed);
    CHECK(between.count("card BF41") == 0);
    check_left_open(between);
  }
}

TEST_CASE("a result that was lost on the way is found among the card's notifications") {
  const auto lost = [](const std::function<void(base::Bytes&)>& how, sim::State state) {
    Between between(std::move(state));
    bool once = false;
    between.spoil = [&](const std::string& request, base::Bytes& answer) {
      if (once || request != "segment" || answer.size() < 20) return;
      once = true;
      how(answer);
    };
    CHECK(between.run() == "none");
    REQUIRE(once);
    REQUIRE(between.result);
    CHECK(between.installed());
    CHECK(between.log.back() == "journal finish installed");
    CHECK(between.result->raw == between.card().notifications.back().installation);
    CHECK(between.journal().unsent().at(0).pending_notification == between.result->raw);
    CHECK(between.count("card BF41") == 0);
    CHECK(between.count("server cancelSession") == 0);
  };
  const auto card_error = [](const char* code) {
    return [code](base::Bytes&) { throw base::Error(base::ErrorKind::card, code, "no answer"); };
  };
  lost([](base::Bytes& answer) { answer = hex("6F00"); }, fresh_t1());
  lost([](base::Bytes& answer) { answer = hex("6985"); }, fresh_t1());
  lost([](base::Bytes& answer) { answer = hex("9000"); }, fresh_t1());
  lost([](base::Bytes& answer) { answer = hex("BF3703800100 9000"); }, fresh_t1());
  lost([](base::Bytes& answer) { answer = hex("90"); }, fresh_t1());
  lost(card_error("card.transmit"), fresh_t1());
  lost(card_error("card.mute"), fresh_t1());
}

TEST_CASE("a download is left open when nobody can say what became of the package") {
  for (const auto* const code : {"card.removed", "card.mute", "card.transmit"}) {
    CAPTURE(code);
    Between between;
    bool gone = false;
    between.spoil = [&](const std::string& request, base::Bytes& answer) {
      gone = gone || (request == "segment" && answer.size() > 20);
      if (gone) throw base::Error(base::ErrorKind::card, code, "no answer");
    };
    CHECK(between.run() == code);
    CHECK(between.installed());
    check_left_open(between);
    const auto open = between.journal().open_sessions();
    CHECK(open.at(0).last->bound_profile_package.size() > 2000);
    CHECK(open.at(0).last->transaction_id.size() == 16);
  }
}

TEST_CASE(
    "a card that lost the session while it cannot list its results leaves the download open") {
  Between between;
  bool lost = false;
  between.spoil = [&](const std::string& request, base::Bytes& answer) {
    if (request == "BF2B" || (request == "segment" && answer.size() > 20)) {
      lost = true;
      answer = hex("6F00");
    }
  };
  CHECK(between.run() == "card.status");
  CHECK(lost);
  CHECK(between.installed());
  check_left_open(between);
}

TEST_CASE("a download is left open when the card neither has a result nor a session to cancel") {
  Between between;
  between.spoil = [](const std::string& request, base::Bytes& answer) {
    if (request == "segment" && answer.size() > 20) answer = hex("9000");
    if (request == "BF2B") answer = hex("BF2B03810101 9000");
  };
  CHECK(between.run() == "card.no-result");
  CHECK(between.reason == 5);
  check_left_open(between);
}

TEST_CASE("a download is over when the card has no result and ends the session") {
  Between between;
  bool first = true;
  between.spoil = [&](const std::string& request, base::Bytes& answer) {
    if (request == "segment" && std::exchange(first, false)) {
      throw base::Error(base::ErrorKind::card, "card.mute", "no answer");
    }
    if (request == "BF2B") answer = hex("BF2B03810101 9000");
  };
  between.on_way = [](const std::string& request) {
    return request != "segment" && request != "BF2B";
  };
  CHECK(between.run() == "card.mute");
  check_called_off(between, Ended::at_server_too, 5);
}

TEST_CASE("a session that was left open on the card is no hindrance to the next") {
  Between between;
  between.begin();
  between.fetch();
  CHECK(between.run() == "none");
  CHECK(between.installed());
  CHECK(between.journal().open_sessions().size() == 1);
}

TEST_CASE("an installation that failed is told with what the card was doing and why") {
  const auto known = lpa::not_installed({5, 10});
  CHECK(known.kind() == base::ErrorKind::refused);
  const std::string what = known.what();
  CHECK(what.starts_with("the card did not install the profile: "));
  CHECK(what.ends_with(", in loadProfileElements (5 10)"));
  CHECK_FALSE(known.hints().empty());
  CHECK(std::string(lpa::not_installed({200, 201}).what()) ==
        "the card did not install the profile: for a reason that is not known (200 201)");
}

TEST_CASE("a card that stops taking a package ends it, and keeps that as its result") {
  Between between;
  std::size_t number = 0;
  between.spoil = [&](const std::string& request, base::Bytes& answer) {
    if (request == "segment" && ++number == 5) answer = hex("6F00");
  };
  CHECK(between.run() == "none");
  REQUIRE(between.result);
  CHECK(std::get<lpa::InstallationError>(between.result->value.data.outcome).reason == 11);
  CHECK(between.log.back() == "journal finish failed");
  CHECK_FALSE(between.installed());
}

TEST_CASE("a card that refuses the server is asked for nothing else, and the download is over") {
  for (const auto error : std::array<std::uint8_t, 8>{1, 2, 3, 4, 5, 6, 7, 127}) {
    auto state = fresh_t1();
    state.download.authenticate_error = error;
    Between between(state);
    CHECK(between.run() == "card.refused-server");
    CHECK(between.count("server authenticateClient") == 0);
    check_called_off(between, Ended::before_card);
  }
}

TEST_CASE("a card that does not prepare a download has ended the session by itself") {
  for (const auto error : std::array<std::uint8_t, 6>{1, 2, 3, 4, 5, 127}) {
    auto state = fresh_t1();
    state.download.prepare_error = error;
    Between between(state);
    CHECK(between.run() == "card.refused-server");
    CHECK(between.count("server getBoundProfilePackage") == 0);
    check_called_off(between, Ended::on_card, 127);
    CHECK(between.noted("no session that could be cancelled"));
  }
}

TEST_CASE("a card that answers a step with a status word ends the download") {
  for (const auto& [at, ended] : {std::pair{"BF2E", Ended::before_card},
                                  {"BF38", Ended::before_card},
                                  {"BF21", Ended::at_server_too}}) {
    CAPTURE(at);
    Between between;
    between.spoil = [&](const std::string& request, base::Bytes& answer) {
      if (request == at) answer = hex("6985");
    };
    CHECK(between.run() == "card.status");
    check_called_off(between, ended, ended == Ended::before_card ? std::nullopt : std::optional(5));
    if (std::string_view(at) == "BF2E") CHECK(between.count("server") == 0);
  }
}

TEST_CASE("a server that refuses is not asked again, and the card's session ends") {
  for (const auto* const function : server_functions) {
    CAPTURE(function);
    Between between;
    between.instead = [&](const std::string& asked) -> std::optional<base::HttpResponse> {
      if (asked != function) return std::nullopt;
      return test::ScriptedHttp::response(sim::failed_es9("8.2.6", "3.8", "no").body);
    };
    CHECK(between.run() == "smdp.refused");
    CHECK(between.log.at(between.place(std::string("server ") + function)) ==
          std::string("server ") + function);
    const auto ended = given_up_at(function);
    check_called_off(between, ended, undefined_unless(ended));
  }
}

TEST_CASE("a server that fails is not asked again, and the card's session ends") {
  const auto answer = [](const char* body, int status) {
    return [=]() -> base::HttpResponse { return test::ScriptedHttp::response(body, status); };
  };
  const std::vector<std::pair<std::string, std::function<base::HttpResponse()>>> failures{
      {"smdp.http-status", answer("", 500)},
      {"smdp.http-status", answer("<html></html>", 404)},
      {"smdp.unreadable", answer("<html></html>", 200)},
      {"smdp.unreadable", answer("", 204)},
      {"http.cut",
       []() -> base::HttpResponse {
         throw base::Error(base::ErrorKind::network, "http.cut", "cut");
       }},
      {"http.timeout", []() -> base::HttpResponse {
         throw base::Error(base::ErrorKind::network, "http.timeout", "late");
       }}};
  for (const auto* const function : server_functions) {
    for (const auto& [code, failure] : failures) {
      CAPTURE(function);
      CAPTURE(code);
      Between between;
      between.instead =
          [&, &fail = failure](const std::string& asked) -> std::optional<base::HttpResponse> {
        if (asked != function) return std::nullopt;
        return fail();
      };
      CHECK(between.run() == code);
      const auto ended = given_up_at(function);
      check_called_off(between, ended, undefined_unless(ended));
    }
  }
}

TEST_CASE("whoever stops a download at a step postpones it, on the card and at the server") {
  using Stage = lpa::DownloadStage;
  for (const auto& [stage, ended] : {std::pair{Stage::initiate_authentication, Ended::before_card},
                                     {Stage::authenticate_server, Ended::at_server_too},
                                     {Stage::authenticate_client, Ended::at_server_too},
                                     {Stage::prepare_download, Ended::at_server_too},
                                     {Stage::get_bound_profile_package, Ended::at_server_too},
                                     {Stage::load_bound_profile_package, Ended::at_server_too}}) {
    CAPTURE(name_of(stage));
    Between between;
    between.at_stage = [&, at = stage](Stage begun) {
      if (begun == at) between.stop.request_stop();
    };
    CHECK(between.run() == "download.interrupted");
    CHECK(between.count("card segment") == 0);
    check_called_off(between, ended, ended == Ended::before_card ? std::nullopt : std::optional(1));
    if (ended == Ended::at_server_too) CHECK(between.order().state != OrderState::cancelled);
  }
}

TEST_CASE("whoever stopped a download before it began sends nothing") {
  Between between;
  between.stop.request_stop();
  CHECK(between.run() == "download.interrupted");
  CHECK(between.count("server") == 0);
  CHECK(between.count("card") == 0);
  check_called_off(between, Ended::before_card);
}

TEST_CASE("whoever stops while the server is asked postpones the download") {
  for (const auto* const function : server_functions) {
    CAPTURE(function);
    Between between;
    between.lie = [&](const std::string& asked, Json&) {
      if (asked == function) between.stop.request_stop();
    };
    CHECK(between.run() == "download.interrupted");
    const bool early = std::string_view(function) == "initiateAuthentication";
    check_called_off(between, early ? Ended::before_card : Ended::at_server_too,
                     early ? std::nullopt : std::optional(1));
  }
}

TEST_CASE("whoever stops between two segments gets no profile, and the card keeps its result") {
  std::size_t all = 0;
  for (std::size_t stopped = 1; all == 0 || stopped < all; ++stopped) {
    CAPTURE(stopped);
    Between between;
    between.stop_after_segments = stopped;
    CHECK(between.run() == "download.interrupted");
    all = between.segments;
    CHECK(between.count("card segment") == stopped);
    // The card has ended it by itself.
    check_called_off(between, Ended::on_card, 1, Kept::result);
    REQUIRE(between.card().notifications.back().installation);
    CHECK_FALSE(between.server()
                    .handle_notification(*between.card().notifications.back().installation)
                    .success);
  }
  CHECK(all > 5);
  Between late;
  late.stop_after_segments = all;
  CHECK(late.run() == "none");
  CHECK(late.installed());
  CHECK(late.log.back() == "journal finish installed");
}

TEST_CASE("the user's reason reaches the card and the server, once") {
  for (const auto reason :
       {lpa::CancelReason::end_user_rejection, lpa::CancelReason::postponed,
        lpa::CancelReason::timeout, lpa::CancelReason::policy_rule_not_allowed}) {
    for (const bool fetched : {false, true}) {
      Between between;
      between.begin();
      if (fetched) between.fetch();
      between.cancel(reason);
      check_called_off(between, Ended::at_server_too, static_cast<int>(reason));
      const auto before = between.log.size();
      between.cancel(reason);
      CHECK(between.log.size() == before);
      CHECK((between.order().state == OrderState::cancelled) ==
            (reason == lpa::CancelReason::end_user_rejection ||
             reason == lpa::CancelReason::policy_rule_not_allowed));
    }
  }
}

TEST_CASE("after a result nothing is cancelled any more, whatever it was") {
  for (const bool fails : {false, true}) {
    auto state = fresh_t1();
    if (fails) state.download.install_error = sim::InstallError{5, 12};
    Between between(state);
    REQUIRE(between.run() == "none");
    const auto before = between.log;
    between.cancel(lpa::CancelReason::postponed);
    CHECK(between.log == before);
    CHECK(between.installed() == !fails);
  }
}

TEST_CASE("a server that does not hear of the end changes nothing about why it ended") {
  for (const auto status : {204, 500, 404}) {
    Between between;
    between.instead = [&](const std::string& function) -> std::optional<base::HttpResponse> {
      if (function != "cancelSession") return std::nullopt;
      return test::ScriptedHttp::response("", status);
    };
    between.lie = [](const std::string& function, Json& answer) {
      if (function == "authenticateClient") answer["profileMetadata"] = "vyUA";
    };
    CHECK(between.run() == "smdp.malformed-answer");
    check_called_off(between, Ended::at_server_too, 127);
    CHECK(between.noted("the server was not told") == (status != 204));
  }
}

TEST_CASE("a card that cannot end its session leaves the download open, and the server unasked") {
  for (const bool gone : {false, true}) {
    Between between;
    between.spoil = [&](const std::string& request, base::Bytes& answer) {
      if (request != "BF41") return;
      if (gone) throw base::Error(base::ErrorKind::card, "card.removed", "taken out");
      answer = hex("6A88");
    };
    between.begin();
    between.cancel(lpa::CancelReason::end_user_rejection);
    CHECK(between.noted("the session on the card was not ended"));
    check_left_open(between);
    between.cancel(lpa::CancelReason::end_user_rejection);
    check_left_open(between);
  }
}

TEST_CASE("a journal that has no room any more ends a download, on the card as well") {
  using Stage = lpa::DownloadStage;
  for (const auto& [stage, ended] : {std::pair{Stage::initiate_authentication, Ended::before_card},
                                     {Stage::authenticate_server, Ended::before_card},
                                     {Stage::authenticate_client, Ended::at_server_too},
                                     {Stage::load_bound_profile_package, Ended::at_server_too}}) {
    CAPTURE(name_of(stage));
    Between between;
    between.journal().full_at = stage;
    CHECK(between.run() == "store.full");
    CHECK(between.count("card segment") == 0);
    CHECK(between.count("card BF41") == (ended == Ended::before_card ? 0 : 1));
    CHECK(between.count("server cancelSession") == (ended == Ended::before_card ? 0 : 1));
    if (ended == Ended::at_server_too) CHECK(between.reason == 1);
    CHECK_FALSE(between.installed());
  }
}

TEST_CASE("a result that the journal has no room for leaves the download open") {
  Between between;
  between.journal().outbox_full = true;
  CHECK(between.run() == "store.full");
  CHECK(between.installed());
  CHECK(between.count("card BF41") == 0);
  check_left_open(between);
}

TEST_CASE("a confirmation code is told only to a server that wants one") {
  Between unasked;
  CHECK(unasked.run("4711") == "none");

  const auto coded = orders_with([](sim::Order& order) { order.confirmation_code = "1234"; });
  Between right(fresh_t1(), coded);
  CHECK(right.begin().code_required);
  right.fetch("1234");
  right.install();
  CHECK(right.installed());
  // smdpSigned2, smdpSignature2, then either the hash or the certificate.
  const auto after_signature = [](const Between& between) {
    const auto at = find(between.asked_to_prepare, hex("5F3740"));
    return between.asked_to_prepare.at(at + 3 + 64);
  };
  CHECK(after_signature(right) == 0x04);
  CHECK(after_signature(unasked) == 0x30);

  Between wrong(fresh_t1(), coded);
  CHECK(wrong.run("4321") == "smdp.refused");
  check_called_off(wrong, Ended::on_card, 127);

  Between missing(fresh_t1(), coded);
  CHECK(missing.run() == "card.refused-server");
  CHECK(missing.count("server getBoundProfilePackage") == 0);
  check_called_off(missing, Ended::on_card, 127);
}
