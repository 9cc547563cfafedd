#include "sim/rsp_server.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <httplib.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "sim/base64.hpp"
#include "sim/json.hpp"
#include "sim/openssl.hpp"

namespace sim {
namespace {

using Kind = ServerFault::Kind;

constexpr const char* path = R"(/gsma/rsp2/es9plus/(\w+))";  // SGP.22 6.2
constexpr const char* protocol = "gsma/rsp/v2.5.0";
constexpr const char* json_type = "application/json";
constexpr time_t idle_seconds = 600;  // between two requests on one connection
constexpr std::size_t most_requests = 1'000'000;
constexpr std::size_t threads = 16;  // a stalled answer keeps one
constexpr std::size_t largest_request = 1UL << 20U;

/// What SGP.22 6.2 demands of a request; empty when all is there.
std::string header_fault(const httplib::Request& request) {
  const auto begins = [&](const char* name, std::string_view with) {
    return request.get_header_value(name).starts_with(with);
  };
  if (!begins("User-Agent", "gsma-rsp-lpa")) return "User-Agent is not gsma-rsp-lpad";
  if (!begins("X-Admin-Protocol", "gsma/rsp/v2.")) return "X-Admin-Protocol is not gsma/rsp/v2";
  if (!begins("Content-Type", json_type)) return "Content-Type is not application/json";
  return "";
}

Owned<X509, X509_free> to_x509(const Certificate& certificate) {
  const auto& der = certificate.der();
  const auto* at = der.data();
  return Owned<X509, X509_free>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

}  // namespace

class RspServer::Listener {
 public:
  Listener(Party tls, RspServerOptions options, Functions functions)
      : options_(std::move(options)),
        functions_(std::move(functions)),
        tls_(std::move(tls)),
        server_([this](SSL_CTX& context) { return prepare(context); }) {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): the server deletes it
    server_.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server_.set_keep_alive_timeout(idle_seconds);
    server_.set_keep_alive_max_count(most_requests);
    server_.set_read_timeout(idle_seconds);
    server_.set_payload_max_length(largest_request);
    server_.set_tcp_nodelay(true);
    server_.set_socket_options([](socket_t socket) {  // but no two servers on one port
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_.Post(path, [this](const httplib::Request& request, httplib::Response& response) {
      serve(request, response);
    });
    bind();
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_ = true;
    });
    // One that does not listen yet cannot be stopped: it would begin afterwards, and for ever.
    while (!server_.is_running() && !ended_) std::this_thread::yield();
  }

  ~Listener() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const auto& [number, socket] : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    stop_.notify_all();
    server_.stop();
    thread_.join();
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  Listener(Listener&&) = delete;
  Listener& operator=(Listener&&) = delete;

  [[nodiscard]] std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

 private:
  /// What belongs to one TLS connection; libcrypto frees it with the connection.
  struct Connection {
    Listener* owner;
    std::uint64_t number;
  };

  /// Where it hangs on the connection. It goes before the socket is closed, so that no socket in
  /// `sockets_` is another's already.
  static int connection_index() {
    static const int index = SSL_get_ex_new_index(
        0, nullptr, nullptr, nullptr,
        [](void* /*ssl*/, void* data, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*number*/,
           void* /*argument*/) {
          const std::unique_ptr<Connection> connection(static_cast<Connection*>(data));
          if (connection) connection->owner->disconnected(connection->number);
        });
    return index;
  }

  void bind() {
    bool bound = server_.is_valid();
    if (bound && options_.port == 0) {
      port_ = server_.bind_to_any_port(options_.host);
      bound = port_ > 0;
    } else if (bound) {
      port_ = options_.port;
      bound = server_.bind_to_port(options_.host, options_.port);
    }
    if (bound) return;
    throw base::Error(base::ErrorKind::failure, options_.code,
                      "nothing can listen on port " + std::to_string(options_.port));
  }

  bool prepare(SSL_CTX& context) {
    const auto certificate = to_x509(tls_.certificate);
    SSL_CTX_set_app_data(&context, this);
    SSL_CTX_set_info_callback(&context, [](const SSL* ssl, int where, int /*value*/) {
      if ((where & SSL_CB_HANDSHAKE_DONE) == 0) return;
      static_cast<Listener*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->connected(ssl);
    });
    return certificate && SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_use_certificate(&context, certificate.get()) == 1 &&
           SSL_CTX_use_PrivateKey(&context, tls_.key.native()) == 1;
  }

  /// A handshake is over; TLS 1.3 says so again after each ticket.
  void connected(const SSL* ssl) {
    if (SSL_get_ex_data(ssl, connection_index()) != nullptr) return;
    const std::lock_guard lock(mutex_);
    auto connection = std::make_unique<Connection>(this, ++connections_);
    sockets_.emplace(connection->number, SSL_get_fd(ssl));
    log(JsonObject()
            .set("event", std::string("connection"))
            .set("connection", connection->number)
            .set("tls", std::string(SSL_get_version(ssl)))
            .set_flag("resumed", SSL_session_reused(ssl) == 1));
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the callback has it as const
    SSL_set_ex_data(const_cast<SSL*>(ssl), connection_index(), connection.release());
  }

  void disconnected(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    sockets_.erase(number);
  }

  void log(const JsonObject& event) const {
    if (options_.log) options_.log(event.dump());
  }

  /// The fault that is due for `function`.
  std::optional<ServerFault> due(const std::string& function) {
    for (auto& fault : options_.faults) {
      if (!fault.function.empty() && fault.function != function) continue;
      if (fault.skip > 0) {
        --fault.skip;
        continue;
      }
      if (fault.times == 1) fault.function = "-";  // used up: no function has this name
      if (fault.times > 1) --fault.times;
      auto copy = fault;
      copy.function = function;
      return copy;
    }
    return std::nullopt;
  }

  void serve(const httplib::Request& request, httplib::Response& response) {
    std::unique_lock lock(mutex_);
    const std::string function = request.matches[1];
    const auto* const connection =
        static_cast<const Connection*>(SSL_get_ex_data(request.ssl, connection_index()));
    auto event = JsonObject()
                     .set("event", std::string("request"))
                     .set("connection", connection == nullptr ? 0 : connection->number)
                     .set("function", function)
                     .set("octets", std::uint64_t{request.body.size()});
    const auto fault = header_fault(request).empty() ? due(function) : std::nullopt;
    auto answer = answer_to(request, function, fault);
    response.status = static_cast<int>(answer.http);
    response.set_header("X-Admin-Protocol", protocol);
    if (!answer.body.empty()) response.set_content(answer.body, json_type);
    if (fault) spoil(response, answer, *fault);
    event.set("http", std::uint64_t{static_cast<unsigned>(response.status)})
        .set("status", answer.status)
        .set("subject", answer.subject)
        .set("reason", answer.reason)
        .set("transaction_id", answer.transaction_id)
        .set_flag("fault", fault.has_value());
    if (const auto& received = answer.received) {
      event.set("notification", JsonObject()
                                    .set("kind", received->kind)
                                    .set("sequence", received->sequence)
                                    .set("eid", received->eid)
                                    .set("iccid", base::to_hex(received->iccid))
                                    .set_flag("valid", received->valid)
                                    .set_flag("success", received->success)
                                    .set("digest", base::to_hex(received->digest)));
    }
    log(event);
    if (fault && fault->kind == Kind::stall) stop_.wait(lock, [this] { return stopping_; });
  }

  Es9Answer answer_to(const httplib::Request& request, const std::string& function,
                      const std::optional<ServerFault>& fault) {
    const auto plain = [](unsigned http, const std::string& text) {
      return Es9Answer{http, JsonObject().set("error", text).dump(), text, "", "", "", {}};
    };
    if (const auto wrong = header_fault(request); !wrong.empty()) return plain(400, wrong);
    if (fault && fault->kind == Kind::status) {
      return failed_es9(fault->subject, fault->reason, "as the faults say");
    }
    if (fault && fault->kind == Kind::http) {
      return plain(static_cast<unsigned>(fault->http), "as the faults say");
    }
    auto answer = functions_(function, request.body, fault);
    if (!answer) return plain(404, "no such function");
    return *std::move(answer);
  }

  /// What happens to an answer on its way.
  void spoil(httplib::Response& response, const Es9Answer& answer, const ServerFault& fault) {
    const auto& body = answer.body;
    switch (fault.kind) {
      case Kind::lost:
        response.status = 204;
        response.set_content("", json_type);
        break;
      case Kind::garbage:
        response.set_content("<html>\xFF\xFE{\"header\":", json_type);
        break;
      case Kind::half_body:  // the whole length is announced, then the connection ends
        response.set_content("", json_type);
        response.set_content_provider(
            std::max<std::size_t>(body.size(), 2), json_type,
            [body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
              const auto half = std::max<std::size_t>(body.size(), 2) / 2;
              if (offset >= half) return false;
              return sink.write(body.data() + offset, std::min(length, half - offset));
            });
        break;
      case Kind::slow_drip:
        response.set_content("", json_type);
        response.set_content_provider(
            body.size(), json_type,
            [this, body, drip = std::chrono::milliseconds(fault.pause)](
                std::size_t offset, std::size_t /*length*/, httplib::DataSink& sink) {
              std::unique_lock lock(mutex_);
              if (stop_.wait_for(lock, drip, [this] { return stopping_; })) return false;
              lock.unlock();
              return sink.write(body.data() + offset, 1);
            });
        break;
      default:
        break;
    }
  }

  RspServerOptions options_;
  Functions functions_;
  Party tls_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::uint64_t connections_ = 0;
  std::map<std::uint64_t, int> sockets_;  // of the connections that are open
  httplib::SSLServer server_;
  int port_ = 0;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

RspServer::RspServer(Party tls, RspServerOptions options, Functions functions)
    : listener_(
          std::make_unique<Listener>(std::move(tls), std::move(options), std::move(functions))) {}

RspServer::~RspServer() = default;

std::uint16_t RspServer::port() const { return listener_->port(); }

std::string server_ca_pem() {
  constexpr std::size_t width = 64;
  const auto text = to_base64(test_ci(Curve::nist).certificate.der());
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < text.size(); i += width) pem += text.substr(i, width) + "\n";
  return pem + "-----END CERTIFICATE-----\n";
}

}  // namespace sim
