#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"

namespace base {

struct HttpHeader {
  std::string name;
  std::string value;
};

/// A body that is still being made while the connection is. `bytes` is called at most once, in
/// `send`, when the server can take the request and before any of it has been sent; it blocks until
/// it has exactly `size` octets.
struct LaterBody {
  std::size_t size = 0;
  std::function<Bytes()> bytes;
};

/// Headers that are still being made while the connection is, as those of a LaterBody; they come
/// after the others.
using LaterHeaders = std::function<std::vector<HttpHeader>()>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< https, without user and password
  std::vector<HttpHeader> headers;
  std::variant<Bytes, LaterBody> body;
  std::stop_token stop{};  ///< ends it while it is under way
  LaterHeaders later_headers{};
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;  ///< in their order; text as the server sent it
  Bytes body;

  /// The first header of that name, in letters of either case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

/// What a client did so far, failed requests included.
struct HttpCounters {
  std::size_t requests = 0;
  std::size_t connections = 0;
  std::size_t handshakes = 0;  ///< of TLS, begun
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;  ///< headers and bodies, without TLS
};

/// The anchors that certificates have to end in: those that the machine came with.
struct SystemAnchors {};

/// The anchors that certificates have to end in: these alone, one or more certificates in PEM.
struct PemAnchors {
  std::string pem;
};

struct HttpLimits {
  std::chrono::milliseconds connect = std::chrono::seconds(10);  ///< name, TCP, proxy and TLS
  std::chrono::milliseconds total =
      std::chrono::seconds(60);  ///< without waiting for what comes later
  std::chrono::milliseconds stall = std::chrono::seconds(30);  ///< without one octet either way
  std::size_t body_bytes = 4UL * 1024 * 1024;
  std::size_t header_bytes = 64UL * 1024;  ///< of all headers of an answer
};

/// A connection that was made.
struct HttpConnection {
  std::string host;
  std::string address;  ///< of the server, or of the proxy
  std::string proxy;    ///< as the environment names it, without password; empty without one
};

/// What a client is made with, for all of its requests. There is no way to leave a certificate
/// unchecked.
struct HttpSettings {
  std::variant<SystemAnchors, PemAnchors> anchors;
  std::string untrusted_hint;      ///< what to do about an unknown issuer; may be empty
  std::vector<std::string> hosts;  ///< the only ones that are asked: "host" (443) or "host:port"
  HttpLimits limits{};
  std::function<void(const HttpConnection&)> connected{};
};

/// Sends requests over HTTPS, one after another, and keeps its connections in between.
///
/// One object is for one thread. TLS is 1.2 or later. Redirects are answers like any other. A
/// request with a body is sent once at most, also when a kept connection turns out to be closed.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Blocks until the whole answer is there, whatever its status. An answer that does not say how
  /// long it is ends with its connection, and looks whole when that was cut.
  ///
  /// Throws Error: `http.host-not-allowed` and `http.unsendable` (kind usage) before anything is
  /// connected; `http.unresolved`, `http.refused`, `http.proxy`, `http.timeout`, `http.stalled`,
  /// `http.cut`, `http.too-large`, `http.malformed-answer`, `http.failed`, and of TLS
  /// `http.tls-unknown-issuer`, `http.tls-signature`, `http.tls-expired`, `http.tls-not-yet-valid`,
  /// `http.tls-wrong-host`, `http.tls-chain`, `http.tls-version`, `http.tls-failed` (kind network);
  /// `http.tls-anchors` (usage); `http.cancelled`, `http.no-library` and `code.library` (failure).
  /// What makes a later part throws is thrown here.
  virtual HttpResponse send(const HttpRequest& request) = 0;

  [[nodiscard]] virtual HttpCounters counters() const = 0;
};

}  // namespace base
