#pragma once

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

/// A whole download between the simulated card and the simulated server, with somebody in between
/// who changes what is said, and with cards, servers and users that give up at any step.
namespace download_test {

using Json = nlohmann::json;
using test::hex;
using namespace std::chrono_literals;

constexpr base::UtcTime now = std::chrono::sys_days(2026y / 6 / 1);

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
    add("step " + std::string(lpa::stage_name(step.stage)));
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

inline sim::State fresh_t1() {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  return state;
}

inline sim::Orders orders_with(const std::function<void(sim::Order&)>& change) {
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
  /// The channel is closed after the test's own variables are gone.
  ~Between() {
    spoil = [](const std::string&, base::Bytes&) {};
    on_way = [](const std::string&) { return true; };
  }
  Between(const Between&) = delete;
  Between& operator=(const Between&) = delete;
  Between(Between&&) = delete;
  Between& operator=(Between&&) = delete;

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
    log.push_back("stage " + std::string(lpa::stage_name(stage)));
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
inline void change(Json& answer, const char* member, const std::function<void(base::Bytes&)>& how) {
  auto octets = base::from_base64(answer.at(member).get<std::string>()).value();
  how(octets);
  answer[member] = base::to_base64(octets);
}

/// Where `part` begins in `octets`.
inline std::size_t find(const base::Bytes& octets, const base::Bytes& part) {
  const auto found = std::ranges::search(octets, part);
  REQUIRE_FALSE(found.empty());
  return static_cast<std::size_t>(found.begin() - octets.begin());
}

/// Changes the last octet of the transaction identifier in `member`.
inline void other_transaction(Json& answer, const char* member) {
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

inline void check_called_off(Between& between, Ended ended,
                             std::optional<int> reason = std::nullopt, Kept kept = Kept::nothing) {
  CHECK(between.count("card BF41") == (ended == Ended::before_card ? 0 : 1));
  CHECK(between.reason == reason);
  CHECK(between.count("server cancelSession") == (ended == Ended::at_server_too ? 1 : 0));
  if (ended == Ended::at_server_too) {
    CHECK(between.place("card BF41") < between.place("server cancelSession"));
  }
  if (ended != Ended::before_card) {
    CHECK(between.place("journal step cancelSession") < between.place("card BF41"));
  }
  if (kept == Kept::nothing) CHECK(between.log.back() == "journal finish cancelled");
  CHECK(between.count("journal finish") == 1);
  CHECK(between.journal().open_sessions().empty());
  CHECK(between.journal().unsent().size() == (kept == Kept::nothing ? 0 : 1));
  CHECK_FALSE(between.installed());
  CHECK_FALSE(between.result);
}

/// The journal does not say that it is over, and the server was not told so.
inline void check_left_open(Between& between) {
  CHECK(between.count("journal finish") == 0);
  CHECK(between.journal().open_sessions().size() == 1);
  CHECK(between.count("server cancelSession") == 0);
}

inline const std::array<const char*, 3> server_functions{
    "initiateAuthentication", "authenticateClient", "getBoundProfilePackage"};

/// How a session ends when the server gives up at that function.
inline Ended given_up_at(std::string_view function) {
  return function == "initiateAuthentication" ? Ended::before_card : Ended::on_card;
}

inline std::optional<int> undefined_unless(Ended ended) {
  return ended == Ended::before_card ? std::nullopt : std::optional(127);
}

}  // namespace download_test
