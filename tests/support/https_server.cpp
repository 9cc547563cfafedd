#include "tests/support/https_server.hpp"

#include <thread>
#include <utility>

#include <httplib.h>

namespace test {

struct HttpsServer::Parts {
  Parts(const Identity& identity, Answer given)
      : answer(std::move(given)), server([&identity](SSL_CTX& context) {
          if (SSL_CTX_use_certificate(&context, identity.certificate.get()) != 1) return false;
          for (const auto& each : identity.chain) SSL_CTX_add1_chain_cert(&context, each.get());
          return SSL_CTX_use_PrivateKey(&context, identity.key.get()) == 1;
        }) {}

  void serve(const httplib::Request& request, httplib::Response& response) {
    ++requests;
    const auto served =
        answer({request.method, request.path, request.body,
                request.get_header_value("Content-Type"), request.get_header_value("Host")});
    response.status = served.status;
    for (const auto& [name, value] : served.headers) response.set_header(name, value);
    if (served.chunked) {
      response.set_chunked_content_provider(
          "text/plain", [body = served.body](std::size_t /*offset*/, httplib::DataSink& sink) {
            sink.write(body.data(), body.size());
            sink.done();
            return true;
          });
    } else {
      response.set_content(served.body, "text/plain");
    }
  }

  Answer answer;
  httplib::SSLServer server;
  std::atomic<std::size_t> requests = 0;
  int port = 0;
  std::thread thread;
};

HttpsServer::HttpsServer(const Identity& identity, Answer answer, std::size_t requests)
    : parts_(std::make_unique<Parts>(identity, std::move(answer))) {
  auto& server = parts_->server;
  server.set_keep_alive_max_count(requests);
  const auto serve = [parts = parts_.get()](const auto& request, auto& response) {
    parts->serve(request, response);
  };
  server.Get(".*", serve);
  server.Post(".*", serve);
  server.Put(".*", serve);
  parts_->port = server.bind_to_any_port("127.0.0.1");
  parts_->thread = std::thread([&server] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();  // stop() before that would be lost
}

HttpsServer::~HttpsServer() {
  parts_->server.stop();
  parts_->thread.join();
}

std::string HttpsServer::host() const { return "localhost:" + std::to_string(parts_->port); }

std::string HttpsServer::url(const std::string& path) const { return "https://" + host() + path; }

std::size_t HttpsServer::requests() const { return parts_->requests; }

}  // namespace test
