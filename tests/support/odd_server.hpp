#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <openssl/ssl.h>

#include "base/fd.hpp"
#include "base/openssl.hpp"
#include "tests/support/pki.hpp"

namespace test {

/// The server's end of one connection; without TLS when it has no identity.
class Peer {
 public:
  Peer(base::Fd socket, SSL_CTX* context);

  /// The handshake; false when it failed. Without TLS true.
  bool accept();

  /// A request with the body that its Content-Length names; empty when the client has gone.
  std::string read_request();

  void write(std::string_view text);

  /// Until the client has closed the connection, or for ten seconds. Reads what still comes.
  void wait_for_close();

  [[nodiscard]] int socket() const { return socket_.number(); }

 private:
  int read(char* to, int room);

  base::Fd socket_;
  base::OpensslPtr<SSL, SSL_free> tls_;
};

/// A listener on the loopback that treats its connections, one after another, as a test says.
class OddServer {
 public:
  using Treat = std::function<void(Peer&, std::size_t connection)>;

  /// Speaks TLS, up to `most_version`, when there is an identity. `treat` gets a connection whose
  /// handshake is still to be made.
  OddServer(const Identity* identity, Treat treat, int most_version = 0);
  ~OddServer();
  OddServer(const OddServer&) = delete;
  OddServer& operator=(const OddServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string host() const { return "localhost:" + std::to_string(port_); }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "https://" + host() + path;
  }
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  void run();

  Treat treat_;
  base::OpensslPtr<SSL_CTX, SSL_CTX_free> context_;
  base::Fd listener_;
  int port_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  std::thread thread_;
};

/// Carries octets both ways between the peer and a server on the loopback until one of them closes.
void tunnel(Peer& peer, int port);

}  // namespace test
