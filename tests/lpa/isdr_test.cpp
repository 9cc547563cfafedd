#include "lpa/isdr.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/hostile_cards.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_card.hpp"

using lpa::Isdr;
using lpa::NoIsdr;
using lpa::Protocol;
using test::hex;
using test::Line;
using test::repeated;
using test::ScriptedCard;
using namespace std::chrono_literals;

namespace {

const std::string terminal_capability = "80AA00000AA9088100820101830107";
const std::string open_channel = "0070000001";
const std::string gsma_aid = "A0000005591010FFFFFFFF8900000100";
const std::string ecasd_aid = "A0000005591010FFFFFFFF8900000200";
const std::string first_element = "A06573746B6D65FFFF4953442D522030";
const std::string second_element = "A06573746B6D65FFFF4953442D522031";
const std::string eid = "89049044900000000000000000102355";  // sysmoEUICC1-C2T
const std::string eid_answer = "BF3E125A10" + eid + "9000";
// waigel/euicc-lpa@62da504d68:testdata/cards/omnikey-info.log
const std::string fci = "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030202009000";

std::string select(const std::string& aid, const std::string& cla = "01") {
  return cla + "A4040010" + aid + "00";
}
std::string ask_eid(const std::string& cla = "81") { return cla + "E2910006BF3E035C015A00"; }
std::string close(const std::string& channel = "01") { return "007080" + channel; }

/// A STORE DATA block on channel 1 over T=1.
std::string block(const std::string& p1, unsigned number, base::ByteView part) {
  return "81E2" + p1 +
         hex(base::Bytes{static_cast<std::uint8_t>(number),
                         static_cast<std::uint8_t>(part.size())}) +
         hex(part) + "00";
}

/// The script of a card that gives its ISD-R at once, on channel 1.
std::vector<Line> opened() {
  return {{terminal_capability, "9000"},
          {open_channel, "019000"},
          {select(gsma_aid), fci},
          {ask_eid(), eid_answer}};
}

std::vector<Line> joined(std::vector<Line> lines, const std::vector<Line>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

/// What was found, and what was noted on the way.
struct Search {
  explicit Search(lpa::Card& card, lpa::IsdrOptions options = {}) {
    options.note = [this](const std::string& note) { notes.push_back(note); };
    result = Isdr::find(card, std::move(options));
  }

  [[nodiscard]] bool found() const { return std::holds_alternative<std::unique_ptr<Isdr>>(result); }
  Isdr& isdr() { return *std::get<std::unique_ptr<Isdr>>(result); }
  [[nodiscard]] const NoIsdr& none() const { return std::get<NoIsdr>(result); }

  std::vector<std::string> notes;
  std::variant<std::unique_ptr<Isdr>, NoIsdr> result;
};

/// Octets that tell where a block was cut.
base::Bytes request_of(std::size_t size) {
  base::Bytes request(size);
  for (std::size_t i = 0; i < size; ++i) request[i] = static_cast<std::uint8_t>(i % 251);
  return request;
}

/// The blocks of `request`, all taken with 9000, the last answered.
std::vector<Line> blocks(const base::Bytes& request, std::size_t size, const std::string& answer) {
  std::vector<Line> lines;
  for (std::size_t at = 0; at < request.size(); at += size) {
    const bool last = at + size >= request.size();
    const auto part = base::ByteView(request).subspan(at, last ? request.size() - at : size);
    lines.push_back({block(last ? "91" : "11", static_cast<unsigned>(at / size), part),
                     last ? answer : "9000"});
  }
  return lines;
}

}  // namespace

TEST_CASE("an ISD-R is found on a logical channel of its own which is closed at the end") {
  ScriptedCard card(joined(opened(), {{close(), "9000"}}));
  Search search(card);
  REQUIRE(search.found());
  CHECK(search.isdr().channel() == 1);
  CHECK(search.isdr().aid().hex() == gsma_aid);
  CHECK(search.isdr().eid().digits() == eid);
  CHECK(search.notes.empty());
}

TEST_CASE("TERMINAL CAPABILITY is sent before anything else and its refusal is no failure") {
  for (const auto* refusal : {"6D00", "6E00", "6985", "6A80"}) {
    CAPTURE(refusal);
    auto lines = joined(opened(), {{close(), "9000"}});
    lines[0].answer = refusal;
    ScriptedCard card(lines);
    Search search(card);
    CHECK(search.found());
    REQUIRE(search.notes.size() == 1);
    CHECK(search.notes[0].find("TERMINAL CAPABILITY") != std::string::npos);
  }
}

TEST_CASE("over T=0 the search fetches what the card keeps waiting") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "029000"},
                     {"02A4040010" + gsma_aid, "6121"},
                     {"02C0000021", fci},
                     {"82E2910006BF3E035C015A", "6115"},
                     {"02C0000015", eid_answer},
                     {"0070800200", "9000"}},
                    Protocol::t0);
  Search search(card);
  REQUIRE(search.found());
  CHECK(search.isdr().channel() == 2);
  CHECK(search.isdr().version()->text() == "2.2.0");
}

TEST_CASE("channels above 3 are used with their own class") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "059000"},
                     {select(gsma_aid, "41"), fci},
                     {ask_eid("C1"), eid_answer},
                     {close("05"), "9000"}});
  Search search(card);
  REQUIRE(search.found());
  CHECK(search.isdr().channel() == 5);
}

TEST_CASE("channels that a killed program left open are closed and one is opened again") {
  std::vector<Line> lines{{terminal_capability, "9000"}, {open_channel, "6A81"}};
  for (unsigned number = 1; number <= lpa::max_channel; ++number) {
    lines.push_back(
        {close(hex(base::Bytes{static_cast<std::uint8_t>(number)})), number < 4 ? "9000" : "6881"});
  }
  lines.push_back({open_channel, "019000"});
  lines.push_back({select(gsma_aid), fci});
  lines.push_back({ask_eid(), eid_answer});
  lines.push_back({close(), "9000"});
  ScriptedCard card(lines);
  Search search(card);
  REQUIRE(search.found());
  CHECK(search.isdr().channel() == 1);
}

TEST_CASE("a card without logical channels is used on the basic one and this is noted") {
  for (const auto* refusal : {"6881", "6D00", "6E00"}) {
    CAPTURE(refusal);
    ScriptedCard card({{terminal_capability, "9000"},
                       {open_channel, refusal},
                       {select(gsma_aid, "00"), fci},
                       {ask_eid("80"), eid_answer}});  // and nothing is closed
    Search search(card);
    REQUIRE(search.found());
    CHECK(search.isdr().channel() == 0);
    REQUIRE(search.notes.size() == 1);
    CHECK(search.notes[0].find("basic") != std::string::npos);
  }
}

TEST_CASE("an answer to MANAGE CHANNEL that names no channel is not followed") {
  for (const auto* answer : {"9000", "009000", "149000", "FF9000", "01029000"}) {
    CAPTURE(answer);
    ScriptedCard card({{terminal_capability, "9000"},
                       {open_channel, answer},
                       {select(gsma_aid, "00"), fci},
                       {ask_eid("80"), eid_answer}});
    Search search(card);
    REQUIRE(search.found());
    CHECK(search.isdr().channel() == 0);
  }
}

TEST_CASE("the identifiers are tried in order until one gives an EID") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "019000"},
                     {select(gsma_aid), "6A82"},
                     {select(first_element), "6A82"},
                     {select(second_element), "9000"},
                     {ask_eid(), eid_answer},
                     {close(), "9000"}});
  Search search(card);
  REQUIRE(search.found());
  CHECK(search.isdr().aid().hex() == second_element);
}

TEST_CASE("a channel that the card closed during the search means a reset and not another card") {
  for (const std::size_t at : {2UL, 3UL}) {
    auto lines = opened();
    lines.resize(at + 1);
    lines.back().answer = "6881";
    ScriptedCard card(joined(lines, {{close(), "6881"}}));
    CHECK(test::error_code([&] { static_cast<void>(Search(card)); }) == "card.reset");
  }
}

TEST_CASE("what else stands beside the EID is skipped") {
  for (const auto& answer :
       {"BF3E 16 9F7E01CA 5A10" + eid + "9000", "BF3E 18 5A10" + eid + "FF7D03DF7C00 9000"}) {
    CAPTURE(answer);
    auto lines = joined(opened(), {{close(), "9000"}});
    lines[3].answer = answer;
    ScriptedCard card(lines);
    Search search(card);
    REQUIRE(search.found());
    CHECK(search.isdr().eid().digits() == eid);
  }
}

TEST_CASE("an application that can be selected but gives no EID is passed over") {
  for (const auto* answer : {"6D00", "9000", "BF3E009000", "DEADBEEF9000", "BF3E035A01899000",
                             "BF3E125A10000000000000000000000000000000009000"}) {
    CAPTURE(answer);
    ScriptedCard card({{terminal_capability, "9000"},
                       {open_channel, "019000"},
                       {select(gsma_aid), fci},
                       {ask_eid(), answer},
                       {select(first_element), fci},
                       {ask_eid(), eid_answer},
                       {close(), "9000"}});
    Search search(card);
    REQUIRE(search.found());
    CHECK(search.isdr().aid().hex() == first_element);
  }
}

TEST_CASE(
    "a card with two secure elements is asked for its own identifiers before that of SGP.22") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "019000"},
                     {select(first_element), fci},
                     {ask_eid(), eid_answer},
                     {close(), "9000"}},
                    Protocol::t1, hex("3B9F96801FC78031E073FE2115576573746B2E6D65C1"));
  CHECK(Search(card).found());
}

TEST_CASE("the second secure element can be asked for and nothing else is tried then") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "019000"},
                     {select(second_element), "6A82"},
                     {select(ecasd_aid), "6A82"},
                     {close(), "9000"}});
  lpa::IsdrOptions options;
  options.secure_element = 1;
  const Search search(card, std::move(options));
  REQUIRE_FALSE(search.found());
  CHECK(search.none().last_status == 0x6A82);
}

TEST_CASE("an identifier that was named is the only one that is tried") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "019000"},
                     {"01A4040007A000000559101000", "6A82"},
                     {select(ecasd_aid), "6A82"},
                     {close(), "9000"}});
  lpa::IsdrOptions options;
  options.aid = lpa::Aid::from_hex("A0000005591010");
  const Search search(card, std::move(options));
  CHECK_FALSE(search.found());
}

TEST_CASE("the answer to SELECT tells the version in its template E0 and may lack it") {
  const std::vector<std::pair<std::string, std::optional<std::string>>> answers{
      {fci, "2.2.0"},
      {"6F12 8410A0000005591010FFFFFFFF8900000100 9000", std::nullopt},
      {"6F07 E005 8203020500 9000", "2.5.0"},
      {"6F06 E004 82020203 9000", std::nullopt},    // two numbers
      {"6F06 E005 8203020500 9000", std::nullopt},  // cut off
      {"9000", std::nullopt},
      {"DEADBEEF 9000", std::nullopt}};
  for (const auto& [answer, version] : answers) {
    CAPTURE(answer);
    auto lines = joined(opened(), {{close(), "9000"}});
    lines[2].answer = answer;
    ScriptedCard card(lines);
    Search search(card);
    REQUIRE(search.found());
    CHECK(search.isdr().version().has_value() == version.has_value());
    if (version) CHECK(search.isdr().version()->text() == *version);
  }
}

TEST_CASE("a SIM that is no eUICC has no ISD-R and its last status word is kept") {
  test::AnsweringCard card([](base::ByteView command) {
    return hex(command[1] == 0x70 && command[2] == 0 ? "019000"
               : command[1] == 0xA4                  ? "6A82"
                                                     : "9000");
  });
  const Search search(card);
  REQUIRE_FALSE(search.found());
  CHECK_FALSE(search.none().m2m_eid);
  CHECK(search.none().last_status == 0x6A82);
}

TEST_CASE("an SGP.02 card is known by the EID that its ECASD gives") {
  test::AnsweringCard card([](base::ByteView command) {
    const auto text = hex(command);
    if (text == "0070000001") return hex("019000");
    if (text == select(ecasd_aid)) return hex("9000");
    if (text == "81CA005A00") return hex("5A10" + eid + "9000");
    return hex(command[1] == 0xA4 ? "6A82" : "9000");
  });
  const Search search(card);
  REQUIRE_FALSE(search.found());
  REQUIRE(search.none().m2m_eid);
  CHECK(search.none().m2m_eid->digits() == eid);
}

TEST_CASE("the search closes its channel when it finds nothing and when the card fails") {
  std::size_t opened_channels = 0;
  std::size_t closed_channels = 0;
  bool fails = false;
  test::AnsweringCard card([&](base::ByteView command) {
    if (command[1] == 0x70) ++(command[2] == 0 ? opened_channels : closed_channels);
    if (fails && command[1] == 0xA4)
      throw base::Error(base::ErrorKind::card, "card.transmit", "a fault");
    return hex(command[1] == 0x70 && command[2] == 0 ? "019000" : "6A82");
  });
  static_cast<void>(Search(card));
  CHECK(opened_channels == 1);
  CHECK(closed_channels == 1);
  fails = true;
  CHECK(test::error_code([&] { static_cast<void>(Search(card)); }) == "card.transmit");
  CHECK(opened_channels == 2);
  CHECK(closed_channels == 2);
}

TEST_CASE("a card that is gone when the channel is closed throws nothing") {
  ScriptedCard card(joined(opened(), {{close(), "!card.removed"}}));
  CHECK(Search(card).found());
}

TEST_CASE("the search on a hostile card ends with an error and not a crash or for ever") {
  auto mute = test::mute_card();
  CHECK(test::error_code([&] { static_cast<void>(Search(mute)); }) == "card.mute");
  auto empty = test::empty_card();
  CHECK(test::error_code([&] { static_cast<void>(Search(empty)); }) == "card.short-answer");
  auto endless = test::endless_card(255);
  CHECK(test::error_code([&] { static_cast<void>(Search(endless)); }) == "card.endless");
  auto garbage = test::garbage_card();
  CHECK_FALSE(Search(garbage).found());
}

TEST_CASE(
    "a card that refuses an Le in SELECT or in the request for the EID gets none from then on") {
  const auto without = [](std::string command) { return command.erase(command.size() - 2); };
  const auto request = request_of(300);
  const auto view = base::ByteView(request);
  const std::vector<Line> rest{{without(block("11", 0, view.first(255))), "9000"},
                               {without(block("91", 1, view.subspan(255))), "6102"},
                               {"01C0000002", "AABB 9000"},
                               {close(), "9000"}};
  const std::vector<Line> begin{{terminal_capability, "9000"}, {open_channel, "019000"}};
  const std::vector<Line> in_select{{select(gsma_aid), "6700"},
                                    {without(select(gsma_aid)), "6121"},
                                    {"01C0000021", fci},
                                    {without(ask_eid()), eid_answer}};
  const std::vector<Line> in_eid{{select(gsma_aid), fci},
                                 {ask_eid(), "6700"},
                                 {without(ask_eid()), "6115"},
                                 {"01C0000015", eid_answer}};
  for (const auto& middle : {in_select, in_eid}) {
    ScriptedCard card(joined(joined(begin, middle), rest));
    Search search(card);
    REQUIRE(search.found());
    CHECK(hex(search.isdr().exchange(request).data) == "AABB");
    REQUIRE(search.notes.size() == 1);
    CHECK(search.notes[0].find("no Le") != std::string::npos);
  }
}

TEST_CASE("a card that refuses SELECT with 6700 either way goes on getting an Le") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "019000"},
                     {select(gsma_aid), "6700"},
                     {select(gsma_aid).substr(0, 42), "6700"},
                     {select(first_element), fci},
                     {ask_eid(), eid_answer},
                     {close(), "9000"}});
  Search search(card);
  CHECK(search.found());
  CHECK(search.notes.empty());
}

TEST_CASE("over T=0 there is no Le to leave out, and nothing is asked again") {
  ScriptedCard card({{terminal_capability, "9000"},
                     {open_channel, "019000"},
                     {select(gsma_aid).substr(0, 42), "6700"},
                     {select(first_element).substr(0, 42), "9000"},
                     {ask_eid().substr(0, 22), "6115"},
                     {"01C0000015", eid_answer},
                     {close() + "00", "9000"}},
                    Protocol::t0);
  CHECK(Search(card).found());
}

TEST_CASE("a request of up to 255 octets is one block") {
  for (const std::size_t size : {1UL, 120UL, 254UL, 255UL}) {
    CAPTURE(size);
    const auto request = request_of(size);
    ScriptedCard card(
        joined(joined(opened(), {{block("91", 0, request), "0102 9000"}}), {{close(), "9000"}}));
    Search search(card);
    CHECK(hex(search.isdr().exchange(request).data) == "0102");
  }
}

TEST_CASE("a longer request goes in blocks of 255 that are numbered from 0 for each request") {
  const auto request = request_of(600);
  ScriptedCard card(joined(
      joined(joined(opened(), blocks(request, 255, "AA 9000")), blocks(request, 255, "BB 9000")),
      {{close(), "9000"}}));
  Search search(card);
  CHECK(hex(search.isdr().exchange(request).data) == "AA");
  CHECK(hex(search.isdr().exchange(request).data) == "BB");
}

TEST_CASE("a first block that is refused for its length is sent again in blocks of 120") {
  for (const auto* refusal : {"6700", "6A80", "6601", "!card.transmit"}) {
    CAPTURE(refusal);
    const auto request = request_of(300);
    const auto first = base::ByteView(request).first(255);
    ScriptedCard card(joined(joined(joined(opened(), {{block("11", 0, first), refusal}}),
                                    blocks(request, 120, "AA 9000")),
                             {{close(), "9000"}}));
    Search search(card);
    CHECK(hex(search.isdr().exchange(request).data) == "AA");
    REQUIRE(search.notes.size() == 1);
    CHECK(search.notes[0].find("120") != std::string::npos);
  }
}

TEST_CASE("blocks of 120 that are refused too become blocks of 63 and that size is kept") {
  const auto request = request_of(300);
  const auto view = base::ByteView(request);
  auto lines = joined(opened(), {{block("11", 0, view.first(255)), "6700"},
                                 {block("11", 0, view.first(120)), "6601"}});
  lines = joined(lines, blocks(request, 63, "AA 9000"));
  lines = joined(lines, blocks(request, 63, "BB 9000"));
  ScriptedCard card(joined(lines, {{close(), "9000"}}));
  Search search(card);
  CHECK(hex(search.isdr().exchange(request).data) == "AA");
  CHECK(hex(search.isdr().exchange(request).data) == "BB");
}

TEST_CASE("blocks of 63 that are refused are the end") {
  const auto request = request_of(300);
  const auto view = base::ByteView(request);
  ScriptedCard card(joined(opened(), {{block("11", 0, view.first(255)), "6700"},
                                      {block("11", 0, view.first(120)), "6700"},
                                      {block("11", 0, view.first(63)), "6700"},
                                      {close(), "9000"}}));
  Search search(card);
  CHECK(search.isdr().exchange(request).sw == 0x6700);
}

TEST_CASE("a block after the first that is refused is never sent again") {
  const auto request = request_of(600);
  const auto view = base::ByteView(request);
  for (const auto* refusal : {"6700", "6A80", "6601"}) {
    CAPTURE(refusal);
    ScriptedCard card(joined(opened(), {{block("11", 0, view.first(255)), "9000"},
                                        {block("11", 1, view.subspan(255, 255)), refusal},
                                        {close(), "9000"}}));
    Search search(card);
    CHECK(hex(base::Bytes{search.isdr().exchange(request).sw1()}) ==
          std::string(refusal).substr(0, 2));
  }
  ScriptedCard lost(joined(opened(), {{block("11", 0, view.first(255)), "9000"},
                                      {block("11", 1, view.subspan(255, 255)), "!card.transmit"},
                                      {close(), "9000"}}));
  Search search(lost);
  CHECK(test::error_code([&] { search.isdr().exchange(request); }) == "card.transmit");
}

TEST_CASE("the scripted card would notice a block that is sent again") {
  // The same refusal of a first block, with a script that does not expect what follows.
  const auto request = request_of(600);
  ScriptedCard card(
      joined(opened(), {{block("11", 0, base::ByteView(request).first(255)), "6700"}}));
  Search search(card);
  card.expect_off_script();
  CHECK(test::error_code([&] { search.isdr().exchange(request); }) == "test.off-script");
}

TEST_CASE("a refusal that has nothing to do with the length is final") {
  const auto request = request_of(300);
  for (const auto* refusal : {"6985", "6A88", "6D00", "6881", "6F00"}) {
    CAPTURE(refusal);
    ScriptedCard card(
        joined(opened(),
               {{block("11", 0, base::ByteView(request).first(255)), refusal}, {close(), "9000"}}));
    Search search(card);
    CHECK_FALSE(search.isdr().exchange(request).ok());
  }
}

TEST_CASE("a request that no smaller block would cut is never sent twice") {
  for (const std::size_t size : {1UL, 20UL, 63UL}) {
    for (const auto* refusal : {"6700", "6A80", "6601"}) {
      CAPTURE(size);
      const auto request = request_of(size);
      ScriptedCard card(joined(opened(), {{block("91", 0, request), refusal}, {close(), "9000"}}));
      Search search(card);
      CHECK_FALSE(search.isdr().exchange(request).ok());
    }
  }
  const auto request = request_of(63);
  ScriptedCard lost(
      joined(opened(), {{block("91", 0, request), "!card.transmit"}, {close(), "9000"}}));
  Search search(lost);
  CHECK(test::error_code([&] { search.isdr().exchange(request); }) == "card.transmit");
}

TEST_CASE("a request of 64 to 120 octets goes straight to blocks of 63") {
  const auto request = request_of(100);
  ScriptedCard card(joined(
      joined(joined(opened(), {{block("91", 0, request), "6700"}}), blocks(request, 63, "AA 9000")),
      {{close(), "9000"}}));
  Search search(card);
  CHECK(hex(search.isdr().exchange(request).data) == "AA");
}

TEST_CASE("256 blocks are sent and one more is refused before the first") {
  const auto most = request_of(256UL * 255);
  ScriptedCard card(joined(joined(opened(), blocks(most, 255, "AA 9000")), {{close(), "9000"}}));
  Search search(card);
  CHECK(hex(search.isdr().exchange(most).data) == "AA");
  const auto sent = card.answered();
  const auto more = request_of(256UL * 255 + 1);
  CHECK(test::error_code([&] { search.isdr().exchange(more); }) == "card.too-long");
  CHECK(card.answered() == sent);
}

TEST_CASE("smaller blocks are not begun when there would be more than 256 of them") {
  const auto request = request_of(256UL * 120 + 1);
  ScriptedCard card(joined(
      opened(), {{block("11", 0, base::ByteView(request).first(255)), "6700"}, {close(), "9000"}}));
  Search search(card);
  CHECK(test::error_code([&] { search.isdr().exchange(request); }) == "card.too-long");
}

TEST_CASE("a card that answers before it has the whole request is refused") {
  const auto request = request_of(300);
  ScriptedCard card(
      joined(opened(),
             {{block("11", 0, base::ByteView(request).first(255)), "AA 9000"}, {close(), "9000"}}));
  Search search(card);
  CHECK(test::error_code([&] { search.isdr().exchange(request); }) == "card.early-answer");
}

TEST_CASE("91xx between blocks and at the end is success") {
  const auto request = request_of(300);
  const auto view = base::ByteView(request);
  ScriptedCard card(joined(opened(), {{block("11", 0, view.first(255)), "910B"},
                                      {block("91", 1, view.subspan(255)), "BF3103800100 910B"},
                                      {close(), "9000"}}));
  Search search(card);
  const auto response = search.isdr().exchange(request);
  CHECK(response.ok());
  CHECK(hex(response.data) == "BF3103800100");
}

TEST_CASE("after a restart the same ISD-R is selected on a new channel") {
  ScriptedCard card(joined(opened(), {{"reset", ""},
                                      {terminal_capability, "9000"},
                                      {open_channel, "029000"},
                                      {select(gsma_aid, "02"), fci},
                                      {ask_eid("82"), eid_answer},
                                      {close("02"), "9000"}}));
  Search search(card);
  test::ManualClock clock;
  search.isdr().restart(clock, 10s);
  CHECK(search.isdr().channel() == 2);
  CHECK(clock.waits() == 0);  // nobody waits for a card that is there
}

TEST_CASE("a restart looks again until the card is back") {
  ScriptedCard card(joined(opened(), {{"reset", "!card.transmit"},
                                      {"reset", ""},
                                      {terminal_capability, "!card.reset"},
                                      {"reset", ""},
                                      {terminal_capability, "9000"},
                                      {open_channel, "019000"},
                                      {select(gsma_aid), "6A82"},
                                      {"reset", ""},
                                      {terminal_capability, "9000"},
                                      {open_channel, "019000"},
                                      {select(gsma_aid), fci},
                                      {ask_eid(), eid_answer},
                                      {close(), "9000"}}));
  Search search(card);
  test::ManualClock clock;
  search.isdr().restart(clock, 10s);
  CHECK(search.isdr().eid().digits() == eid);
  CHECK(clock.waits() == 3);
}

TEST_CASE("a card that does not come back is given up after the limit") {
  bool back = true;
  test::AnsweringCard card([&](base::ByteView command) {
    if (command[1] == 0x70) return hex(command[2] == 0 ? "019000" : "9000");
    if (command[1] == 0xE2) return hex(eid_answer);
    return hex(command[1] == 0xA4 && !back ? "6A82" : "9000");
  });
  Search search(card);
  REQUIRE(search.found());
  back = false;
  test::ManualClock clock;
  CHECK(test::error_code([&] { search.isdr().restart(clock, 3s); }) == "card.not-back");
  CHECK(clock.passed() == 3s);
  // The same card comes back when it wants to.
  back = true;
  CHECK_NOTHROW(search.isdr().restart(clock, 3s));
}

TEST_CASE("a card that goes on failing is given up with its own error") {
  ScriptedCard card(joined(
      opened(),
      {{"reset", "!card.transmit"}, {"reset", "!card.transmit"}, {"reset", "!card.transmit"}}));
  Search search(card);
  test::ManualClock clock;
  CHECK(test::error_code([&] { search.isdr().restart(clock, 200ms); }) == "card.transmit");
}

TEST_CASE("a card that was taken out or says nothing is not waited for") {
  for (const auto* code : {"card.removed", "card.mute"}) {
    CAPTURE(code);
    ScriptedCard card(joined(opened(), {{"reset", std::string("!") + code}}));
    Search search(card);
    test::ManualClock clock;
    CHECK(test::error_code([&] { search.isdr().restart(clock, 10s); }) == code);
    CHECK(clock.waits() == 0);
  }
}

TEST_CASE("another card in the reader after a restart is noticed") {
  ScriptedCard card(
      joined(opened(), {{"reset", ""},
                        {terminal_capability, "9000"},
                        {open_channel, "019000"},
                        {select(gsma_aid), fci},
                        {ask_eid(), "BF3E125A10 89044045118427484800000000011628 9000"},
                        {close(), "9000"}}));
  Search search(card);
  test::ManualClock clock;
  CHECK(test::error_code([&] { search.isdr().restart(clock, 10s); }) == "card.changed");
}
