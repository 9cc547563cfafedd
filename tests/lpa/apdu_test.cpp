#include "lpa/apdu.hpp"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "lpa/tlv.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/hostile_cards.hpp"
#include "tests/support/scripted_card.hpp"

using lpa::Command;
using lpa::Protocol;
using test::hex;
using test::repeated;
using test::ScriptedCard;

namespace {

const Command case_1{0x00, 0x70, 0x80, 0x01, {}, {}};
const Command case_2{0x00, 0x70, 0x00, 0x00, {}, 1};
const Command case_3{0x80, 0xAA, 0x00, 0x00, {0xA9, 0x00}, {}};
const Command case_4{0x00, 0xA4, 0x04, 0x00, {0xA0, 0x00, 0x00, 0x05, 0x59}, 256};

std::string octets(const Command& command, Protocol protocol) {
  return hex(command.octets(protocol));
}

struct Exchanged {
  std::string data;
  std::string sw;
};

Exchanged exchange(lpa::Card& card, const Command& command, unsigned channel = 0) {
  const auto response = lpa::Channel(card, channel).exchange(command);
  return {hex(response.data), hex(base::Bytes{response.sw1(), response.sw2()})};
}

}  // namespace

TEST_CASE("over T=1 each of the four cases is written with the lengths that it has") {
  CHECK(octets(case_1, Protocol::t1) == "00708001");
  CHECK(octets(case_2, Protocol::t1) == "0070000001");
  CHECK(octets(case_3, Protocol::t1) == "80AA000002A900");
  CHECK(octets(case_4, Protocol::t1) == "00A4040005A00000055900");
}

TEST_CASE("over T=0 a command with data has no Le and one without anything has a P3 of 00") {
  CHECK(octets(case_1, Protocol::t0) == "0070800100");
  CHECK(octets(case_2, Protocol::t0) == "0070000001");
  CHECK(octets(case_3, Protocol::t0) == "80AA000002A900");
  CHECK(octets(case_4, Protocol::t0) == "00A4040005A000000559");
}

TEST_CASE(
    "255 octets of data and an answer of 256 octets are written with one octet of length each") {
  const Command command{0x80, 0xE2, 0x91, 0x00, hex(repeated(255)), 256};
  CHECK(octets(command, Protocol::t1) == "80E29100FF" + repeated(255) + "00");
  CHECK(octets(command, Protocol::t0) == "80E29100FF" + repeated(255));
  CHECK(octets({0x80, 0xCA, 0x00, 0x5A, {}, 256}, Protocol::t0) == "80CA005A00");
}

TEST_CASE("the class tells the logical channel in two bits up to 3 and in four bits above") {
  const std::vector<std::pair<unsigned, std::pair<std::string, std::string>>> classes{
      {0, {"00", "80"}},  {1, {"01", "81"}},  {2, {"02", "82"}},  {3, {"03", "83"}},
      {4, {"40", "C0"}},  {5, {"41", "C1"}},  {6, {"42", "C2"}},  {7, {"43", "C3"}},
      {8, {"44", "C4"}},  {9, {"45", "C5"}},  {10, {"46", "C6"}}, {11, {"47", "C7"}},
      {12, {"48", "C8"}}, {13, {"49", "C9"}}, {14, {"4A", "CA"}}, {15, {"4B", "CB"}},
      {16, {"4C", "CC"}}, {17, {"4D", "CD"}}, {18, {"4E", "CE"}}, {19, {"4F", "CF"}}};
  REQUIRE(classes.size() == lpa::max_channel + 1);
  for (const auto& [channel, expected] : classes) {
    CAPTURE(channel);
    CHECK(hex(base::Bytes{lpa::class_on(0x00, channel)}) == expected.first);
    CHECK(hex(base::Bytes{lpa::class_on(0x80, channel)}) == expected.second);
  }
}

TEST_CASE("a command and its GET RESPONSE go over the channel that they belong to") {
  ScriptedCard on_2({{"82E2910003BF2000", "6103"}, {"02C0000003", "BF2000 9000"}}, Protocol::t0);
  CHECK(exchange(on_2, {0x80, 0xE2, 0x91, 0x00, hex("BF2000"), 256}, 2).data == "BF2000");
  ScriptedCard on_7({{"C3E2910003BF2000", "6103"}, {"43C0000003", "BF2000 9000"}}, Protocol::t0);
  CHECK(exchange(on_7, {0x80, 0xE2, 0x91, 0x00, hex("BF2000"), 256}, 7).data == "BF2000");
}

TEST_CASE("61xx is followed by GET RESPONSE until nothing is left") {
  ScriptedCard card(
      {{"00A4040005A000000559", "6102"}, {"00C0000002", "AABB 6101"}, {"00C0000001", "CC 9000"}},
      Protocol::t0);
  const auto answer = exchange(card, case_4);
  CHECK(answer.data == "AABBCC");
  CHECK(answer.sw == "9000");
}

TEST_CASE("61xx is followed over T=1 too and data that came with it is kept") {
  ScriptedCard card({{"00A4040005A00000055900", "AA 6101"}, {"00C0000001", "BB 9000"}});
  CHECK(exchange(card, case_4).data == "AABB");
}

TEST_CASE("6100 means that 256 octets are waiting") {
  ScriptedCard card({{"00A4040005A000000559", "6100"}, {"00C0000000", repeated(256) + "9000"}},
                    Protocol::t0);
  CHECK(exchange(card, case_4).data == repeated(256));
}

TEST_CASE("6Cxx repeats the same command with the length that the card named") {
  ScriptedCard card({{"0070000001", "6C02"}, {"0070000002", "0102 9000"}});
  CHECK(exchange(card, case_2).data == "0102");
  ScriptedCard with_data(
      {{"00A4040005A00000055900", "6C10"}, {"00A4040005A00000055910", repeated(16) + "9000"}});
  CHECK(exchange(with_data, case_4).data == repeated(16));
}

TEST_CASE("6C00 means a length of 256") {
  ScriptedCard card({{"0070000001", "6C00"}, {"0070000000", repeated(256) + "9000"}});
  CHECK(exchange(card, case_2).data == repeated(256));
}

TEST_CASE("6Cxx to a GET RESPONSE repeats it with the right length") {
  ScriptedCard card(
      {{"00A4040005A000000559", "6110"}, {"00C0000010", "6C04"}, {"00C0000004", "AABBCCDD 9000"}},
      Protocol::t0);
  CHECK(exchange(card, case_4).data == "AABBCCDD");
}

TEST_CASE("a card that answers 6Cxx for ever is asked only twice") {
  ScriptedCard card({{"0070000001", "6C02"}, {"0070000002", "6C01"}});
  CHECK(exchange(card, case_2).sw == "6C01");
}

TEST_CASE(
    "over T=0 a command with data is never repeated for 6Cxx as it has no length to correct") {
  ScriptedCard card({{"00A4040005A000000559", "6C10"}}, Protocol::t0);
  CHECK(exchange(card, case_4).sw == "6C10");
  // The script would notice: over T=1 the second command is sent, and this one does not expect it.
  ScriptedCard over_t1({{"00A4040005A00000055900", "6C10"}});
  over_t1.expect_off_script();
  CHECK(test::error_code([&] { exchange(over_t1, case_4); }) == "test.off-script");
}

TEST_CASE("GET RESPONSE falls back to class 80 when the card does not take class 00 for it") {
  for (const auto* refusal : {"6E00", "6D00"}) {
    CAPTURE(refusal);
    ScriptedCard card(
        {{"00A4040005A000000559", "6102"}, {"00C0000002", refusal}, {"80C0000002", "AABB 9000"}},
        Protocol::t0);
    CHECK(exchange(card, case_4).data == "AABB");
  }
}

TEST_CASE("the class of GET RESPONSE that worked is kept for the channel") {
  ScriptedCard card({{"00A4040005A000000559", "6102"},
                     {"00C0000002", "6E00"},
                     {"80C0000002", "AABB 9000"},
                     {"00A4040005A000000559", "6102"},
                     {"80C0000002", "CCDD 9000"}},
                    Protocol::t0);
  lpa::Channel channel(card);
  CHECK(hex(channel.exchange(case_4).data) == "AABB");
  CHECK(hex(channel.exchange(case_4).data) == "CCDD");
}

TEST_CASE("a card that refuses GET RESPONSE in both classes is not asked a third time") {
  ScriptedCard card(
      {{"00A4040005A000000559", "6102"}, {"00C0000002", "6E00"}, {"80C0000002", "6E00"}},
      Protocol::t0);
  CHECK(exchange(card, case_4).sw == "6E00");
}

TEST_CASE("a warning over T=0 may have data waiting behind it") {
  for (const auto* warning : {"6200", "6310", "6282"}) {
    CAPTURE(warning);
    ScriptedCard card({{"00A4040005A000000559", warning}, {"00C0000000", "AABB 9000"}},
                      Protocol::t0);
    const auto answer = exchange(card, case_4);
    CHECK(answer.data == "AABB");
    CHECK(answer.sw == "9000");
  }
}

TEST_CASE("a warning over T=0 with data waiting whose length the card names is fetched with that") {
  ScriptedCard card(
      {{"00A4040005A000000559", "6200"}, {"00C0000000", "6C02"}, {"00C0000002", "AABB 9000"}},
      Protocol::t0);
  CHECK(exchange(card, case_4).data == "AABB");
}

TEST_CASE("a warning over T=0 without anything behind it stays a warning") {
  ScriptedCard card({{"00A4040005A000000559", "6283"}, {"00C0000000", "6F00"}}, Protocol::t0);
  CHECK(exchange(card, case_4).sw == "6283");
}

TEST_CASE("a warning is the end over T=1 and for a command that wants no answer") {
  ScriptedCard over_t1({{"00A4040005A00000055900", "AA 6283"}});
  CHECK(exchange(over_t1, case_4).data == "AA");
  ScriptedCard no_answer({{"80AA000002A900", "6283"}}, Protocol::t0);
  CHECK(exchange(no_answer, case_3).sw == "6283");
}

TEST_CASE("9000 and any 91xx are success and nothing else is") {
  for (const auto sw : std::vector<lpa::StatusWord>{0x9000, 0x9100, 0x9112, 0x91FF}) {
    CHECK(lpa::Response{{}, sw}.ok());
  }
  for (const auto sw : std::vector<lpa::StatusWord>{0x9001, 0x9200, 0x6100, 0x6200, 0x6985, 0x6F00,
                                                    0x9300, 0x0000}) {
    CHECK_FALSE(lpa::Response{{}, sw}.ok());
  }
}

TEST_CASE("91xx after GET RESPONSE ends the answer with its data") {
  ScriptedCard card({{"00A4040005A000000559", "6106"}, {"00C0000006", "BF3103800100 9113"}},
                    Protocol::t0);
  const auto answer = exchange(card, case_4);
  CHECK(answer.data == "BF3103800100");
  CHECK(answer.sw == "9113");
}

TEST_CASE("an answer that breaks off in GET RESPONSE ends with the status word that broke it") {
  ScriptedCard card({{"00A4040005A000000559", "6110"}, {"00C0000010", "6F00"}}, Protocol::t0);
  CHECK(exchange(card, case_4).sw == "6F00");
}

TEST_CASE("a card that says for ever that more is waiting is stopped") {
  auto card = test::endless_card(0);
  const auto error = test::error_of([&] { exchange(card, case_4); });
  REQUIRE(error);
  CHECK(error->code() == "card.endless");
  CHECK(error->kind() == base::ErrorKind::card);
  CHECK(card.commands() <= 258);
}

TEST_CASE("an answer of more than 64 KiB is stopped") {
  // 255 octets at a time reach 256 rounds first; a reader that gives more reaches the size.
  auto card = test::endless_card(1024);
  CHECK(test::error_code([&] { exchange(card, case_4); }) == "card.endless");
  CHECK(card.commands() <= tlv::max_size / 1024 + 1);
}

TEST_CASE("a long answer that does come to an end is taken whole") {
  std::vector<test::Line> lines{{"00A4040005A000000559", "61FF"}};
  for (int i = 0; i < 200; ++i) lines.push_back({"00C00000FF", repeated(255) + "61FF"});
  lines.push_back({"00C00000FF", repeated(255) + "9000"});
  ScriptedCard card(lines, Protocol::t0);
  CHECK(lpa::Channel(card).exchange(case_4).data.size() == 201UL * 255);
}

TEST_CASE("an answer without a status word is an error and not a crash") {
  for (const auto* answer : {"", "90"}) {
    test::AnsweringCard card([&](base::ByteView) { return hex(answer); });
    const auto error = test::error_of([&] { exchange(card, case_2); });
    REQUIRE(error);
    CHECK(error->code() == "card.short-answer");
    CHECK(error->kind() == base::ErrorKind::card);
  }
}

TEST_CASE("what the card throws goes through") {
  ScriptedCard card({{"0070000001", "!card.removed"}});
  CHECK(test::error_code([&] { exchange(card, case_2); }) == "card.removed");
}

TEST_CASE("the exchanges of a real card over T=0 come out as its owner recorded them") {
  // waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-enable.log
  ScriptedCard card(
      {{"00A4040010A0000005591010FFFFFFFF8900000100", "6121"},
       {"00C0000021", "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030202009000"},
       {"80E2910014BF3111A00C5A0A98001032547698103214810100", "6106"},
       {"00C0000006", "BF31038001009000"}},
      Protocol::t0);
  CHECK(
      exchange(card, {0x00, 0xA4, 0x04, 0x00, hex("A0000005591010FFFFFFFF8900000100"), 256}).data ==
      "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE0058203020200");
  CHECK(
      exchange(card, {0x80, 0xE2, 0x91, 0x00, hex("BF3111A00C5A0A98001032547698103214810100"), 256})
          .data == "BF3103800100");
}
