#include "sim/vpcd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace sim {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

base::Error broken(const std::string& what) {
  return {base::ErrorKind::failure, "sim.vpcd",
          what + ": " + std::generic_category().message(errno)};
}

/// True when `file` became readable within `length`; a negative number is no file.
bool readable(int file, milliseconds length) {
  pollfd one{file, POLLIN, 0};
  return ::poll(&one, 1, static_cast<int>(length.count())) > 0;
}

std::optional<base::Fd> try_to_connect(const VpcdEndpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  if (::inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr) != 1) {
    throw base::Error(base::ErrorKind::usage, "sim.vpcd", endpoint.host + " is no IPv4 address");
  }
  base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.open()) throw broken("no socket");
  // The way in which POSIX wants an address handed over.
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket.number(), generic, sizeof address) != 0) return std::nullopt;
  return socket;
}

/// Empty when it was stopped first.
std::optional<base::Fd> connected(const VpcdEndpoint& endpoint, int stop) {
  constexpr milliseconds pause{50};
  const auto deadline = Clock::now() + endpoint.wait;
  for (;;) {
    if (auto socket = try_to_connect(endpoint)) return socket;
    const auto error = broken("no vpcd at " + endpoint.host + ":" + std::to_string(endpoint.port));
    if (Clock::now() >= deadline) throw error;
    if (readable(stop, pause)) return std::nullopt;
  }
}

/// The framing; each of the two octets of length comes first.
class Connection {
 public:
  Connection(base::Fd socket, int stop) : socket_(std::move(socket)), stop_(stop) {}

  /// The next message; empty when the other side closed or it was stopped.
  std::optional<base::Bytes> receive() {
    const auto head = exactly(2);
    if (!head) return std::nullopt;
    acknowledge();
    return exactly(static_cast<std::size_t>((*head)[0]) * 256 + (*head)[1]);
  }

  void send(const base::Bytes& message) {
    const auto size = std::min<std::size_t>(message.size(), 0xFFFF);
    base::Bytes frame;
    frame.reserve(size + 2);
    frame.push_back(static_cast<std::uint8_t>(size >> 8U));
    frame.push_back(static_cast<std::uint8_t>(size));
    for (const auto octet : base::ByteView(message).first(size)) frame.push_back(octet);
    for (base::ByteView rest = frame; !rest.empty();) {
      const auto count = ::send(socket_.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EPIPE) return;  // the next receive() tells it
      if (count < 0 && errno != EINTR) throw broken("vpcd took no answer");
      if (count > 0) rest = rest.subspan(static_cast<std::size_t>(count));
    }
  }

  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  /// vpcd writes length and message apart; without this the second waits for a delayed
  /// acknowledgement of the first, 40 ms for each command.
  void acknowledge() const {
    const int yes = 1;
    static_cast<void>(::setsockopt(socket_.number(), IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes));
  }

  std::optional<base::Bytes> exactly(std::size_t size) {
    base::Bytes octets(size);
    for (std::size_t have = 0; have < size;) {
      if (!wait()) return std::nullopt;
      const auto count = ::recv(socket_.number(), octets.data() + have, size - have, 0);
      if (count == 0 || (count < 0 && errno == ECONNRESET)) return std::nullopt;
      if (count < 0 && errno != EINTR) throw broken("vpcd could not be read");
      if (count > 0) have += static_cast<std::size_t>(count);
    }
    return octets;
  }

  /// True when there is something to read, false when it is to stop.
  bool wait() {
    std::array<pollfd, 2> files{{{socket_.number(), POLLIN, 0}, {stop_, POLLIN, 0}}};
    while (::poll(files.data(), files.size(), -1) < 0) {
      if (errno != EINTR) throw broken("poll failed");
    }
    stopped_ = files[1].revents != 0;
    return !stopped_;
  }

  base::Fd socket_;
  int stop_;
  bool stopped_ = false;
};

/// What is sent back to one message: nothing for a change of power and for a command met by
/// silence.
std::optional<base::Bytes> react(Device& device, const base::Bytes& message) {
  if (message.size() != 1) return device.transmit(message);
  switch (message[0]) {
    case 0x00:
      device.power_off();
      return std::nullopt;
    case 0x01:
      device.power_on();
      return std::nullopt;
    case 0x02:
      device.reset();
      return std::nullopt;
    case 0x04:
      return device.atr();
    default:
      return device.transmit(message);
  }
}

}  // namespace

VpcdEnd serve_vpcd(Device& device, const VpcdEndpoint& endpoint, int stop,
                   const std::function<void()>& on_connected) {
  auto socket = connected(endpoint, stop);
  if (!socket) return VpcdEnd::stopped;
  if (on_connected) on_connected();
  Connection connection(*std::move(socket), stop);
  while (const auto message = connection.receive()) {
    const auto answer = react(device, *message);
    if (!device.present()) return VpcdEnd::removed;
    if (answer) connection.send(*answer);
  }
  return connection.stopped() ? VpcdEnd::stopped : VpcdEnd::closed;
}

}  // namespace sim
