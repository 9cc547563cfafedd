#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/pki.hpp"

namespace test {

struct ServedRequest {
  std::string method;
  std::string path;
  std::string body;
  std::string content_type;
  std::string host;
};

struct Served {
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool chunked = false;  ///< without saying first how long it is
};

/// A well-behaved HTTPS server on the loopback, until it goes.
class HttpsServer {
 public:
  using Answer = std::function<Served(const ServedRequest&)>;

  /// Closes each connection after `requests` of them.
  HttpsServer(const Identity& identity, Answer answer, std::size_t requests = 100);
  ~HttpsServer();
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  [[nodiscard]] std::string host() const;                        ///< "localhost:PORT"
  [[nodiscard]] std::string url(const std::string& path) const;  ///< "https://localhost:PORT/…"
  [[nodiscard]] std::size_t requests() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace test
