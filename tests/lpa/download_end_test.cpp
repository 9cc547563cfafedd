#include "tests/lpa/download_between.hpp"

// How a download ends: by what the card, the server or the user does, each at every step.

using namespace download_test;
using namespace std::chrono_literals;
using sim::OrderState;

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
    CAPTURE(lpa::stage_name(stage));
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
    CAPTURE(lpa::stage_name(stage));
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
