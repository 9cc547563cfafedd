#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/http_message.hpp"
#include "sim/pki.hpp"

namespace sim {

struct ListenerOptions {
  std::string host{"127.0.0.1"};
  std::uint16_t port = 0;                              ///< 0: any that is free
  std::function<void(const std::string& line)> log{};  ///< a JSON object for each TLS handshake
  std::string code{};                                  ///< of the Error when it cannot listen
};

/// HTTPS from its construction to its destruction, with one key and certificate.
///
/// Throws base::Error (failure, the code of the options) when it cannot listen.
class HttpsListener {
 public:
  /// Answers a request of any method and path; one at a time, and never while `log` is called.
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  HttpsListener(Party tls, ListenerOptions options, Handler handler);
  ~HttpsListener();
  HttpsListener(const HttpsListener&) = delete;
  HttpsListener& operator=(const HttpsListener&) = delete;
  HttpsListener(HttpsListener&&) = delete;
  HttpsListener& operator=(HttpsListener&&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

/// The certificate of the CI that a client has to trust, as PEM (RFC 7468).
std::string server_ca_pem();

}  // namespace sim
