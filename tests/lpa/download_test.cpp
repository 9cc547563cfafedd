#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <doctest/doctest.h>

#include "lpa/bound_package.hpp"
#include "lpa/confirmation_code.hpp"
#include "lpa/euicc.hpp"
#include "sim/smdp.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/simulated_card.hpp"

// The card's half of a download: lpa between the simulated card and the simulated server, which
// share no table with it.

using sim::OrderState;
using test::hex;

namespace {

constexpr std::uint64_t today = 1'800'000'000;

lpa::DownloadContext context(const std::string& matching_id) {
  lpa::DownloadContext context;
  context.matching_id = matching_id;
  context.device.tac = {0x35, 0x29, 0x06, 0x11};
  context.device.capabilities.eutran = lpa::Version{{15, 0, 0}};
  return context;
}

/// A card, a server, and one session between them, step by step.
class Session {
 public:
  explicit Session(sim::State state = sim::fresh(), sim::Curve curve = sim::Curve::nist,
                   test::SimulatedCard::Around around = {})
      : smdp({curve, "localhost", "2.999.10"}, sim::fresh_orders(), [] { return today; }),
        card(std::move(state), std::move(around)),
        isdr_(std::move(std::get<std::unique_ptr<lpa::Isdr>>(lpa::Isdr::find(card, {})))),
        euicc(*isdr_) {}

  tlv::Signed<lpa::AuthenticateServerResponse> authenticate(const lpa::DownloadContext& about) {
    const auto challenge = euicc.challenge();
    const auto info1 = euicc.isdr().exchange(hex("BF2000")).data;
    const auto begun =
        smdp.initiate_authentication({challenge.begin(), challenge.end()}, "localhost", info1);
    const auto told = lpa::read_server_signed1(begun.signed1);
    CHECK(told.card_challenge == challenge);
    CHECK(told.server_address == "localhost");
    CHECK(told.transaction_id == begun.transaction_id);
    transaction_id = told.transaction_id;
    return euicc.authenticate_server(
        {begun.signed1, begun.signature1, begun.ci_key_id, begun.certificate}, about);
  }

  sim::Smdp::AuthenticateClientOk client(const lpa::DownloadContext& about) {
    const auto authenticated = authenticate(about);
    REQUIRE(std::holds_alternative<lpa::AuthenticateServerOk>(authenticated.value));
    return smdp.authenticate_client(transaction_id, authenticated.raw);
  }

  tlv::Signed<lpa::PrepareDownloadResponse> prepare(const sim::Smdp::AuthenticateClientOk& told,
                                                    const std::string& code = {}) {
    const auto wanted = lpa::read_smdp_signed2(told.signed2);
    CHECK(wanted.transaction_id == transaction_id);
    CHECK(wanted.code_required == !code.empty());
    std::optional<base::Bytes> hash;
    if (wanted.code_required) hash = lpa::confirmation_hash(code, wanted.transaction_id);
    return euicc.prepare_download({told.signed2, told.signature2, told.certificate}, hash);
  }

  /// All of it.
  tlv::Signed<lpa::InstallationResult> download(const std::string& matching_id,
                                                const std::string& code = {}) {
    const auto told = client(context(matching_id));
    package = smdp.get_bound_profile_package(transaction_id, prepare(told, code).raw);
    const auto cut = lpa::cut_package(package);
    CHECK(cut.transaction_id == transaction_id);
    CHECK(cut.metadata == told.metadata);
    segments = cut.segments.size();
    return *euicc.load(cut, [&](std::size_t number) {
      done = number;
      patience = card.patience();
    });
  }

  sim::Smdp smdp;
  test::SimulatedCard card;

 private:
  std::unique_ptr<lpa::Isdr> isdr_;

 public:
  lpa::Euicc euicc;
  lpa::TransactionId transaction_id;
  base::Bytes package;
  std::size_t segments = 0;
  std::size_t done = 0;
  std::optional<std::chrono::milliseconds> patience;  ///< of the last command of a load
};

sim::State fresh_t1() {
  auto state = sim::fresh();
  state.protocol = sim::Protocol::t1;
  return state;
}

lpa::InstallationError failure(const tlv::Signed<lpa::InstallationResult>& result) {
  return std::get<lpa::InstallationError>(result.value.data.outcome);
}

}  // namespace

TEST_CASE("a profile is downloaded over T=0 and T=1, with either curve, in small pieces") {
  for (const auto protocol : {sim::Protocol::t0, sim::Protocol::t1}) {
    for (const auto curve : {sim::Curve::nist, sim::Curve::brainpool}) {
      for (const auto piece : std::array<std::uint16_t, 2>{16, 256}) {
        auto state = sim::fresh();
        state.protocol = protocol;
        state.options.line.answer_piece = piece;
        if (piece == 16) state.options.line.longest_block = 63;
        Session session(std::move(state), curve);
        const auto before = session.euicc.profiles(lpa::ProfileFields::state).size();
        const auto result = session.download("SMALL-2KB");
        const auto& success = std::get<lpa::InstallationSuccess>(result.value.data.outcome);
        CHECK(session.done == session.segments);
        CHECK(result.value.data.transaction_id == session.transaction_id);
        CHECK(session.smdp.handle_notification(result.raw).success);
        CHECK(session.smdp.orders().orders.at(0).state == OrderState::installed);
        const auto profiles = session.euicc.profiles(lpa::ProfileFields::details);
        REQUIRE(profiles.size() == before + 1);
        CHECK(profiles.back().name == "Small");
        CHECK(profiles.back().isdp_aid == success.isdp_aid);
        const auto waiting = session.euicc.retrieve_notifications();
        CHECK(std::get<tlv::Signed<lpa::InstallationResult>>(waiting.back()).raw == result.raw);
      }
    }
  }
}

TEST_CASE("a package with keys of its own and a confirmation code are taken") {
  Session session;
  const auto result = session.download("WITH-CODE", "1234");
  CHECK(std::holds_alternative<lpa::InstallationSuccess>(result.value.data.outcome));
  CHECK(session.smdp.handle_notification(result.raw).success);
}

TEST_CASE("the hash of a confirmation code is that of the specification") {
  // Worked out with another program: SHA-256(SHA-256("1234") || 0102).
  CHECK(hex(lpa::confirmation_hash("1234", hex("0102"))) ==
        "4D29DC53049CE0086F44D2CC0C87D8C4DA8B8A4A30F1F330C11AF6442721C5AF");
}

TEST_CASE("what the server says of a profile is read before the download") {
  Session session;
  const auto metadata = lpa::read_metadata(session.client(context("SMALL-2KB")).metadata);
  CHECK(metadata.iccid.digits() == "8900100000000000101");
  CHECK(metadata.provider == "Practice Mobile");
  CHECK(metadata.name == "Small");
  CHECK(metadata.class_or_default() == lpa::ProfileClass::operational);
  REQUIRE(metadata.notifications);
  CHECK(metadata.notifications->front().address == "localhost");
  CHECK_FALSE(metadata.has_rule(lpa::policy_rule::no_delete));
}

TEST_CASE("the IMEI and the absence of a matching identifier reach the server") {
  Session session;
  auto about = context("");
  about.matching_id.reset();
  about.device.imei = {0x53, 0x92, 0x60, 0x11, 0x21, 0x43, 0x65, 0x7F};
  CHECK_THROWS_AS(session.client(about), sim::Es9Failure);  // it has no order for the EID
  const auto answer = hex(session.authenticate(about).raw);
  CHECK(answer.find("A019A1178004352906") != std::string::npos);
  CHECK(answer.find("82085392601121436") != std::string::npos);
}

TEST_CASE("errors of the card are told typed, with their octets for the server") {
  auto state = sim::fresh();
  state.download.authenticate_error = 6;
  Session refusing(state);
  const auto refused = refusing.authenticate(context("SMALL-2KB"));
  const auto& error = std::get<lpa::AuthenticateServerError>(refused.value);
  CHECK(error.code == lpa::AuthenticateServerErrorCode::challenge_mismatch);
  CHECK(error.transaction_id == refusing.transaction_id);
  CHECK(hex(refused.raw).starts_with("BF38"));

  state.download.authenticate_error.reset();
  state.download.prepare_error = 2;
  Session unprepared(state);
  const auto not_ready = unprepared.prepare(unprepared.client(context("SMALL-2KB")));
  CHECK(std::get<lpa::PrepareDownloadError>(not_ready.value).code ==
        lpa::PrepareDownloadErrorCode::invalid_signature);
}

TEST_CASE("loading stops where the card says no") {
  for (const auto command : std::array<std::uint8_t, 4>{0, 1, 2, 5}) {
    CAPTURE(command);
    auto state = sim::fresh();
    state.download.install_error = sim::InstallError{command, 10};
    Session session(std::move(state));
    const auto result = session.download("SMALL-2KB");
    CHECK(failure(result).command == command);
    CHECK(failure(result).reason == 10);
    CHECK(session.done < session.segments);
    const auto received = session.smdp.handle_notification(result.raw);
    CHECK(received.valid);
    CHECK_FALSE(received.success);
  }
}

TEST_CASE("a card that takes all of a package and says nothing is no success") {
  Session session(fresh_t1(), sim::Curve::nist, [](sim::Card& card, base::ByteView command) {
    auto answer = card.transmit(command);
    const bool is_result = answer.size() > 2 && answer[0] == 0xBF && answer[1] == 0x37;
    return is_result ? hex("9000") : answer;
  });
  CHECK(test::error_code([&] { session.download("SMALL-2KB"); }) == "card.no-result");
  CHECK_FALSE(session.card.patience());
}

TEST_CASE("a card gets two minutes for each command while it loads a package, and only then") {
  Session session;
  const auto told = session.client(context("SMALL-2KB"));
  CHECK_FALSE(session.card.patience());
  session.download("SMALL-2KB");
  CHECK(session.patience == std::chrono::minutes(2));
  CHECK_FALSE(session.card.patience());
}

TEST_CASE("a session is cancelled on the card and at the server") {
  Session session;
  session.client(context("SMALL-2KB"));
  const auto answer =
      session.euicc.cancel_session(session.transaction_id, lpa::CancelReason::end_user_rejection);
  const auto& ok = std::get<lpa::CancelSessionOk>(answer.value);
  CHECK(ok.cancelled.reason == lpa::CancelReason::end_user_rejection);
  CHECK(ok.cancelled.transaction_id == session.transaction_id);
  session.smdp.cancel_session(session.transaction_id, answer.raw);
  CHECK(session.smdp.orders().orders.at(0).state == OrderState::cancelled);
  const auto again =
      session.euicc.cancel_session(session.transaction_id, lpa::CancelReason::timeout);
  CHECK(std::get<lpa::CancelSessionError>(again.value) ==
        lpa::CancelSessionError::invalid_transaction_id);
}

TEST_CASE("what a server sends never becomes another part of the request") {
  const auto sequence = hex("3000");
  const auto signature = hex("5F370100");
  const auto key_id = hex("040100");
  const lpa::ServerAuthentication sound{sequence, signature, key_id, sequence};
  CHECK(hex(lpa::authenticate_request(sound, context("A"))).starts_with("BF38"));
  const auto code = [](const lpa::ServerAuthentication& server) {
    return test::error_code([&] { static_cast<void>(lpa::authenticate_request(server, {})); });
  };
  CHECK(code({hex("300030 00"), signature, key_id, sequence}) == "smdp.malformed-answer");
  CHECK(code({sequence, hex("5F3802 0000"), key_id, sequence}) == "smdp.malformed-answer");
  CHECK(code({sequence, signature, {}, sequence}) == "smdp.malformed-answer");
  CHECK(code({sequence, signature, key_id, hex("3001")}) == "smdp.malformed-answer");
  CHECK(test::error_code([&] {
          static_cast<void>(lpa::prepare_request({sequence, signature, hex("0400")}, {}));
        }) == "smdp.malformed-answer");
}

TEST_CASE("the request to prepare has the hash between signature and certificate") {
  CHECK(hex(lpa::prepare_request({hex("3000"), hex("5F370100"), hex("3000")}, hex("AABB"))) ==
        "BF210C30005F3701000402AABB3000");
}

TEST_CASE("an identifier of a session that is empty or too long is refused") {
  const auto code = [](const std::string& octets) {
    return test::error_code([&] { static_cast<void>(lpa::read_smdp_signed2(hex(octets))); });
  };
  CHECK(code("30058000010100") == "smdp.malformed-answer");
  CHECK(code("3016801101010101010101010101010101010101 01010100") == "smdp.malformed-answer");
  CHECK(lpa::read_smdp_signed2(hex("300680010A0101FF")).code_required);
}
