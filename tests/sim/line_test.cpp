#include <string>

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

/// sim::Line, by what goes to the card and comes back.

using sim::test::fresh_t1;
using sim::test::select_isdr;
using sim::test::Simulated;

namespace {

const std::string select_without_le = "00A4040010A0000005591010FFFFFFFF8900000100";
const std::string fci = "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030203009000";
const std::string eid = "BF3E125A1089049032000000000000000000042164";
const std::string nickname = "BF290F5A0A984401000000002471F6900141";

/// STORE DATA of a short request as the only block, without Le.
std::string store_data(const std::string& request, const std::string& p1_p2 = "9100") {
  return "80E2" + p1_p2 + base::to_hex(base::Bytes{static_cast<std::uint8_t>(request.size() / 2)}) +
         request;
}

Simulated with(sim::State state, const sim::Line& line) {
  state.options.line = line;
  return Simulated(state);
}

}  // namespace

TEST_CASE("on T=1 a card may refuse an Le after data, and nothing else for it") {
  auto card = with(fresh_t1(), {.le = sim::Le::refused});
  CHECK(card(select_isdr) == "6700");
  CHECK(card(store_data("BF3E035C015A") + "00") == "6700");
  CHECK(card("0070000001") == "019000");  // case 2
  CHECK(card(select_without_le) == "6121");
  CHECK(card("00C0000021") == fci);  // case 2
  CHECK(card(store_data("BF3E035C015A")) == "6115");
  CHECK(card("00C0000015") == eid + "9000");
  auto plain = Simulated(fresh_t1());
  CHECK(plain(select_isdr) == fci);
}

TEST_CASE("on T=0 an Le after data is the reader's own, and no card sees it to refuse it") {
  auto card = with(sim::fresh(), {.le = sim::Le::refused});
  CHECK(card(select_isdr) == "6121");
}

TEST_CASE("on T=1 a card may keep its answer when none is expected") {
  auto card = with(fresh_t1(), {.le = sim::Le::needed});
  CHECK(card(select_without_le) == "9000");
  CHECK(card("00C0000021") == "6985");  // nothing waits
  CHECK(card(store_data("BF3E035C015A")) == "9000");
  CHECK(card(store_data("BF3E035C015A") + "00") == eid + "9000");
  CHECK(card(store_data(nickname)) == "9000");
  CHECK(card.state().profiles[0].nickname == "A");  // done all the same
}

TEST_CASE("on T=1 a card may want the right Le, and does nothing before it has it") {
  auto card = with(fresh_t1(), {.exact_le = true});
  CHECK(card(select_isdr) == "6C21");
  CHECK(card(store_data("BF3E035C015A") + "15") == "6985");  // it was not selected
  CHECK(card(select_without_le + "21") == fci);
  CHECK(card(store_data(nickname) + "00") == "6C06");
  CHECK(card.state().profiles[0].nickname == "Home");
  CHECK(card(store_data(nickname) + "06") == "BF29038001009000");
  CHECK(card.state().profiles[0].nickname == "A");
  CHECK(card("0070000000") == "6C01");
  CHECK(card("0070000001") == "019000");
}

TEST_CASE("the last block of several may be sent again with the right Le") {
  auto card = with(fresh_t1(), {.exact_le = true});
  card(select_without_le + "21");
  CHECK(card(store_data(nickname.substr(0, 20), "1100") + "00") == "9000");
  CHECK(card(store_data(nickname.substr(20), "9101") + "00") == "6C06");
  CHECK(card(store_data(nickname.substr(20), "9101") + "06") == "BF29038001009000");
  CHECK(card.state().profiles[0].nickname == "A");
}

TEST_CASE("an answer may come in pieces as small as one octet") {
  auto card = with(sim::fresh(), {.answer_piece = 1});
  CHECK(card(select_isdr) == "6101");
  CHECK(card("00C0000000") == "6C01");
  CHECK(card("00C0000002") == "6C01");
  std::string whole;
  std::string answer = "6101";
  for (int pieces = 0; answer.substr(answer.size() - 4) == "6101"; ++pieces) {
    REQUIRE(pieces < 33);
    answer = card("00C0000001");
    whole += answer.substr(0, 2);
  }
  CHECK(whole + answer.substr(2) == fci);
}

TEST_CASE("on T=1 pieces are the most that comes at once, whatever Le allows") {
  auto card = with(fresh_t1(), {.answer_piece = 20});
  CHECK(card(select_isdr) == fci.substr(0, 40) + "610D");
  CHECK(card("00C0000000") == fci.substr(40));
  CHECK(card(store_data("BF3E035C015A") + "00") == eid.substr(0, 40) + "6101");
}

TEST_CASE("a card may know GET RESPONSE in class 8X alone, and another class loses nothing") {
  auto card = with(sim::fresh(), {.get_response_class = sim::GetResponseClass::proprietary});
  CHECK(card(select_isdr) == "6121");
  CHECK(card("00C0000021") == "6E00");
  CHECK(card("80C0000021") == fci);
  Simulated plain;
  CHECK(plain(select_isdr) == "6121");
  CHECK(plain("80C0000021") == "6E00");
  CHECK(plain("00C0000021") == fci);
}

TEST_CASE("a card may take short blocks only, says how long, and begins anew after a longer one") {
  auto card = with(sim::fresh(), {.longest_block = 16});
  CHECK(card(select_isdr) == "6121");
  CHECK(card("00C0000021").find("9F650110") != std::string::npos);
  CHECK(card(store_data(nickname)) == "6700");  // 18 octets
  CHECK(card(store_data(nickname.substr(0, 32), "1100")) == "9000");
  CHECK(card(store_data(nickname + "00", "1101")) == "6700");
  CHECK(card(store_data(nickname.substr(32), "9101")) == "6A86");
  CHECK(card(store_data(nickname.substr(0, 32), "1100")) == "9000");
  CHECK(card(store_data(nickname.substr(32), "9101")) == "6106");
  for (const auto* status : {"6A80", "6601"}) {
    auto other =
        with(sim::fresh(), {.longest_block = 16, .too_long_status = sim::test::hex(status)});
    other(select_isdr);
    CHECK(other(store_data(nickname)) == status);
  }
}

TEST_CASE("a card may refuse TERMINAL CAPABILITY") {
  for (const auto* status : {"6D00", "6E00"}) {
    auto card = with(sim::fresh(), {.terminal_capability_status = sim::test::hex(status)});
    CHECK(card("80AA00000AA9088100820101830107") == status);
    CHECK(card(select_isdr) == "6121");
  }
}

TEST_CASE("a card may say 910B wherever another says 9000") {
  auto card = with(sim::fresh(), {.always_proactive = true});
  CHECK(card("80AA00000AA9088100820101830107") == "910B");
  CHECK(card("0070000001") == "01910B");
  CHECK(card(select_isdr) == "6121");
  CHECK(card("00C0000021").substr(66) == "910B");
  CHECK(card(store_data("BF3E035C015A")) == "6115");
  CHECK(card("00C0000015") == eid + "910B");
  CHECK(card("0070800100") == "910B");
  CHECK(card("0070800100") == "6200");
}

TEST_CASE("channels that were left open stay so until they are closed or the card is reset") {
  auto card = with(sim::fresh(), {.leaked_channels = 3});
  card.card().power_on();  // by the reader that finds it
  CHECK(card("0070000001") == "6A81");
  CHECK(card("0070800200") == "9000");
  CHECK(card("0070000001") == "029000");
  CHECK(card("0070000001") == "6A81");
  card.card().reset();
  CHECK(card("0070000001") == "019000");
  card.card().power_off();
  card.card().power_on();
  CHECK(card("0070000001") == "019000");
}

TEST_CASE("a card may have the basic channel and no other") {
  auto state = sim::fresh();
  state.channels = 1;
  Simulated card(state);
  CHECK(card("0070000001") == "6A81");
  CHECK(card("0070800100") == "6881");
  CHECK(card(select_isdr) == "6121");
}

TEST_CASE("a card of a brand has its ISD-R under its own name and not under that of SGP.02") {
  auto state = sim::fresh();
  state.isdr_aid = sim::test::hex("A0000005591010FFFFFFFF8900050500");
  Simulated card(state);
  CHECK(card(select_isdr) == "6A82");
  CHECK(card("00A4040010A0000005591010FFFFFFFF890005050000") == "6121");
  CHECK(card("00C0000021").find("8410A0000005591010FFFFFFFF8900050500") == 4);
}
