#include "sim/card.hpp"

#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include "tests/sim/simulated.hpp"

using sim::test::fresh_t1;
using sim::test::select_isdr;
using sim::test::Simulated;

TEST_CASE("the card refuses lengths that do not agree with the octets that are there") {
  Simulated card;
  CHECK(card("") == "6700");
  CHECK(card("00A404") == "6700");
  CHECK(card("00A4040010A0000005") == "6700");                              // Lc 16, four octets
  CHECK(card("00A4040002A000000055") == "6700");                            // two octets too many
  CHECK(card("00A40400000010A0000005591010FFFFFFFF8900000100") == "6700");  // extended Lc
  CHECK(card("00A40400") == "6700");                                        // SELECT without an AID
  CHECK(card("00A4040011A0000005591010FFFFFFFF890000010000") == "6700");    // 17 octets
}

TEST_CASE("the card refuses classes and instructions that it does not have") {
  Simulated card;
  CHECK(card("20A40400") == "6E00");
  CHECK(card("A0A40000023F00") == "6E00");  // GSM 11.11
  CHECK(card("FFA40400") == "6E00");
  CHECK(card("80A40400") == "6E00");    // SELECT is of the interindustry class
  CHECK(card("80C0000010") == "6E00");  // and so is GET RESPONSE
  CHECK(card("00E2910003BF3C00") == "6E00");
  CHECK(card("0CA40400") == "6882");  // secure messaging
  CHECK(card("60A40400") == "6882");
  CHECK(card("10A40400") == "6884");  // command chaining
  CHECK(card("00B0000000") == "6D00");
  CHECK(card("80CA005A00") == "6D00");
}

TEST_CASE("SELECT knows the ISD-R by its AID and nothing else") {
  Simulated card;
  CHECK(card("00A4040007A000000087100200") == "6A82");  // a USIM
  CHECK(card("00A4040010A0000005591010FFFFFFFF890000020000") == "6A82");
  CHECK(card("00A40000023F00") == "6A86");
  CHECK(card("00A4040110A0000005591010FFFFFFFF890000010000") == "6A86");
  CHECK(card("00A4040C10A0000005591010FFFFFFFF8900000100") == "9000");
  CHECK(card("00A4040410A0000005591010FFFFFFFF890000010000") == "6121");
}

TEST_CASE("a SELECT that fails leaves the ISD-R selected") {
  Simulated card;
  card.selected();
  CHECK(card("00A4040007A000000087100200") == "6A82");
  CHECK(card.es10("BF3E035C015A") == "BF3E125A10890490320000000000000000000421649000");
}

TEST_CASE("on T=0 the FCI of the ISD-R comes by GET RESPONSE, as from a real card") {
  Simulated card;
  // euicc-lpa testdata/cards/omnikey-info.log, but for the version.
  CHECK(card(select_isdr) == "6121");
  CHECK(card("00C0000021") ==
        "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030203009000");
}

TEST_CASE("on T=0 an Le over what there is gives 6Cxx and nothing is lost") {
  Simulated card;
  CHECK(card(select_isdr) == "6121");
  CHECK(card("00C0000000") == "6C21");
  CHECK(card("00C0000022") == "6C21");
  CHECK(card("00C0000002") == "6F1F611F");
  CHECK(card("00C0000020") == "6C1F");
  CHECK(card("00C000001F") == "8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030203009000");
  CHECK(card("00C0000001") == "6985");
}

TEST_CASE("on T=0 a case 4 command may leave out its Le") {
  Simulated card;
  CHECK(card("00A4040010A0000005591010FFFFFFFF8900000100") == "6121");
}

TEST_CASE("on T=0 more than 256 octets are told as 6100") {
  Simulated card;
  card.selected();
  CHECK(card("80E2910003BF2D0000") == "6100");
  const auto first = card("00C0000000");
  CHECK(first.size() == 2 * 258);
  CHECK(first.substr(512, 2) == "61");
}

TEST_CASE("on T=1 up to Le octets come at once and the rest by GET RESPONSE") {
  Simulated card(fresh_t1());
  CHECK(card(select_isdr) ==
        "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030203009000");
  const auto answer = card("80E2910003BF2D0000");
  CHECK(answer.size() == 2 * 258);
  CHECK(answer.substr(0, 10) == "BF2D820227");
  CHECK(answer.substr(512, 2) == "61");
  const auto second = card("00C0000000");
  CHECK(second.size() == 2 * 258);
  const auto third = card("00C0000000");  // on T=1, Le is a maximum
  CHECK(third.size() == 2 * (0x227 + 5 - 512 + 2));
  CHECK(third.substr(third.size() - 4) == "9000");
}

TEST_CASE("on T=1 a small Le gives that many octets") {
  Simulated card(fresh_t1());
  CHECK(card("00A4040010A0000005591010FFFFFFFF890000010002") == "6F1F611F");
  CHECK(card("00C00000") == "6700");
  CHECK(card("00C0000002") == "8410611D");
}

TEST_CASE("on T=1 a command without Le is answered by 61xx") {
  Simulated card(fresh_t1());
  CHECK(card("00A4040010A0000005591010FFFFFFFF8900000100") == "6121");
  CHECK(card("00C0000021") ==
        "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030203009000");
  CHECK(card("80E2910003BF3C00") == "612B");
}

TEST_CASE("GET RESPONSE gives nothing that does not wait on its channel") {
  Simulated card;
  CHECK(card("00C0000021") == "6985");
  CHECK(card(select_isdr) == "6121");
  CHECK(card("00C0010021") == "6A86");
  CHECK(card("00C0000021").substr(0, 4) == "6F1F");
  card(select_isdr);
  CHECK(card("00B0000000") == "6D00");  // any other command
  CHECK(card("00C0000021") == "6985");
  card("0070000001");
  card(select_isdr);
  CHECK(card("01C0000021") == "6985");  // another channel
}

TEST_CASE("channels are given out by the card until there are none") {
  Simulated card;
  CHECK(card("0070000001") == "019000");
  CHECK(card("0070000001") == "029000");
  CHECK(card("0070000001") == "039000");
  CHECK(card("0070000001") == "6A81");
  CHECK(card("0070800200") == "9000");
  CHECK(card("0070000001") == "029000");
  CHECK(card("00708003") == "9000");
  CHECK(card("0170800100") == "9000");  // on the channel itself
}

TEST_CASE("MANAGE CHANNEL refuses what it cannot do") {
  Simulated card;
  CHECK(card("0070800000") == "6A86");  // the basic channel stays
  CHECK(card("0070801400") == "6A86");  // there is no channel 20
  CHECK(card("0070800500") == "6881");  // this card has four
  CHECK(card("0070800100") == "6200");  // closed already
  CHECK(card("0070000101") == "6A86");
  CHECK(card("0070400000") == "6A86");
  CHECK(card("007000000101") == "6700");
}

TEST_CASE("on T=0 an open with a wrong Le opens nothing") {
  Simulated card;
  CHECK(card("0070000000") == "6C01");
  CHECK(card("00700000") == "6C01");
  CHECK(card("0070000001") == "019000");
}

TEST_CASE("on T=1 an open takes any Le but needs one") {
  Simulated card(fresh_t1());
  CHECK(card("00700000") == "6700");
  CHECK(card("0070000000") == "019000");
  CHECK(card("0070000001") == "029000");
}

TEST_CASE("a command on a channel that is not open is refused") {
  Simulated card;
  CHECK(card("01A4040010A0000005591010FFFFFFFF890000010000") == "6881");
  CHECK(card("40A4040010A0000005591010FFFFFFFF890000010000") == "6881");
}

TEST_CASE("each channel has a selection of its own") {
  Simulated card;
  card("0070000001");
  CHECK(card("01A4040010A0000005591010FFFFFFFF890000010000") == "6121");
  CHECK(card("01C0000021").substr(0, 4) == "6F1F");
  CHECK(card("80E2910003BF3C0000") == "6985");
  CHECK(card("81E2910003BF3C0000") == "612B");
  CHECK(card("01C000002B").substr(0, 4) == "BF3C");
  card("0070800100");
  card("0070000001");
  CHECK(card("81E2910003BF3C0000") == "6985");  // closing forgot it
}

TEST_CASE("channels from 4 on have classes of their own") {
  auto state = sim::fresh();
  state.channels = 20;
  Simulated card(state);
  for (int i = 1; i < 19; ++i) card("0070000001");
  CHECK(card("0070000001") == "139000");
  CHECK(card("0070000001") == "6A81");
  CHECK(card("40A4040010A0000005591010FFFFFFFF890000010000") == "6121");  // channel 4
  CHECK(card("40C0000021").substr(0, 4) == "6F1F");
  CHECK(card("C0E2910003BF3C0000") == "612B");
  CHECK(card("40C000002B").substr(0, 4) == "BF3C");
  CHECK(card("4FA4040010A0000005591010FFFFFFFF890000010000") == "6121");  // channel 19
  CHECK(card("CFE2910003BF3C0000") == "612B");
  CHECK(card("CEE2910003BF3C0000") == "6985");
}

TEST_CASE("TERMINAL CAPABILITY is read as strictly as it is written") {
  Simulated card;
  CHECK(card("80AA000007A9058100830107") == "9000");
  CHECK(card("80AA00000AA9088100820101830107") == "9000");
  CHECK(card("80AA000002A900") == "9000");
  CHECK(card("80AA000007A9068100830107") == "6A80");  // a length that runs past the end
  CHECK(card("80AA000003A90181") == "6A80");
  CHECK(card("80AA000005A903810101") == "6A80");
  CHECK(card("80AA000004A9028300") == "6A80");
  CHECK(card("80AA000005AA03830107") == "6A80");
  CHECK(card("80AA000006A90383010700") == "6A80");  // something after the template
  CHECK(card("80AA010007A9058100830107") == "6A86");
  CHECK(card("80AA0000") == "6700");
  card("0070000001");
  CHECK(card("81AA000007A9058100830107") == "6881");
}

TEST_CASE("a card may hide its ISD-R until the terminal says that it has an LPA") {
  auto state = sim::fresh();
  state.options.needs_terminal_capability = true;
  Simulated card(state);
  CHECK(card(select_isdr) == "6A82");
  card("80AA000007A9058100830104");
  CHECK(card(select_isdr) == "6A82");
  card("80AA000007A9058100830107");
  CHECK(card(select_isdr) == "6121");
  card.card().reset();
  CHECK(card(select_isdr) == "6A82");
}

TEST_CASE("a reset closes channels and forgets selections, but not the state") {
  Simulated card;
  card.selected();
  card("0070000001");
  card.es10("BF290F5A0A984401000000002471F6900141");
  card.card().reset();
  CHECK(card("01A40400") == "6881");
  CHECK(card("80E2910003BF3C0000") == "6985");
  CHECK(card.state().profiles[0].nickname == "A");
}

TEST_CASE("a card without power is mute") {
  Simulated card;
  card.card().power_off();
  CHECK(card(select_isdr).empty());
  card.card().power_on();
  CHECK(card(select_isdr) == "6121");
}

TEST_CASE("the answer to reset names the protocol, and its check octet is right") {
  for (const auto& state : {sim::fresh(), fresh_t1()}) {
    const auto atr = sim::Card(state).atr();
    unsigned check = 0;
    for (std::size_t i = 1; i < atr.size(); ++i) check ^= atr[i];
    CHECK(check == 0);
    CHECK((atr[3] & 0x0FU) == (state.protocol == sim::Protocol::t0 ? 0 : 1));
  }
}

TEST_CASE("a change is told before the answer, and not made when it cannot be kept") {
  int told = 0;
  Simulated card(sim::fresh(), [&](const sim::State& state) {
    if (++told == 2) throw std::runtime_error("disk full");
    CHECK(state.profiles[0].nickname == "A");
  });
  card.selected();
  card.es10("BF290F5A0A984401000000002471F6900141");
  CHECK(told == 1);
  CHECK_THROWS(card.es10("BF290F5A0A984401000000002471F6900142"));
  CHECK(card.state().profiles[0].nickname == "A");
  card.es10("BF3C00");
  CHECK(told == 2);
}
