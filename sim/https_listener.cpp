#include "sim/https_listener.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

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

using Delivery = HttpAnswer::Delivery;

constexpr time_t idle_seconds = 600;  // between two requests on one connection
constexpr std::size_t most_requests = 1'000'000;
constexpr int waiting = 512;  // connections that nobody has accepted yet
constexpr std::size_t largest_request = 1UL << 20U;

Owned<X509, X509_free> to_x509(const Certificate& certificate) {
  const auto& der = certificate.der();
  const auto* at = der.data();
  return Owned<X509, X509_free>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

HttpRequest received(const httplib::Request& from, std::uint64_t connection) {
  HttpRequest request;
  request.method = from.method;
  const auto question = from.target.find('?');
  request.path = from.target.substr(0, question);
  if (question != std::string::npos) request.query = from.target.substr(question + 1);
  for (const auto& [name, value] : from.headers) request.headers.emplace(lower(name), value);
  request.body = from.body;
  request.connection = connection;
  return request;
}

/// A thread for each connection, so that none waits for another one's to end.
class OwnThreads final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> work) override {
    connections_.remove_if([](const Connection& connection) { return connection.ended.load(); });
    auto& connection = connections_.emplace_back();
    connection.thread = std::jthread([&connection, work = std::move(work)] {
      work();
      connection.ended = true;
    });
  }
  void shutdown() override { connections_.clear(); }

 private:
  struct Connection {
    std::atomic<bool> ended = false;
    std::jthread thread;
  };
  std::list<Connection> connections_;
};

}  // namespace

class HttpsListener::Server {
 public:
  Server(Party tls, ListenerOptions options, Handler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        tls_(std::move(tls)),
        server_([this](SSL_CTX& context) { return prepare(context); }) {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): the server deletes it
    server_.new_task_queue = [] { return new OwnThreads; };
    server_.set_keep_alive_timeout(idle_seconds);
    server_.set_keep_alive_max_count(most_requests);
    server_.set_read_timeout(idle_seconds);
    server_.set_payload_max_length(largest_request);
    server_.set_tcp_nodelay(true);
    server_.set_socket_options([this](socket_t socket) {  // but no two servers on one port
      const int yes = 1;
      listening_ = socket;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    const httplib::Server::Handler serve = [this](const auto& request, auto& response) {
      this->serve(request, response);
    };
    constexpr const char* any = "[^]*";
    server_.Get(any, serve);  // HEAD as well
    server_.Post(any, serve);
    server_.Put(any, serve);
    server_.Patch(any, serve);
    server_.Delete(any, serve);
    server_.Options(any, serve);
    bind();
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_ = true;
    });
    // One that does not listen yet cannot be stopped: it would begin afterwards, and for ever.
    while (!server_.is_running() && !ended_) std::this_thread::yield();
    ::listen(listening_, waiting);  // the library has five wait at most
  }

  ~Server() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const auto& [number, socket] : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    stop_.notify_all();
    server_.stop();
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  Server(Server&&) = delete;
  Server& operator=(Server&&) = delete;

  [[nodiscard]] std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

 private:
  /// What belongs to one TLS connection; libcrypto frees it with the connection.
  struct Connection {
    Server* owner;
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
      static_cast<Server*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->connected(ssl);
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
    if (options_.log) {
      options_.log(JsonObject()
                       .set("event", std::string("connection"))
                       .set("connection", connection->number)
                       .set("tls", std::string(SSL_get_version(ssl)))
                       .set_flag("resumed", SSL_session_reused(ssl) == 1)
                       .dump());
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the callback has it as const
    SSL_set_ex_data(const_cast<SSL*>(ssl), connection_index(), connection.release());
  }

  void disconnected(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    sockets_.erase(number);
  }

  void serve(const httplib::Request& request, httplib::Response& response) {
    std::unique_lock lock(mutex_);
    const auto* const connection =
        static_cast<const Connection*>(SSL_get_ex_data(request.ssl, connection_index()));
    const auto answer = handler_(received(request, connection == nullptr ? 0 : connection->number));
    response.status = answer.status;
    for (const auto& [name, value] : answer.headers) response.set_header(name, value);
    deliver(response, answer);
    if (answer.delivery == Delivery::stall) stop_.wait(lock, [this] { return stopping_; });
  }

  void deliver(httplib::Response& response, const HttpAnswer& answer) {
    const auto& body = answer.body;
    if (answer.delivery == Delivery::half) {  // the whole length is announced
      response.set_content_provider(
          std::max<std::size_t>(body.size(), 2), answer.type,
          [body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
            const auto half = std::max<std::size_t>(body.size(), 2) / 2;
            if (offset >= half) return false;
            return sink.write(body.data() + offset, std::min(length, half - offset));
          });
    } else if (answer.delivery == Delivery::drip) {
      response.set_content_provider(
          body.size(), answer.type,
          [this, body, pause = std::chrono::milliseconds(answer.pause)](
              std::size_t offset, std::size_t /*length*/, httplib::DataSink& sink) {
            std::unique_lock lock(mutex_);
            if (stop_.wait_for(lock, pause, [this] { return stopping_; })) return false;
            lock.unlock();
            return sink.write(body.data() + offset, 1);
          });
    } else if (!body.empty()) {
      response.set_content(body, answer.type);
    }
  }

  ListenerOptions options_;
  Handler handler_;
  Party tls_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::uint64_t connections_ = 0;
  std::map<std::uint64_t, int> sockets_;  // of the connections that are open
  socket_t listening_ = INVALID_SOCKET;
  httplib::SSLServer server_;
  int port_ = 0;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

HttpsListener::HttpsListener(Party tls, ListenerOptions options, Handler handler)
    : server_(std::make_unique<Server>(std::move(tls), std::move(options), std::move(handler))) {}

HttpsListener::~HttpsListener() = default;

std::uint16_t HttpsListener::port() const { return server_->port(); }

std::string server_ca_pem() {
  constexpr std::size_t width = 64;
  const auto text = to_base64(test_ci(Curve::nist).certificate.der());
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < text.size(); i += width) pem += text.substr(i, width) + "\n";
  return pem + "-----END CERTIFICATE-----\n";
}

}  // namespace sim
