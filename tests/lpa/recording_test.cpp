#include "lpa/recording.hpp"

#include <doctest/doctest.h>

#include "lpa/lookup.hpp"
#include "lpa/recording_writer.hpp"
#include "lpa/replay.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"

namespace {

constexpr auto header = R"({"format":"esimctl-apdu/1","reader":"R","atr":"3B00","protocol":"T=1"})"
                        "\n";

std::string sent(const std::string& hex) { return R"({"t":0,"dir":"tx","apdu":")" + hex + "\"}\n"; }
std::string got(const std::string& hex) { return R"({"t":0,"dir":"rx","apdu":")" + hex + "\"}\n"; }

lpa::Recording recording(const std::string& lines) {
  return lpa::read_recording(header + lines, "file");
}

/// What a recording says of one exchange after the other.
std::string written(const std::vector<std::pair<std::string, std::string>>& exchanges,
                    lpa::Secrets secrets = lpa::Secrets::masked) {
  lpa::RecordingWriter writer(secrets);
  std::string text;
  for (const auto& [command, answer] : exchanges) {
    text +=
        writer.add(lpa::Seconds(1), test::hex(command), lpa::Seconds(1.5), test::hex(answer), {});
  }
  return text + writer.finish();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string eid_answer = "BF3E125A1089049032123451234512345678901235";

}  // namespace

TEST_CASE("an EID and an ICCID are written without what tells one from another") {
  const auto eid = written({{"80E2910006BF3E035C015A00", eid_answer + "9000"}});
  CHECK(contains(eid, "BF3E125A1089049032************************9000"));
  const auto enable =
      written({{"80E2910011BF310EA00C5A0A98001032547698103214810100", "BF31038001009000"}});
  CHECK(contains(enable, "BF310EA00C5A0A98001032************810100"));
  CHECK(contains(enable, "BF31038001009000"));
}

TEST_CASE("with --log-secrets everything is written as it is") {
  const auto eid =
      written({{"80E2910006BF3E035C015A00", eid_answer + "9000"}}, lpa::Secrets::shown);
  CHECK(contains(eid, eid_answer + "9000"));
  CHECK_FALSE(contains(eid, "**"));
}

TEST_CASE("a number that is cut between two buffers is masked in both") {
  const auto text = written({{"80E2910006BF3E035C015A", "6115"},
                             {"00C0000009", eid_answer.substr(0, 18) + "610C"},
                             {"00C000000C", eid_answer.substr(18) + "9000"}});
  CHECK(contains(text, "\"BF3E125A1089049032610C\""));
  CHECK(contains(text, "\"************************9000\""));
  const auto blocks = written({{"80E2110009BF310EA00C5A0A9800", "9000"},
                               {"80E29101081032547698103214", "BF31038001009000"}});
  CHECK(contains(blocks, "80E2110009BF310EA00C5A0A9800\""));
  CHECK(contains(blocks, "80E29101081032************\""));
}

TEST_CASE("a request that never became whole is masked throughout") {
  CHECK(contains(written({{"80E2110009BF310EA00C5A0A9800", "9000"}}),
                 "80E2110009******************\""));
}

TEST_CASE("orders, signatures and certificates are masked, results are not") {
  const auto text = written({{"80E2910009BF380630048002AABB00", "BF3809A1078002AABB8101019000"}});
  CHECK(contains(text, "BF380630048002****"));
  CHECK(contains(text, "BF3809A1078002****8101019000"));
  CHECK(contains(written({{"80E2910003BF2E00", "BF2B038101019000"}}), "BF2B038101019000"));
}

TEST_CASE("a command that got no answer is written with the error that came instead") {
  lpa::RecordingWriter writer(lpa::Secrets::masked);
  const auto text = writer.add(lpa::Seconds(0), test::hex("00A4040005A000000001"), lpa::Seconds(2),
                               {}, "card.removed");
  CHECK(contains(text, R"({"t":2.0,"dir":"rx","apdu":"","error":"card.removed"})"));
  const auto card = lpa::replay(recording(text));
  CHECK(test::error_code([&] { card->transmit(test::hex("00A4040005A000000001")); }) ==
        "card.removed");
}

TEST_CASE("a replay gives the recorded answers to the recorded commands") {
  const auto card =
      lpa::replay(recording(sent("0070000001") + got("019000") + sent("00C0") + got("6F00")));
  CHECK(test::hex(card->atr()) == "3B00");
  CHECK(card->protocol() == lpa::Protocol::t1);
  CHECK(test::hex(card->transmit(test::hex("0070000001"))) == "019000");
  CHECK(test::hex(card->transmit(test::hex("00C0"))) == "6F00");
}

TEST_CASE("a replay says at which line and octet another command comes") {
  const auto card = lpa::replay(recording(sent("0070000001") + got("019000")));
  const auto error = test::error_of([&] { card->transmit(test::hex("0070000002")); });
  CHECK(error->code() == "recording.differs");
  CHECK(contains(error->what(), "line 2 of file"));
  CHECK(contains(error->what(), "from octet 5 on"));
  CHECK(test::hex(card->transmit(test::hex("0070000001"))) == "019000");
  const auto end = test::error_of([&] { card->transmit(test::hex("0070000001")); });
  CHECK(end->code() == "recording.ended");
  CHECK(contains(end->what(), "line 4 of file"));
}

TEST_CASE("a masked octet of a command may be any, an unmasked one not") {
  const auto lines = sent("80E2910003AA**BB") + got("9000");
  CHECK(test::hex(lpa::replay(recording(lines))->transmit(test::hex("80E2910003AA77BB"))) ==
        "9000");
  const auto card = lpa::replay(recording(lines));
  CHECK(test::error_code([&] { card->transmit(test::hex("80E2910003AA77BC")); }) ==
        "recording.differs");
}

TEST_CASE("masked octets of an answer become digits, the same for the same value of a list") {
  const auto list =
      "BF2D2EA02CE3145A0A98001032************9F7001019002****E3145A0A98001032************"
      "9F700100900241429000";
  const auto state =
      "BF2D26A024E3105A0A98001032************9F700101E3105A0A98001032************9F7001009000";
  const auto got_both =
      recording(sent("80E2910003BF2D00") + got(list) + sent("80E2910003BF2D00") + got(state));
  const auto first = test::hex(got_both.exchanges[0].answer.octets);
  const auto second = test::hex(got_both.exchanges[1].answer.octets);
  CHECK(contains(first, "5A0A98001032303030303031"));
  CHECK(contains(first, "5A0A98001032303030303032"));
  CHECK(contains(first, "90023031"));
  CHECK(contains(second, "5A0A98001032303030303031"));
  CHECK(contains(second, "5A0A98001032303030303032"));
}

TEST_CASE("what is no recording of this format is refused before any card is asked") {
  const auto code = [](const std::string& text) {
    return test::error_code([&] { static_cast<void>(lpa::read_recording(text, "file")); });
  };
  CHECK(code("") == "recording.format");
  CHECK(code("hello\n") == "recording.format");
  CHECK(code("{\"format\":\"esimctl-apdu/2\"}\n") == "recording.format");
  CHECK(code("{\"format\":\"esimctl-apdu/1\",\"protocol\":\"T=2\"}\n") == "recording.format");
  CHECK(code(header + std::string("{\"dir\":\"tx\",\"apdu\":\"0")) == "recording.damaged");
  CHECK(code(header + sent("0")) == "recording.damaged");
  CHECK(code(header + sent("0*")) == "recording.damaged");
  CHECK(code(header + got("9000")) == "recording.damaged");
  CHECK(code(header + sent("00") + got("9000") + got("9000")) == "recording.damaged");
  CHECK(code(header + std::string("{\"dir\":\"up\",\"apdu\":\"00\"}\n")) == "recording.damaged");
  CHECK(code("{\"format\":\"esimctl-apdu/1\"}") == "none");
}

TEST_CASE("a recording that ends after a command says so when it comes there") {
  const auto card = lpa::replay(recording(sent("0070000001")));
  const auto error = test::error_of([&] { card->transmit(test::hex("0070000001")); });
  CHECK(error->code() == "recording.ended");
  CHECK(contains(error->what(), "line 2 of file"));
}

TEST_CASE(
    "a looked-up request may be cut otherwise, come on another channel and in another order") {
  const auto lines = sent("C0E21100020102") + got("9000") +
                     sent(
                         "C0E2910101"
                         "03") +
                     got("6104") + sent("40C0000004") + got("AABBCCDD9000") +
                     sent(
                         "80E2910001"
                         "77") +
                     got("119000");
  const auto card = lpa::lookup(recording(lines), [](const std::string&) {});
  CHECK(test::hex(card->transmit(test::hex("81E29100017700"))) == "119000");
  CHECK(test::hex(card->transmit(test::hex("81E2910003010203"))) == "AABBCCDD9000");
  CHECK(test::hex(card->transmit(test::hex("81E29100020102"))) == "6A88");
}

TEST_CASE("the same request asked again is answered as the recording went on") {
  const auto lines = sent("80E291000177") + got("019000") + sent("80E291000177") + got("029000");
  const auto card = lpa::lookup(recording(lines), [](const std::string&) {});
  for (const auto* answer : {"019000", "029000", "029000"})
    CHECK(test::hex(card->transmit(test::hex("80E291000177"))) == answer);
}

TEST_CASE("a change that was not recorded is never taken for another") {
  const auto lines = sent(
                         "80E2910006BF310380"
                         "0101") +
                     got("BF31038001009000") + sent("80E2910003BF2000") + got("BF20009000");
  const auto card = lpa::lookup(recording(lines), [](const std::string&) {});
  CHECK(test::hex(card->transmit(test::hex("80E2910006BF3103800102"))) == "6A88");
  CHECK(test::hex(card->transmit(test::hex("80E2910005BF20025C00"))) == "BF20009000");
}

TEST_CASE("an answer of more than 256 octets is handed out in parts") {
  const std::string big(2 * 300UL, 'A');
  const auto lines = sent("80E291000177") + got(big + "9000");
  const auto card = lpa::lookup(recording(lines), [](const std::string&) {});
  CHECK(test::hex(card->transmit(test::hex("80E291000177"))) == big.substr(0, 512) + "612C");
  CHECK(test::hex(card->transmit(test::hex("00C000002C"))) == big.substr(512) + "9000");
}
