#include "sim/vpcd.hpp"

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "sim/card_device.hpp"
#include "sim/hostile.hpp"
#include "sim/pace.hpp"
#include "sim/paced_device.hpp"
#include "sim/stoppable_clock.hpp"
#include "tests/sim/simulated.hpp"

namespace {

using sim::test::hex;
using namespace std::chrono_literals;

/// The reader's side of vpcd: listens on a port that is free, and sends messages to the card.
class Reader {
 public:
  Reader() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener_.number(), generic, length) == 0);
    REQUIRE(::listen(listener_.number(), 1) == 0);
    REQUIRE(::getsockname(listener_.number(), generic, &length) == 0);
    port_ = ntohs(address.sin_port);
  }

  [[nodiscard]] sim::VpcdEndpoint endpoint() const { return {"127.0.0.1", port_, 1s}; }
  void accept() { card_ = base::Fd(::accept(listener_.number(), nullptr, nullptr)); }
  void close() { card_ = {}; }

  void send(std::string_view message) {
    const auto octets = hex(message);
    REQUIRE(::send(card_.number(), octets.data(), octets.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(octets.size()));
  }

  /// The next `size` octets from the card; fewer when it closed.
  std::string receive(std::size_t size) {
    base::Bytes octets(size);
    const auto count = ::recv(card_.number(), octets.data(), size, MSG_WAITALL);
    octets.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return base::to_hex(octets);
  }

 private:
  base::Fd listener_;
  base::Fd card_;
  std::uint16_t port_ = 0;
};

std::future<sim::VpcdEnd> serve(sim::Device& device, const Reader& reader, int stop = -1) {
  return std::async(std::launch::async, [&device, endpoint = reader.endpoint(), stop] {
    return sim::serve_vpcd(device, endpoint, stop);
  });
}

}  // namespace

TEST_CASE("a card is served in the framing of vpcd until the reader closes") {
  Reader reader;
  sim::CardDevice device{sim::Card(sim::fresh())};
  auto end = serve(device, reader);
  reader.accept();
  reader.send("000104");  // get ATR
  CHECK(reader.receive(4) == "00173B9F");
  CHECK(reader.receive(21).size() == 42);
  reader.send("000101");                        // power on
  reader.send("001600A4040010A0000005591010");  // a frame in two pieces
  reader.send("FFFFFFFF890000010000");
  CHECK(reader.receive(4) == "00026121");
  reader.send("000102");  // reset
  reader.send("000500C0000021");
  CHECK(reader.receive(4) == "00026985");
  reader.close();
  CHECK(end.get() == sim::VpcdEnd::closed);
}

TEST_CASE("a card without power and a mute card send nothing") {
  Reader reader;
  const auto device = sim::hostile("mute-after=0");
  auto end = serve(*device, reader);
  reader.accept();
  reader.send("000500C0000021");
  reader.send("000100");
  reader.send("000104");  // the first that is answered
  CHECK(reader.receive(4) == "00173B9F");
  reader.close();
  CHECK(end.get() == sim::VpcdEnd::closed);
}

TEST_CASE("a card that is pulled out closes the connection") {
  Reader reader;
  const auto device = sim::hostile("remove-after=0");
  auto end = serve(*device, reader);
  reader.accept();
  reader.send("000500C0000021");
  CHECK(reader.receive(1).empty());
  CHECK(end.get() == sim::VpcdEnd::removed);
}

TEST_CASE("serving ends when it is told to") {
  Reader reader;
  const base::Fd stop(::eventfd(0, EFD_CLOEXEC));
  sim::CardDevice device{sim::Card(sim::fresh())};
  auto end = serve(device, reader, stop.number());
  reader.accept();
  const std::uint64_t one = 1;
  REQUIRE(::write(stop.number(), &one, sizeof one) == sizeof one);
  CHECK(end.get() == sim::VpcdEnd::stopped);
}

TEST_CASE("serving ends when it is told to, however long the card takes to answer") {
  Reader reader;
  const base::Fd stop(::eventfd(0, EFD_CLOEXEC));
  sim::StoppableClock clock(stop.number());
  sim::PacedDevice device(std::make_unique<sim::CardDevice>(sim::Card(sim::fresh())),
                          sim::Pace({.ms_per_apdu = 3'600'000}, clock));
  auto end = serve(device, reader, stop.number());
  reader.accept();
  reader.send("000500C0000021");
  const std::uint64_t one = 1;
  REQUIRE(::write(stop.number(), &one, sizeof one) == sizeof one);
  CHECK(end.get() == sim::VpcdEnd::stopped);
}

TEST_CASE("without a reader, serving gives up in time or when it is told to") {
  sim::VpcdEndpoint nobody;
  {
    const Reader reader;
    nobody = reader.endpoint();
  }
  nobody.wait = 60ms;
  sim::CardDevice device{sim::Card(sim::fresh())};
  CHECK_THROWS_AS(sim::serve_vpcd(device, nobody), base::Error);
  const base::Fd stop(::eventfd(1, EFD_CLOEXEC));
  nobody.wait = 1h;
  CHECK(sim::serve_vpcd(device, nobody, stop.number()) == sim::VpcdEnd::stopped);
  CHECK_THROWS_AS(sim::serve_vpcd(device, {"localhost", 1, 0ms}), base::Error);
}
