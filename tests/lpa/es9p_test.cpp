#include "lpa/es9p.hpp"

#include <array>
#include <functional>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/scripted_http.hpp"

// The functions of ES9+ over a client whose server says what the test wants.

using Json = nlohmann::json;
using test::hex;
using test::ScriptedHttp;

namespace {

constexpr lpa::Version version_2_3{{2, 3, 0}};
const std::string address = "smdp.example.com";

Json header(const std::string& status) {
  return {{"functionExecutionStatus", {{"status", status}}}};
}

/// An answer that has what each of the functions needs.
Json sound(const std::string& status = "Executed-Success") {
  return {
      {"header", header(status)},   {"transactionId", "0A0B"},       {"serverSigned1", "MAA="},
      {"serverSignature1", "XzcA"}, {"euiccCiPKIdToBeUsed", "BAEB"}, {"serverCertificate", "MAEB"},
      {"profileMetadata", "vyUA"},  {"smdpSigned2", "MAEC"},         {"smdpSignature2", "XzcB"},
      {"smdpCertificate", "MAED"},  {"boundProfilePackage", "vzYA"}};
}

Json failed(const Json& data, const std::string& status = "Failed") {
  auto json = sound(status);
  json["header"]["functionExecutionStatus"]["statusCodeData"] = data;
  return json;
}

lpa::Challenge challenge() { return {1, 2, 3}; }

struct Function {
  const char* name;
  std::function<void(lpa::Smdp&)> run;
  std::vector<const char*> members;  ///< that its answer must have
  bool may_be_empty = false;
};

const std::vector<Function>& functions() {
  static const std::vector<Function> all{
      {"initiateAuthentication",
       [](lpa::Smdp& smdp) { smdp.initiate_authentication(challenge, hex("BF2000")); },
       {"transactionId", "serverSigned1", "serverSignature1", "euiccCiPKIdToBeUsed",
        "serverCertificate"}},
      {"authenticateClient",
       [](lpa::Smdp& smdp) { smdp.authenticate_client(hex("0A0B"), hex("BF3800")); },
       {"transactionId", "profileMetadata", "smdpSigned2", "smdpSignature2", "smdpCertificate"}},
      {"getBoundProfilePackage",
       [](lpa::Smdp& smdp) { smdp.bound_profile_package(hex("0A0B"), hex("BF2100")); },
       {"transactionId", "boundProfilePackage"}},
      {"cancelSession",
       [](lpa::Smdp& smdp) { smdp.cancel_session(hex("0A0B"), hex("BF4100")); },
       {},
       true},
      {"handleNotification",
       [](lpa::Smdp& smdp) { smdp.handle_notification(hex("BF3700")); },
       {},
       true}};
  return all;
}

/// What a function throws when the server answers like that; "none".
std::string code(const Function& function, std::string_view body, int status = 200) {
  ScriptedHttp http(body, status);
  lpa::Smdp smdp(http, address, version_2_3);
  return test::error_code([&] { function.run(smdp); });
}

base::Error refusal(const Json& answer, int status = 200) {
  ScriptedHttp http(answer.dump(), status);
  lpa::Smdp smdp(http, address, version_2_3);
  auto error = test::error_of([&] { functions()[1].run(smdp); });
  REQUIRE(error);
  CHECK(error->code() == "smdp.refused");
  CHECK(error->kind() == base::ErrorKind::refused);
  return *error;
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The body of the first request.
Json first_body(const ScriptedHttp& http) {
  REQUIRE_FALSE(http.asked().empty());
  return Json::parse(http.asked().front().body);
}

}  // namespace

TEST_CASE("each function of ES9+ is a POST to its path, with the three headers of an LPA") {
  for (const auto& function : functions()) {
    CAPTURE(function.name);
    ScriptedHttp http(sound().dump());
    lpa::Smdp smdp(http, "smdp.example.com:8443", version_2_3);
    function.run(smdp);
    REQUIRE(http.asked().size() == 1);
    const auto& asked = http.asked().front();
    CHECK(asked.method == "POST");
    CHECK(asked.url ==
          std::string("https://smdp.example.com:8443/gsma/rsp2/es9plus/") + function.name);
    CHECK(asked.headers.size() == 3);
    CHECK(asked.header("User-Agent") == "gsma-rsp-lpad");
    CHECK(asked.header("X-Admin-Protocol") == "gsma/rsp/v2.3.0");
    CHECK(asked.header("Content-Type") == "application/json");
  }
}

TEST_CASE("a server is told the version of the card, and never a higher one than 2.5.0") {
  for (const auto& [card, told] : {std::pair{lpa::Version{{2, 0, 0}}, "gsma/rsp/v2.0.0"},
                                   {lpa::Version{{2, 2, 2}}, "gsma/rsp/v2.2.2"},
                                   {lpa::Version{{2, 5, 0}}, "gsma/rsp/v2.5.0"},
                                   {lpa::Version{{2, 5, 1}}, "gsma/rsp/v2.5.0"},
                                   {lpa::Version{{2, 10, 0}}, "gsma/rsp/v2.5.0"},
                                   {lpa::Version{{3, 0, 0}}, "gsma/rsp/v2.5.0"},
                                   {lpa::Version{{3, 1, 0}}, "gsma/rsp/v2.5.0"}}) {
    ScriptedHttp http(sound().dump());
    lpa::Smdp smdp(http, address, card);
    functions()[0].run(smdp);
    CHECK(http.asked().front().header("X-Admin-Protocol") == told);
  }
}

TEST_CASE("a server is told its address without the port, spelled as it was given") {
  for (const auto& [given, told] :
       {std::pair{"smdp.example.com:8443", "smdp.example.com"}, {"SMDP.Example.com", nullptr}}) {
    ScriptedHttp http(sound().dump());
    lpa::Smdp smdp(http, given, version_2_3);
    functions()[0].run(smdp);
    const std::string expected = told == nullptr ? given : told;
    CHECK(first_body(http).at("smdpAddress") == expected);
    CHECK(smdp.host() == expected);
    CHECK(smdp.address() == given);
  }
}

TEST_CASE("requests have the members of SGP.22 6.5.2, no header, and base64 on one line") {
  base::Bytes long_answer(1000, 0xFB);
  ScriptedHttp http(sound().dump());
  lpa::Smdp smdp(http, address, version_2_3);
  smdp.initiate_authentication(challenge, hex("BF2000"));
  smdp.authenticate_client(hex("0A0B"), long_answer);
  smdp.bound_profile_package(hex("0A0B"), hex("BF2100"));
  smdp.cancel_session(hex("0A0B"), hex("BF410000"));
  smdp.handle_notification(hex("BF370000"));
  const auto body = [&](std::size_t number) { return Json::parse(http.asked().at(number).body); };
  CHECK(body(0) == Json{{"euiccChallenge", "AQIDAAAAAAAAAAAAAAAAAA=="},
                        {"euiccInfo1", "vyAA"},
                        {"smdpAddress", "smdp.example.com"}});
  CHECK(body(1).size() == 2);
  CHECK(body(1).at("transactionId") == "0A0B");
  const std::string coded = body(1).at("authenticateServerResponse");
  CHECK(coded.size() == 1336);
  CHECK(coded.ends_with("+w=="));
  CHECK(coded.find_first_of(" \r\n-_") == std::string::npos);
  CHECK(body(2) == Json{{"transactionId", "0A0B"}, {"prepareDownloadResponse", "vyEA"}});
  CHECK(body(3) == Json{{"transactionId", "0A0B"}, {"cancelSessionResponse", "v0EAAA=="}});
  CHECK(body(4) == Json{{"pendingNotification", "vzcAAA=="}});
}

TEST_CASE("base64 of a server is read with ends of lines in it and without its padding") {
  auto answer = sound();
  answer["serverSigned1"] = "MBABAgME\r\nBQYHCAkK\r\nCwwNDg8Q\r\n";
  answer["serverSignature1"] = " XzcB AA ";
  answer["serverCertificate"] = "MAEBAA";
  ScriptedHttp http(answer.dump());
  lpa::Smdp smdp(http, address, version_2_3);
  const auto begun = smdp.initiate_authentication(challenge, hex("BF2000"));
  CHECK(hex(begun.server.signed1) == "30100102030405060708090A0B0C0D0E0F10");
  CHECK(hex(begun.server.signature1) == "5F370100");
  CHECK(hex(begun.server.issuer_key_id) == "040101");
  CHECK(hex(begun.server.certificate) == "30010100");
}

TEST_CASE("what is no base64, and an identifier that is not hexadecimal, cannot be read") {
  for (const auto* const spoilt : {"MA-_", "MA=", "M", "MAA=MAA=", "\u00fc"}) {
    auto answer = sound();
    answer["profileMetadata"] = spoilt;
    CHECK(code(functions()[1], answer.dump()) == "smdp.unreadable");
    CHECK(code(functions()[0], answer.dump()) == "none");
  }
  for (const auto* const spoilt : {"0A0", "0x0A", "xyz"}) {
    auto answer = sound();
    answer["transactionId"] = spoilt;
    CHECK(code(functions()[0], answer.dump()) == "smdp.unreadable");
    CHECK(code(functions()[3], answer.dump()) == "none");
  }
}

TEST_CASE("a transaction is named as the server spelled it") {
  auto answer = sound();
  answer["transactionId"] = "0a0B";
  ScriptedHttp http(answer.dump());
  lpa::Smdp smdp(http, address, version_2_3);
  CHECK(smdp.initiate_authentication(challenge, hex("BF2000")).transaction_id == hex("0A0B"));
  smdp.authenticate_client(hex("0A0B"), {});
  smdp.bound_profile_package(hex("0A0B"), {});
  smdp.cancel_session(hex("0A0B"), {});
  for (std::size_t i = 1; i < http.asked().size(); ++i) {
    CHECK(Json::parse(http.asked()[i].body).at("transactionId") == "0a0B");
  }
  smdp.cancel_session(hex("0A0C"), {});  // another one
  CHECK(Json::parse(http.asked().back().body).at("transactionId") == "0A0C");
}

TEST_CASE("a function that was executed with a warning was executed") {
  for (const auto& function : functions()) {
    CHECK(code(function, sound("Executed-Success").dump()) == "none");
    CHECK(code(function, sound("Executed-WithWarning").dump()) == "none");
    for (const auto* const status : {"Failed", "Expired", "executed-success", "Executed", ""}) {
      CAPTURE(status);
      CHECK(code(function, sound(status).dump()) == "smdp.refused");
    }
  }
}

TEST_CASE("a refusal has the meaning of its codes, and what to do") {
  const auto error =
      refusal(failed({{"subjectCode", "8.2.6"}, {"reasonCode", "3.8"}, {"message", "Refused"}}));
  const std::string what = error.what();
  CHECK(what.starts_with("smdp.example.com refused AuthenticateClient: "));
  CHECK(what.ends_with(" (8.2.6/3.8)"));
  CHECK(what.size() > 80);
  REQUIRE(error.hints().size() == 2);
  CHECK(error.hints()[1] == "the server says: “Refused”");
  CHECK(error.steps() == std::vector<std::string>{"AuthenticateClient"});
  const auto expired =
      refusal(failed({{"subjectCode", "8.8.5"}, {"reasonCode", "4.10"}}, "Expired"));
  CHECK(mentions(expired.what(), "expired"));
  CHECK(mentions(expired.what(), "(8.8.5/4.10)"));
}

TEST_CASE("a reason code 3.10 is not 3.1, and 4.10 is not 4.1") {
  const auto what = [](const char* subject, const char* reason) -> std::string {
    return refusal(failed({{"subjectCode", subject}, {"reasonCode", reason}})).what();
  };
  CHECK(what("8.2.6", "3.8") != what("8.2.6", "3.80"));
  CHECK(what("8.2.6", "3.80") == "smdp.example.com refused AuthenticateClient (8.2.6/3.80)");
  CHECK(what("8.8.5", "4.1") == "smdp.example.com refused AuthenticateClient (8.8.5/4.1)");
  CHECK(what("8.8.5", "4.10") != "smdp.example.com refused AuthenticateClient (8.8.5/4.10)");
  CHECK(what("8.8.3", "3.1") != "smdp.example.com refused AuthenticateClient (8.8.3/3.1)");
  CHECK(what("8.8.3", "3.10") == "smdp.example.com refused AuthenticateClient (8.8.3/3.10)");
  // A server that writes it as a number has thrown the difference away.
  CHECK(mentions(refusal(failed({{"subjectCode", "8.2.6"}, {"reasonCode", 3.1}})).what(),
                 "(8.2.6/)"));
}

TEST_CASE("what a server says of a refusal is shown in its language, fit for a terminal") {
  const auto hint = [](const Json& message) -> std::string {
    Json data{{"subjectCode", "8.99"}, {"reasonCode", "9.9"}};
    if (!message.is_null()) data["message"] = message;
    const auto error = refusal(failed(data));
    CHECK(std::string(error.what()) == "smdp.example.com refused AuthenticateClient (8.99/9.9)");
    const auto& last = error.hints().back();
    return last.starts_with("the server says") ? last : "none";
  };
  CHECK(hint(nullptr) == "none");
  CHECK(hint("") == "none");
  CHECK(hint(7) == "none");
  CHECK(hint("已过期") == "the server says: “已过期”");
  const std::string turned{'\xE2', '\x80', '\xAE'};  // right to left from here on
  const auto hostile = hint("a\u001b[31mb\nc" + turned + "d" + std::string(5000, 'x'));
  CHECK_FALSE(mentions(hostile, "\x1b"));
  CHECK_FALSE(mentions(hostile, "\n"));
  CHECK_FALSE(mentions(hostile, turned));
  CHECK(hostile.size() < 300);
}

TEST_CASE("a refusal without reasons is one") {
  for (const auto& data : {Json(), Json::object(), Json("x"), Json::array({1}), Json(3)}) {
    CHECK(std::string(refusal(failed(data)).what()) ==
          "smdp.example.com refused AuthenticateClient (no reason given)");
  }
  CHECK(code(functions()[1], sound("Failed").dump()) == "smdp.refused");
}

TEST_CASE("members that nobody knows are passed over") {
  auto answer = sound();
  answer["somethingNew"] = {{"deep", {1, 2, Json::object()}}};
  answer["header"]["more"] = true;
  answer["header"]["functionExecutionStatus"]["statusCodeData"] = {{"message", "fine"}};
  for (const auto& function : functions()) CHECK(code(function, answer.dump()) == "none");
}

TEST_CASE("only notifications and the end of a session may be answered with nothing") {
  for (const auto& function : functions()) {
    CAPTURE(function.name);
    for (const auto& [body, status] : {std::pair{"", 204}, {"", 200}, {"", 202}}) {
      CHECK(code(function, body, status) == (function.may_be_empty ? "none" : "smdp.unreadable"));
    }
    CHECK(code(function, "{}") == (function.may_be_empty ? "none" : "smdp.unreadable"));
    CHECK(code(function, sound("Failed").dump()) == "smdp.refused");
  }
}

TEST_CASE("an answer with nothing is told as one") {
  ScriptedHttp http("", 204);
  lpa::Smdp smdp(http, address, version_2_3);
  const auto error = test::error_of([&] { functions()[2].run(smdp); });
  REQUIRE(error);
  CHECK(error->kind() == base::ErrorKind::network);
  CHECK(std::string(error->what()) ==
        "smdp.example.com answered GetBoundProfilePackage with nothing");
  CHECK(error->hints().size() == 1);
}

TEST_CASE("an HTTP status that is no success is told, unless the server refuses in words") {
  for (const auto& function : functions()) {
    for (const auto status : {301, 400, 403, 404, 407, 500, 503}) {
      CAPTURE(status);
      CHECK(code(function, "", status) == "smdp.http-status");
      CHECK(code(function, "<html></html>", status) == "smdp.http-status");
      CHECK(code(function, R"({"error": "x"})", status) == "smdp.http-status");
      CHECK(code(function, sound().dump(), status) == "smdp.http-status");
      CHECK(code(function, sound("Failed").dump(), status) == "smdp.refused");
    }
  }
}

TEST_CASE("an HTTP status has a hint that fits it") {
  const auto error = [](int status) {
    ScriptedHttp http("", status);
    lpa::Smdp smdp(http, address, version_2_3);
    auto thrown = test::error_of([&] { functions()[0].run(smdp); });
    REQUIRE(thrown);
    CHECK(thrown->kind() == base::ErrorKind::network);
    CHECK(std::string(thrown->what()) ==
          "smdp.example.com answered InitiateAuthentication with HTTP status " +
              std::to_string(status));
    REQUIRE(thrown->hints().size() == 1);
    return thrown->hints().front();
  };
  CHECK(mentions(error(500), "try again later"));
  CHECK(mentions(error(404), "is this the address"));
  CHECK(mentions(error(407), "proxy"));
}

TEST_CASE("a page of HTML, and JSON that is no answer, cannot be read") {
  for (const auto& function : functions()) {
    for (const auto* const body : {"<!DOCTYPE html><html></html>", "[]", "null", "7", "\"text\"",
                                   "{", "{\"header\"", "{} {}", "\xff\xfe{}"}) {
      CAPTURE(body);
      CHECK(code(function, body) == "smdp.unreadable");
    }
  }
  CHECK(code(functions()[0], "\xEF\xBB\xBF" + sound().dump()) == "none");  // a byte order mark
}

TEST_CASE("an answer without a member, or with one of another type, cannot be read") {
  for (const auto& function : functions()) {
    for (const auto* const member : function.members) {
      CAPTURE(member);
      auto answer = sound();
      answer.erase(member);
      CHECK(code(function, answer.dump()) == "smdp.unreadable");
      for (const auto& wrong :
           {Json(), Json(7), Json(true), Json::array(), Json::array({"MAA="}), Json::object()}) {
        answer[member] = wrong;
        CHECK(code(function, answer.dump()) == "smdp.unreadable");
      }
    }
  }
}

TEST_CASE("an answer without the status of its function, or with a strange one, cannot be read") {
  for (const auto& strange :
       {Json(), Json("Executed-Success"), Json::array({1}), Json{{"functionExecutionStatus", 1}},
        Json{{"functionExecutionStatus", {{"status", 7}}}},
        Json{{"functionExecutionStatus", {{"status", {"Executed-Success"}}}}}}) {
    auto answer = sound();
    answer["header"] = strange;
    CHECK(code(functions()[0], answer.dump()) == "smdp.unreadable");
    answer.erase("header");
    CHECK(code(functions()[0], answer.dump()) == "smdp.unreadable");
  }
}

TEST_CASE("an answer that is nested deeply, or as large as one may be, does no harm") {
  const std::string opened(100'000, '[');
  const std::string closed(100'000, ']');
  for (const auto& function : functions()) {
    CHECK(code(function, opened) == "smdp.unreadable");
    CHECK(code(function, opened + closed) == "smdp.unreadable");
  }
  const auto text = sound().dump();
  const auto with = [&](const std::string& extra) {
    return text.substr(0, text.size() - 1) + ", \"extra\": " + extra + "}";
  };
  CHECK(code(functions()[0], with(opened + closed)) == "none");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(code(functions()[0], with(objects + "1" + std::string(100'000, '}'))) == "none");
  constexpr std::size_t largest = 4UL * 1024 * 1024;
  CHECK(code(functions()[0], with('"' + std::string(largest - text.size() - 20, 'x') + '"')) ==
        "none");
  CHECK(code(functions()[0], std::string(largest, '[')) == "smdp.unreadable");

  auto answer = sound();
  answer["boundProfilePackage"] = std::string(largest - 1000, 'A');
  ScriptedHttp http(answer.dump());
  lpa::Smdp smdp(http, address, version_2_3);
  CHECK(smdp.bound_profile_package(hex("0A0B"), {}).package.size() == (largest - 1000) / 4 * 3);
}

TEST_CASE(
    "what goes wrong with the card before there is a challenge is told, and nothing is sent") {
  ScriptedHttp http(sound().dump());
  lpa::Smdp smdp(http, address, version_2_3);
  const auto failing = []() -> lpa::Challenge {
    throw base::Error(base::ErrorKind::card, "card.removed", "taken out");
  };
  CHECK(test::error_code([&] { smdp.initiate_authentication(failing, {}); }) == "card.removed");
  CHECK(http.asked().empty());
  CHECK_THROWS_AS(smdp.initiate_authentication(
                      []() -> lpa::Challenge { throw std::runtime_error("a bug"); }, {}),
                  std::runtime_error);
  CHECK(http.asked().empty());
  smdp.initiate_authentication(challenge, {});
  CHECK(http.asked().size() == 1);
}

TEST_CASE("a card that is still asked when the connection fails has answered before that is told") {
  ScriptedHttp http([](const test::Asked&) -> base::HttpResponse {
    throw base::Error(base::ErrorKind::network, "http.cut", "cut");
  });
  bool done = false;
  lpa::Smdp smdp(http, address, version_2_3);
  CHECK(test::error_code([&] {
          smdp.initiate_authentication(
              [&] {
                done = true;
                return challenge();
              },
              {});
        }) == "http.cut");
  CHECK(done);
}

TEST_CASE("whoever stops ends every function but the last two") {
  const auto source = std::make_unique<std::stop_source>();
  const auto stop = source->get_token();
  ScriptedHttp http(sound().dump());
  lpa::Smdp smdp(http, address, version_2_3, stop);
  for (const auto& function : functions()) {
    function.run(smdp);
    CHECK(http.asked().back().stoppable == !function.may_be_empty);
  }
  source->request_stop();
  for (const auto& function : functions()) {
    CHECK(test::error_code([&] { function.run(smdp); }) ==
          (function.may_be_empty ? "none" : "http.cancelled"));
  }
}
