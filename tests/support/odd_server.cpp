#include "tests/support/odd_server.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {
namespace {

constexpr int deadline_ms = 10'000;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool readable(int socket) {
  pollfd wanted{socket, POLLIN, 0};
  return poll(&wanted, 1, deadline_ms) == 1;
}

/// A write to a client that has gone is no end of the test program.
void block_pipe_signal() {
  sigset_t set{};
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

Peer::Peer(base::Fd socket, SSL_CTX* context) : socket_(std::move(socket)) {
  if (context == nullptr) return;
  tls_.reset(SSL_new(context));
  SSL_set_fd(tls_.get(), socket_.number());
}

bool Peer::accept() { return tls_ == nullptr || SSL_accept(tls_.get()) == 1; }

int Peer::read(char* to, int room) {
  if (tls_) {
    if (SSL_pending(tls_.get()) == 0 && !readable(socket_.number())) return 0;
    return SSL_read(tls_.get(), to, room);
  }
  if (!readable(socket_.number())) return 0;
  return static_cast<int>(::read(socket_.number(), to, static_cast<std::size_t>(room)));
}

std::string Peer::read_request() {
  std::string text;
  std::size_t whole = std::string::npos;
  while (text.size() < whole) {
    std::array<char, 4096> part{};
    const int count = read(part.data(), static_cast<int>(part.size()));
    if (count <= 0) return {};
    text.append(part.data(), static_cast<std::size_t>(count));
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const auto length = text.find("Content-Length: ");
    whole = end + 4;
    if (length != std::string::npos) whole += std::strtoul(text.c_str() + length + 16, nullptr, 10);
  }
  return text;
}

void Peer::write(std::string_view text) {
  if (tls_) {
    SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()));
  } else {
    [[maybe_unused]] const auto written = ::write(socket_.number(), text.data(), text.size());
  }
}

void Peer::wait_for_close() {
  std::array<char, 4096> part{};
  while (read(part.data(), static_cast<int>(part.size())) > 0) {
  }
}

OddServer::OddServer(const Identity* identity, Treat treat, int most_version)
    : treat_(std::move(treat)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (identity != nullptr) {
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context_.get(), identity->certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity->key.get());
    if (most_version != 0) {
      SSL_CTX_set_security_level(context_.get(), 0);
      SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
      SSL_CTX_set_max_proto_version(context_.get(), most_version);
    }
  }
  auto address = loopback(0);
  socklen_t length = sizeof address;
  if (bind(listener_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_.number(), 8) != 0 ||
      getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error("the test cannot listen on the loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

OddServer::~OddServer() {
  shutdown(listener_.number(), SHUT_RDWR);  // wakes accept
  thread_.join();
}

void OddServer::run() {
  block_pipe_signal();
  for (;;) {
    base::Fd socket(::accept(listener_.number(), nullptr, nullptr));
    if (!socket.open()) return;
    const std::size_t connection = ++connections_;
    Peer peer(std::move(socket), context_.get());
    treat_(peer, connection);
  }
}

void tunnel(Peer& peer, int port) {
  const base::Fd server(::socket(AF_INET, SOCK_STREAM, 0));
  auto address = loopback(port);
  if (connect(server.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  std::array<pollfd, 2> ends{{{peer.socket(), POLLIN, 0}, {server.number(), POLLIN, 0}}};
  std::array<char, 4096> part{};
  while (poll(ends.data(), ends.size(), deadline_ms) > 0) {
    for (std::size_t from = 0; from < ends.size(); ++from) {
      if (ends.at(from).revents == 0) continue;
      const auto count = ::read(ends.at(from).fd, part.data(), part.size());
      if (count <= 0) return;
      if (::write(ends.at(1 - from).fd, part.data(), static_cast<std::size_t>(count)) < 0) return;
    }
  }
}

}  // namespace test
