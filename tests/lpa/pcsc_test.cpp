#include "lpa/pcsc.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/scard_mock.hpp"

using test::hex;
using namespace std::chrono_literals;
namespace scard = test::scard;
namespace pcsc = lpa::pcsc;

namespace {

const auto t0_atr = hex("3B9F96803F87828031E073FE211F574543753130136502");
const auto t1_atr = hex("3BFC1300008131FE15597562696B65794E454F7233E1");
const auto both_atr = hex("3B9F95808131FE80");

constexpr auto name = "ACME Reader [CCID] (1) 00 00";

/// A service with one reader and a card in it.
scard::Service one_card(base::Bytes atr = t0_atr) {
  scard::Service service;
  service.readers = {{name, true, std::move(atr)}};
  return service;
}

std::unique_ptr<lpa::Card> connect() { return pcsc::connect(name, 60s); }

bool was_called(const std::string& call) {
  const auto calls = scard::calls();
  return std::ranges::find(calls, call) != calls.end();
}

/// Something that calls wait for until the test opens it; open at the end at the latest.
class Gate {
 public:
  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate() { open(); }

  void open() {
    if (!opened_) promise_.set_value();
    opened_ = true;
  }
  [[nodiscard]] std::function<void()> closed() const {
    return [future = future_] { future.wait(); };
  }

 private:
  std::promise<void> promise_;
  std::shared_future<void> future_ = promise_.get_future().share();
  bool opened_ = false;
};

}  // namespace

TEST_CASE("a PC/SC service that does not run is told with a way to start it") {
  auto service = one_card();
  service.codes["SCardEstablishContext"] = {0x8010001D};
  scard::start(service);
  const auto error = test::error_of([] { pcsc::readers(); });
  REQUIRE(error);
  CHECK(error->code() == "pcsc.no-service");
  CHECK(error->kind() == base::ErrorKind::card);
  CHECK(std::string(error->what()) ==
        "cannot reach the PC/SC service: the PC/SC service is not running (SCARD_E_NO_SERVICE, "
        "8010001D)");
  REQUIRE(error->hints().size() == 1);
  CHECK(error->hints()[0].find("systemctl start pcscd") != std::string::npos);
  CHECK(scard::count("SCardReleaseContext") == 0);  // there was none
}

TEST_CASE("no reader is an empty list and not an error") {
  scard::start({});
  CHECK(pcsc::readers().empty());
  auto gone = one_card();
  gone.codes["SCardListReaders"] = {0, 0x8010002E};  // unplugged between the two calls
  scard::start(gone);
  CHECK(pcsc::readers().empty());
}

TEST_CASE("readers with and without a card are listed with their names as they are") {
  scard::Service service;
  service.readers = {
      {name, true, t0_atr}, {"Empty one 01 00", false, {}}, {"Größe 02 00", true, t1_atr}};
  scard::start(service);
  const auto readers = pcsc::readers();
  REQUIRE(readers.size() == 3);
  CHECK(readers[0].name == name);
  CHECK(readers[0].card_present);
  CHECK(readers[0].atr == t0_atr);
  CHECK(readers[1].name == "Empty one 01 00");
  CHECK_FALSE(readers[1].card_present);
  CHECK(readers[1].atr.empty());
  CHECK(readers[2].card_present);
  CHECK(scard::count("SCardReleaseContext") == scard::count("SCardEstablishContext"));
}

TEST_CASE("a reader that is not there and a reader without a card are told apart") {
  scard::Service service;
  service.readers = {{"Other 00 00", true, t0_atr}, {"Empty 01 00", false, {}}};
  scard::start(service);
  const auto unknown = test::error_of([] { connect(); });
  REQUIRE(unknown);
  CHECK(unknown->code() == "card.removed");
  CHECK(std::string(unknown->what()).find("SCARD_E_UNKNOWN_READER") != std::string::npos);
  const auto empty = test::error_of([] { pcsc::connect("Empty 01 00", 60s); });
  REQUIRE(empty);
  CHECK(empty->code() == "card.removed");
  CHECK(std::string(empty->what()).find("SCARD_E_NO_SMARTCARD") != std::string::npos);
  CHECK(scard::count("SCardConnect") == 0);
}

TEST_CASE("polkit's refusal is told with the actions to allow wherever it comes") {
  for (const auto* function : {"SCardEstablishContext", "SCardConnect", "SCardListReaders"}) {
    CAPTURE(function);
    auto service = one_card();
    service.codes[function] = {0x8010006A};
    scard::start(service);
    const auto error = test::error_of([] { connect(); });
    REQUIRE(error);
    CHECK(error->code() == "pcsc.no-access");
    REQUIRE_FALSE(error->hints().empty());
    CHECK(error->hints()[0].find("access_card") != std::string::npos);
  }
}

TEST_CASE("a card that another program holds for itself is busy") {
  auto service = one_card();
  service.codes["SCardConnect"] = {0x8010000B};
  scard::start(service);
  const auto error = test::error_of([] { pcsc::connect(name, 0s); });
  REQUIRE(error);
  CHECK(error->code() == "card.busy");
  CHECK(error->hints().at(0).find("scdaemon") != std::string::npos);
  CHECK(scard::count("SCardConnect") == 1);
  CHECK(scard::count("SCardDisconnect") == 0);  // nothing was connected
}

TEST_CASE("a card that another program holds for itself is waited for while there is time") {
  auto service = one_card();
  service.codes["SCardConnect"] = {0x8010000B, 0x8010000B, 0};
  scard::start(service);
  CHECK(connect()->transmit(hex("00700000 01")) == hex("9000"));
  CHECK(scard::count("SCardConnect") == 3);
}

TEST_CASE("a connection is shared and one transaction holds it until the card goes") {
  scard::start(one_card());
  {
    const auto card = connect();
    CHECK(was_called(std::string("SCardConnect(") + name + ", T=0)"));
    CHECK(card->transmit(hex("00700000 01")) == hex("9000"));
    CHECK(card->transmit(hex("00700000 01")) == hex("9000"));
    CHECK(scard::count("SCardBeginTransaction") == 1);
    CHECK(scard::count("SCardEndTransaction") == 0);
  }
  CHECK(was_called("SCardEndTransaction(leave)"));
  CHECK(was_called("SCardDisconnect(leave)"));
  const auto calls = scard::calls();
  CHECK(calls.back() == "SCardReleaseContext()");
  CHECK(scard::count("SCardReleaseContext") == scard::count("SCardEstablishContext"));
}

TEST_CASE("T=0 is asked for alone when the card offers both protocols") {
  scard::start(one_card(both_atr));
  CHECK(connect()->protocol() == lpa::Protocol::t0);
  CHECK(was_called(std::string("SCardConnect(") + name + ", T=0)"));
  CHECK(scard::count("SCardConnect") == 1);
}

TEST_CASE("a card that offers T=1 alone is asked for that and spoken to in it") {
  scard::start(one_card(t1_atr));
  const auto card = connect();
  CHECK(card->protocol() == lpa::Protocol::t1);
  CHECK(card->atr() == t1_atr);
  card->transmit(hex("80CA005A00"));
  CHECK(was_called(std::string("SCardConnect(") + name + ", T=1)"));
  CHECK(was_called("SCardTransmit(T=1, 80CA005A00)"));
}

TEST_CASE("both protocols are asked for only when the reader does not take the one") {
  auto service = one_card();
  service.codes["SCardConnect"] = {0x8010000F, 0};
  service.preferred_protocol = 2;  // SCARD_PROTOCOL_T1
  scard::start(service);
  CHECK(connect()->protocol() == lpa::Protocol::t1);
  CHECK(was_called(std::string("SCardConnect(") + name + ", T=0 T=1)"));
  CHECK(scard::count("SCardConnect") == 2);

  service.codes["SCardConnect"] = {0x8010000F};
  scard::start(service);
  CHECK(test::error_code([] { connect(); }) == "card.protocol");
}

TEST_CASE("a card that was reset by another program before it is held is taken over") {
  auto service = one_card();
  service.codes["SCardBeginTransaction"] = {0x80100068, 0};
  scard::start(service);
  CHECK_NOTHROW(connect());
  CHECK(was_called("SCardReconnect(T=0, leave)"));
  CHECK(scard::count("SCardBeginTransaction") == 2);
  CHECK(scard::count("SCardEndTransaction") == 1);
}

TEST_CASE("a reset by another program in the middle is an error and no command is sent again") {
  auto service = one_card();
  service.codes["SCardTransmit"] = {0, 0x80100068};
  scard::start(service);
  const auto card = connect();
  CHECK_NOTHROW(card->transmit(hex("0070000001")));
  CHECK(test::error_code([&] { card->transmit(hex("0070000001")); }) == "card.reset");
  CHECK(scard::count("SCardTransmit") == 2);
}

TEST_CASE("a card that is taken out is told as removed by each of the codes for it") {
  for (const std::uint32_t code : {0x80100069U, 0x8010000CU, 0x80100017U, 0x80100009U}) {
    CAPTURE(code);
    auto service = one_card();
    service.codes["SCardTransmit"] = {code};
    scard::start(service);
    const auto card = connect();
    const auto error = test::error_of([&] { card->transmit(hex("0070000001")); });
    REQUIRE(error);
    CHECK(error->code() == "card.removed");
    CHECK_FALSE(error->hints().empty());
  }
}

TEST_CASE(
    "a fault on the way to the card is a transmit error and anything unforeseen is told by its "
    "number") {
  for (const auto& [code, expected] :
       {std::pair{0x80100016U, "card.transmit"}, std::pair{0x8010002FU, "card.transmit"},
        std::pair{0x80100001U, "pcsc.failed"}, std::pair{0x8010001EU, "pcsc.no-service"}}) {
    CAPTURE(code);
    auto service = one_card();
    service.codes["SCardTransmit"] = {code};
    scard::start(service);
    const auto card = connect();
    CHECK(test::error_code([&] { card->transmit(hex("0070000001")); }) == expected);
  }
  auto service = one_card();
  service.codes["SCardTransmit"] = {0x80100999};
  scard::start(service);
  const auto card = connect();
  const auto error = test::error_of([&] { card->transmit(hex("0070000001")); });
  REQUIRE(error);
  CHECK(std::string(error->what()).find("80100999") != std::string::npos);
}

TEST_CASE("an answer that a reader gathered by itself comes in whole") {
  auto service = one_card();
  service.card = [](base::ByteView) { return hex(test::repeated(2000, "5A") + "9000"); };
  scard::start(service);
  CHECK(connect()->transmit(hex("80CA005A00")).size() == 2002);
}

TEST_CASE("a command of 260 octets goes out and an answer of 258 comes in whole") {
  auto service = one_card();
  base::Bytes sent;
  service.card = [&](base::ByteView command) {
    sent.assign(command.begin(), command.end());
    return hex(test::repeated(256, "5A") + "9000");
  };
  scard::start(service);
  const auto card = connect();
  const auto command = hex("80E29100FF" + test::repeated(255));
  CHECK(hex(card->transmit(command)) == test::repeated(256, "5A") + "9000");
  CHECK(sent == command);
}

TEST_CASE("a reset takes the card's power away and keeps protocol and transaction") {
  scard::start(one_card(t1_atr));
  const auto card = connect();
  card->reset();
  CHECK(was_called("SCardReconnect(T=1, unpower)"));
  CHECK(card->protocol() == lpa::Protocol::t1);
  CHECK(scard::count("SCardBeginTransaction") == 1);
  CHECK(scard::count("SCardEndTransaction") == 0);
}

TEST_CASE("a card that fails to come back from a reset says why") {
  auto service = one_card();
  service.codes["SCardReconnect"] = {0x80100066};
  scard::start(service);
  const auto card = connect();
  const auto error = test::error_of([&] { card->reset(); });
  REQUIRE(error);
  CHECK(error->code() == "pcsc.failed");
  CHECK(std::string(error->what()).find("SCARD_W_UNRESPONSIVE_CARD") != std::string::npos);
}

TEST_CASE("another program's transaction is waited for") {
  Gate gate;
  auto service = one_card();
  service.before["SCardBeginTransaction"] = gate.closed();
  scard::start(service);
  auto waiting = std::async(std::launch::async, [] { return connect(); });
  scard::wait_until_called("SCardBeginTransaction", 1);
  gate.open();
  CHECK(waiting.get()->transmit(hex("0070000001")) == hex("9000"));
}

TEST_CASE(
    "another program's transaction is given up after the wait and let go when it comes at last") {
  Gate gate;
  auto service = one_card();
  service.before["SCardBeginTransaction"] = gate.closed();
  scard::start(service);
  const pcsc::Limits limits{.connecting = 1ms};
  const auto error = test::error_of([&] { pcsc::connect_within(limits, name, 2ms); });
  REQUIRE(error);
  CHECK(error->code() == "card.busy");
  CHECK(std::string(error->what()).find("another program") != std::string::npos);
  CHECK(error->hints().at(0).find("--wait") != std::string::npos);
  CHECK(scard::count("SCardEndTransaction") == 0);
  // The thread that was left behind tidies up.
  gate.open();
  scard::wait_until_called("SCardEndTransaction", 1);
  scard::wait_until_called("SCardReleaseContext", 2);
  CHECK(scard::count("SCardDisconnect") == 1);
}

TEST_CASE("a card that never answers is mute after the limit and nothing more is sent to it") {
  Gate gate;
  auto service = one_card();
  service.before["SCardTransmit"] = gate.closed();
  scard::start(service);
  auto card = pcsc::connect_within({.command = 1ms}, name, 60s);
  const auto error = test::error_of([&] { card->transmit(hex("0070000001")); });
  REQUIRE(error);
  CHECK(error->code() == "card.mute");
  CHECK(error->kind() == base::ErrorKind::card);
  CHECK(test::error_code([&] { card->transmit(hex("0070000001")); }) == "card.mute");
  CHECK(test::error_code([&] { card->reset(); }) == "card.mute");
  scard::wait_until_called("SCardTransmit", 1);  // its thread may only come to it now
  CHECK(card->atr() == t0_atr);                  // what is known of it stays known
  card.reset();
  CHECK(scard::count("SCardDisconnect") == 0);  // it would have to wait as well
  gate.open();
  scard::wait_until_called("SCardReleaseContext", 2);
  CHECK(scard::count("SCardDisconnect") == 1);
  CHECK(scard::count("SCardTransmit") == 1);
}

TEST_CASE("the patience with a card is its time limit, and afterwards that is as it was") {
  Gate gate;
  auto service = one_card();
  service.before["SCardTransmit"] = gate.closed();
  scard::start(service);
  {
    const auto card = pcsc::connect_within({.command = 1h}, name, 60s);
    card->set_patience(1ms);
    CHECK(test::error_code([&] { card->transmit(hex("0070000001")); }) == "card.mute");
    gate.open();
  }
  scard::wait_until_called("SCardReleaseContext", 2);

  Gate first;
  Gate second;
  service.before["SCardTransmit"] = [first = first.closed(), second = second.closed()] {
    scard::count("SCardTransmit") == 1 ? first() : second();
  };
  scard::start(service);
  {
    const auto card = pcsc::connect_within({.command = 1ms}, name, 60s);
    {
      const lpa::Patience patience(*card, 1h);
      auto waiting =
          std::async(std::launch::async, [&] { return card->transmit(hex("0070000001")); });
      scard::wait_until_called("SCardTransmit", 1);
      first.open();
      CHECK(waiting.get() == hex("9000"));
    }
    CHECK(test::error_code([&] { card->transmit(hex("0070000001")); }) == "card.mute");
    second.open();
  }
  scard::wait_until_called("SCardReleaseContext", 2);
}

TEST_CASE("a service that hangs is given up in each of its calls") {
  for (const auto* function :
       {"SCardEstablishContext", "SCardListReaders", "SCardGetStatusChange"}) {
    CAPTURE(function);
    Gate gate;
    auto service = one_card();
    service.before[function] = gate.closed();
    scard::start(service);
    CHECK(test::error_code([] { pcsc::connect_within({.service = 1ms}, name, 60s); }) ==
          "card.mute");
    gate.open();
    scard::wait_until_called("SCardReleaseContext", 1);
  }
}

TEST_CASE(
    "a connection that another program's transaction keeps waiting is given up after the wait") {
  Gate gate;
  auto service = one_card();
  service.before["SCardConnect"] = gate.closed();
  scard::start(service);
  CHECK(test::error_code([] { pcsc::connect_within({.connecting = 1ms}, name, 2ms); }) ==
        "card.busy");
  gate.open();
  scard::wait_until_called("SCardReleaseContext", 2);
}

TEST_CASE("every code that the service can return becomes an error of kind card with a hint") {
  for (const std::uint32_t code :
       {0x80100001U, 0x80100003U, 0x8010000AU, 0x80100010U, 0x80100013U, 0x80100014U, 0x80100018U,
        0x8010001FU, 0x80100022U, 0x80100065U, 0x80100067U}) {
    CAPTURE(code);
    auto service = one_card();
    service.codes["SCardConnect"] = {code};
    scard::start(service);
    const auto error = test::error_of([] { connect(); });
    REQUIRE(error);
    CHECK(error->kind() == base::ErrorKind::card);
    CHECK_FALSE(error->hints().empty());
    CHECK(scard::count("SCardReleaseContext") == scard::count("SCardEstablishContext"));
  }
}
