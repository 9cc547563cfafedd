#include "base/http.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <stop_token>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/https_server.hpp"
#include "tests/support/odd_server.hpp"
#include "tests/support/ticking_clock.hpp"

using namespace std::chrono_literals;
using test::Client;
using test::HttpsServer;
using test::OddServer;
using test::Peer;
using test::settings_for;

namespace {

constexpr std::size_t four_mib = 4UL * 1024 * 1024;

/// An authority and a server that it vouches for.
struct Pki {
  test::Authority authority{"Test Root"};
  test::Identity identity = test::issue(authority);
};

test::Served hello(const test::ServedRequest& /*request*/) { return {200, "hello", {}}; }

const std::string whole_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const std::string half_answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten octets";

/// An environment variable as long as it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread so far
  }
  ~Variable() { unsetenv(name_); }  // NOLINT(concurrency-mt-unsafe)
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("an answer comes back with its status, its headers and its body") {
  const Pki pki;
  const HttpsServer server(pki.identity, [](const test::ServedRequest& request) {
    CHECK(request.method == "POST");
    CHECK(request.path == "/a");
    CHECK(request.body == "{}");
    CHECK(request.content_type == "application/json");
    return test::Served{404, "not here", {{"X-Admin-Protocol", "gsma/rsp/v2.5.0"}}};
  });
  Client client(settings_for(pki.authority, server.host()));
  const auto response = client.http->send(
      {"POST", server.url("/a"), {{"Content-Type", "application/json"}}, base::Bytes{'{', '}'}});
  CHECK(response.status == 404);
  CHECK(test::text(response.body) == "not here");
  CHECK(response.header("x-admin-protocol") == "gsma/rsp/v2.5.0");
  CHECK_FALSE(response.header("x-admin"));
}

TEST_CASE("methods, empty bodies and empty headers arrive as they were meant") {
  const Pki pki;
  std::vector<test::ServedRequest> seen;
  const HttpsServer server(pki.identity, [&](const test::ServedRequest& request) {
    seen.push_back(request);
    return test::Served{204, "", {}};
  });
  Client client(settings_for(pki.authority, server.host()));
  CHECK(client.post(server.url("/post"), "").status == 204);
  CHECK(
      client.http->send({"PUT", server.url("/put"), {{"X-Empty", ""}}, base::Bytes{'x'}}).status ==
      204);
  CHECK(client.http->send({"HEAD", server.url("/head"), {}, {}}).status == 204);
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].method == "POST");
  CHECK(seen[0].content_type.empty());
  CHECK(seen[1].method == "PUT");
  CHECK(seen[1].body == "x");
  CHECK(seen[2].method == "HEAD");
}

TEST_CASE("four requests go over one connection, and over more when the server closes it") {
  const Pki pki;
  SUBCASE("kept") {
    const HttpsServer server(pki.identity, hello);
    Client client(settings_for(pki.authority, server.host()));
    for (int i = 0; i < 4; ++i) CHECK(client.get(server.url("/")).status == 200);
    const auto counters = client.http->counters();
    CHECK(counters.requests == 4);
    CHECK(counters.connections == 1);
    CHECK(counters.handshakes == 1);
    CHECK(counters.sent_bytes > 4 * 20);
    CHECK(counters.received_bytes > 4 * 5);
  }
  SUBCASE("closed after two requests") {
    const HttpsServer server(pki.identity, hello, 2);
    Client client(settings_for(pki.authority, server.host()));
    for (int i = 0; i < 4; ++i) CHECK(client.get(server.url("/")).status == 200);
    CHECK(client.http->counters().connections == 2);
    CHECK(client.http->counters().handshakes == 2);
  }
}

TEST_CASE("a redirect is an answer and is not followed") {
  const Pki pki;
  const HttpsServer server(pki.identity, [](const test::ServedRequest& request) {
    if (request.path == "/old") return test::Served{302, "", {{"Location", "/new"}}};
    return test::Served{200, "the new place", {}};
  });
  Client client(settings_for(pki.authority, server.host()));
  const auto response = client.get(server.url("/old"));
  CHECK(response.status == 302);
  CHECK(response.header("location") == "/new");
  CHECK(server.requests() == 1);
  CHECK(client.get(server.url("/new")).status == 200);
}

TEST_CASE("only https to the named hosts is sent, and nothing is connected for anything else") {
  const Pki pki;
  const HttpsServer server(pki.identity, hello);
  Client client(settings_for(pki.authority, server.host()));
  const auto code = [&](const std::string& url) {
    return test::error_code([&] { client.get(url); });
  };
  const auto port = server.host().substr(server.host().find(':'));
  CHECK(code("http://" + server.host() + "/") == "http.unsendable");
  CHECK(code("file:///etc/passwd") == "http.unsendable");
  CHECK(code("https://user:word@" + server.host() + "/") == "http.unsendable");
  CHECK(code("https://") == "http.unsendable");
  CHECK(code("https://localhost/") == "http.host-not-allowed");
  CHECK(code("https://127.0.0.1" + port + "/") == "http.host-not-allowed");
  CHECK(code("https://localhost.evil.example" + port + "/") == "http.host-not-allowed");
  CHECK(client.http->counters().connections == 0);
  CHECK(server.requests() == 0);
  // The host in upper case is the same one.
  CHECK(client.get("https://LOCALHOST" + port + "/").status == 200);
}

TEST_CASE("the default port of an allowed host may be written or not") {
  const Pki pki;
  for (const std::string allowed : {"localhost", "localhost:443", "LocalHost"}) {
    CAPTURE(allowed);
    std::stop_source source;
    source.request_stop();
    Client client(settings_for(pki.authority, allowed));
    client.stop = source.get_token();
    for (const std::string url : {"https://localhost/", "https://localhost:443/"}) {
      CHECK(test::error_code([&] { client.get(url); }) == "http.cancelled");
    }
    CHECK(test::error_code([&] { client.get("https://localhost:444/"); }) ==
          "http.host-not-allowed");
  }
}

TEST_CASE("a header cannot smuggle in another, nor the ones that libcurl makes") {
  const Pki pki;
  const HttpsServer server(pki.identity, hello);
  Client client(settings_for(pki.authority, server.host()));
  const auto code = [&](base::HttpHeader header) {
    return test::error_code(
        [&] { client.http->send({"GET", server.url("/"), {std::move(header)}, {}}); });
  };
  CHECK(code({"A", "b\r\nC: d"}) == "http.unsendable");
  CHECK(code({"A: b\r\nC", "d"}) == "http.unsendable");
  CHECK(code({"Host", "elsewhere.example"}) == "http.unsendable");
  CHECK(code({"Content-Length", "7"}) == "http.unsendable");
  CHECK(test::error_code([&] { client.http->send({"GET /", server.url("/"), {}, {}}); }) ==
        "http.unsendable");
  CHECK(server.requests() == 0);
  CHECK(code({"A", "b"}) == "none");
}

TEST_CASE("a body of 4 MiB is taken and one octet more is refused, however it comes") {
  const Pki pki;
  for (const bool chunked : {false, true}) {
    CAPTURE(chunked);
    const HttpsServer server(pki.identity, [chunked](const test::ServedRequest& request) {
      const std::size_t more = request.path == "/more" ? 1 : 0;
      return test::Served{200, std::string(four_mib + more, 'x'), {}, chunked};
    });
    Client client(settings_for(pki.authority, server.host()));
    CHECK(client.get(server.url("/just")).body.size() == four_mib);
    const auto error = test::error_of([&] { client.get(server.url("/more")); });
    REQUIRE(error);
    CHECK(error->code() == "http.too-large");
    CHECK(std::string(error->what()) ==
          "the answer of " + server.host() + " is larger than 4194304 bytes");
  }
}

TEST_CASE("headers without end are refused") {
  const Pki pki;
  const OddServer server(&pki.identity, [](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100; ++i) peer.write("X-More: " + std::string(1000, 'x') + "\r\n");
    peer.wait_for_close();
  });
  Client client(settings_for(pki.authority, server.host()));
  CHECK(test::error_code([&] { client.get(server.url("/")); }) == "http.too-large");
}

TEST_CASE("half an answer is no answer") {
  const Pki pki;
  const OddServer server(&pki.identity, [](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    const auto request = peer.read_request();
    if (request.starts_with("GET /half")) peer.write(half_answer);
    if (request.starts_with("GET /chunk")) {
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    }
    if (request.starts_with("GET /whole")) peer.write(whole_answer);
  });
  Client client(settings_for(pki.authority, server.host()));
  const auto code = [&](const std::string& path) {
    return test::error_code([&] { client.get(server.url(path)); });
  };
  CHECK(code("/half") == "http.cut");
  CHECK(code("/chunk") == "http.cut");
  CHECK(code("/nothing") == "http.cut");
  CHECK(code("/whole") == "none");
  const auto error = test::error_of([&] { client.get(server.url("/half")); });
  REQUIRE(error);
  CHECK(error->kind() == base::ErrorKind::network);
  CHECK(std::string(error->what()) ==
        server.host() + " ended the connection before its answer was whole, after 10 bytes of it");
}

TEST_CASE("something else than HTTP is no answer") {
  const Pki pki;
  const OddServer server(&pki.identity, [](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    peer.read_request();
    peer.write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  });
  Client client(settings_for(pki.authority, server.host()));
  CHECK(test::error_code([&] { client.get(server.url("/")); }) == "http.malformed-answer");
}

TEST_CASE("a request with a body is sent once, also when the kept connection is closed on it") {
  const Pki pki;
  std::atomic<int> requests = 0;
  std::atomic<std::size_t> closing = 1;  // the connection that is closed on its second request
  const OddServer server(&pki.identity, [&](Peer& peer, std::size_t connection) {
    if (!peer.accept()) return;
    while (!peer.read_request().empty()) {
      if (++requests == 2 && connection == closing) return;
      peer.write(whole_answer);
    }
  });
  SUBCASE("a POST is not repeated") {
    for (const std::string body : {"{}", ""}) {
      CAPTURE(body);
      Client client(settings_for(pki.authority, server.host()));
      requests = 0;
      closing = server.connections() + 1;
      CHECK(client.post(server.url("/"), body).status == 200);
      CHECK(test::error_code([&] { client.post(server.url("/"), body); }) == "http.cut");
      CHECK(requests == 2);
      CHECK(client.post(server.url("/"), body).status == 200);
    }
  }
  SUBCASE("a GET is") {
    Client client(settings_for(pki.authority, server.host()));
    CHECK(client.get(server.url("/")).status == 200);
    CHECK(client.get(server.url("/")).status == 200);
    CHECK(requests == 3);
  }
}

TEST_CASE("a server that closes while it is sent to does not end the program") {
  const Pki pki;
  const OddServer server(&pki.identity, [](Peer& peer, std::size_t) {
    if (peer.accept()) return;  // closed with octets unread: a reset
  });
  Client client(settings_for(pki.authority, server.host()));
  CHECK(test::error_code([&] { client.post(server.url("/"), std::string(four_mib, 'x')); }) ==
        "http.cut");
}

TEST_CASE("what comes later is waited for with the connection made and nothing sent") {
  const Pki pki;
  std::promise<void> shaken;
  std::atomic<bool> released = false;
  std::atomic<bool> sent_early = false;
  std::string request;
  const OddServer server(&pki.identity, [&](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    shaken.set_value();
    request = peer.read_request();
    sent_early = !released;
    peer.write(whole_answer);
  });
  Client client(settings_for(pki.authority, server.host()));
  base::HttpRequest late{"POST", server.url("/"), {{"X-Early", "1"}}, {}};
  late.later_headers = [&]() -> std::vector<base::HttpHeader> {
    // Waited for here: without a connection first, this would never be.
    REQUIRE(shaken.get_future().wait_for(10s) == std::future_status::ready);
    client.clock.wait(1h);  // which no time limit counts
    return {{"X-Late", "2"}, {"X-Empty", ""}};
  };
  const auto make_body = [&] {
    client.clock.wait(1h);
    released = true;
    return base::Bytes{'l', 'a', 't', 'e'};
  };
  late.body = base::LaterBody{4, make_body};
  CHECK(client.http->send(late).status == 200);
  CHECK(request.ends_with("\r\n\r\nlate"));
  CHECK(request.find("X-Early: 1\r\n") < request.find("X-Late: 2\r\nX-Empty:\r\n"));
  CHECK_FALSE(sent_early);
}

TEST_CASE("a body that is at hand is not waited for: the server sees it before it is released") {
  // The counter-run to the case before: a body made first, with a connection only afterwards.
  const Pki pki;
  std::promise<void> shaken;
  const OddServer server(&pki.identity, [&](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    shaken.set_value();
    peer.read_request();
    peer.write(whole_answer);
  });
  Client client(settings_for(pki.authority, server.host()));
  auto seen = shaken.get_future();
  const base::Bytes body{'x'};
  CHECK(seen.wait_for(0s) == std::future_status::timeout);
  CHECK(client.http->send({"POST", server.url("/"), {}, body}).status == 200);
  CHECK(seen.wait_for(0s) == std::future_status::ready);
}

TEST_CASE("when a later body fails, its error is the request's and the server sees no request") {
  const Pki pki;
  std::promise<std::string> request;
  const OddServer server(&pki.identity, [&](Peer& peer, std::size_t connection) {
    if (!peer.accept()) return;
    const auto text = peer.read_request();
    if (connection == 1) request.set_value(text);
  });
  Client client(settings_for(pki.authority, server.host()));
  const auto code = [&](base::LaterBody body) {
    return test::error_code(
        [&] { client.http->send({"POST", server.url("/"), {}, std::move(body)}); });
  };
  CHECK(code({4, []() -> base::Bytes {
                throw base::Error(base::ErrorKind::card, "card.removed", "taken out");
              }}) == "card.removed");
  CHECK(request.get_future().get().empty());
  CHECK(code({4, [] { return base::Bytes{'x'}; }}) == "internal.bug");
}

TEST_CASE("a later header that no request can have ends it, and the server sees no request") {
  const Pki pki;
  std::promise<std::string> refused;
  const OddServer server(&pki.identity, [&](Peer& peer, std::size_t connection) {
    if (!peer.accept()) return;
    const auto text = peer.read_request();
    if (connection == 1) refused.set_value(text);
    if (!text.empty()) peer.write(whole_answer);
  });
  Client client(settings_for(pki.authority, server.host()));
  const auto code = [&](const std::string& value) {
    base::HttpRequest late{"GET", server.url("/"), {}, {}};
    late.later_headers = [&]() -> std::vector<base::HttpHeader> { return {{"X-Late", value}}; };
    return test::error_code([&] { client.http->send(late); });
  };
  CHECK(code("1\r\nX-More: 2") == "http.unsendable");
  CHECK(refused.get_future().get().empty());
  CHECK(code("1") == "none");
}

TEST_CASE("a server that goes silent is given up after the limit for that") {
  const Pki pki;
  const OddServer server(&pki.identity, [](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    peer.read_request();
    peer.write(half_answer);
    peer.wait_for_close();
  });
  test::TickingClock clock;
  auto settings = settings_for(pki.authority, server.host());
  settings.limits.connect = settings.limits.total = 24h;
  SUBCASE("silence") {
    settings.limits.stall = 5s;
    const auto client = base::curl_client(settings, clock);
    const auto error = test::error_of([&] { client->send({"GET", server.url("/"), {}, {}}); });
    REQUIRE(error);
    CHECK(error->code() == "http.stalled");
    CHECK(std::string(error->what()).starts_with(server.host() + " went silent for 5 s"));
  }
  SUBCASE("the whole answer") {
    settings.limits.stall = 24h;
    settings.limits.total = 8s;
    const auto client = base::curl_client(settings, clock);
    const auto error = test::error_of([&] { client->send({"GET", server.url("/"), {}, {}}); });
    REQUIRE(error);
    CHECK(error->code() == "http.timeout");
    CHECK(std::string(error->what()) == server.host() + " did not answer within 8 s");
  }
}

TEST_CASE("a server that accepts and does not shake hands is given up") {
  const Pki pki;
  const OddServer server(nullptr, [](Peer& peer, std::size_t) { peer.wait_for_close(); });
  test::TickingClock clock;
  auto settings = settings_for(pki.authority, server.host());
  settings.limits.connect = 8s;
  const auto client = base::curl_client(settings, clock);
  const auto error = test::error_of([&] { client->send({"GET", server.url("/"), {}, {}}); });
  REQUIRE(error);
  CHECK(error->code() == "http.timeout");
  CHECK(std::string(error->what()) == "no connection to " + server.host() + " in time");
}

TEST_CASE("a request that is called off ends, before and while it is under way") {
  const Pki pki;
  std::stop_source source;
  const OddServer server(&pki.identity, [&](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    peer.read_request();
    source.request_stop();
    peer.wait_for_close();
  });
  Client client(settings_for(pki.authority, server.host()));
  client.stop = source.get_token();
  const auto error = test::error_of([&] { client.get(server.url("/")); });
  REQUIRE(error);
  CHECK(error->code() == "http.cancelled");
  CHECK(std::string(error->what()) == "the request to " + server.host() + " was called off");
  CHECK(client.http->counters().connections == 1);
  CHECK(test::error_code([&] { client.get(server.url("/")); }) == "http.cancelled");
  CHECK(client.http->counters().connections == 1);
}

TEST_CASE("a name without an address and a port without a server are told apart") {
  const Pki pki;
  // Too long for a label: no resolver has to be asked.
  const std::string nowhere = std::string(70, 'n') + ".invalid";
  std::string gone;
  {
    const OddServer server(nullptr, [](Peer&, std::size_t) {});
    gone = server.host();
  }
  auto settings = settings_for(pki.authority, nowhere);
  settings.hosts.push_back(gone);
  Client client(settings);
  const auto unresolved = test::error_of([&] { client.get("https://" + nowhere + "/"); });
  REQUIRE(unresolved);
  CHECK(unresolved->code() == "http.unresolved");
  CHECK(std::string(unresolved->what()) == "no address is known for " + nowhere);
  const auto refused = test::error_of([&] { client.get("https://" + gone + "/"); });
  REQUIRE(refused);
  CHECK(refused->code() == "http.refused");
  CHECK(std::string(refused->what()) == "no connection to " + gone + ": connection refused");
}

TEST_CASE("the proxy of the environment is used and told of, without its password") {
  const Pki pki;
  const HttpsServer server(pki.identity, hello);
  std::vector<base::HttpConnection> told;
  auto settings = settings_for(pki.authority, server.host());
  settings.connected = [&](const base::HttpConnection& connection) { told.push_back(connection); };
  const int port = std::stoi(server.host().substr(server.host().find(':') + 1));
  const OddServer proxy(nullptr, [&](Peer& peer, std::size_t) {
    const auto request = peer.read_request();
    if (!request.starts_with("CONNECT " + server.host() + " ")) return;
    peer.write("HTTP/1.1 200 Connected\r\n\r\n");
    test::tunnel(peer, port);
  });
  const auto shown = "http://127.0.0.1:" + std::to_string(proxy.port());
  SUBCASE("used") {
    const Variable variable("https_proxy",
                            "http://me:secret@127.0.0.1:" + std::to_string(proxy.port()));
    Client client(settings);
    CHECK(client.get(server.url("/")).status == 200);
    CHECK(client.get(server.url("/")).status == 200);
    REQUIRE(told.size() == 1);
    CHECK(told[0].host == server.host());
    CHECK(told[0].proxy == shown);
  }
  SUBCASE("not for a host that no_proxy names") {
    const Variable variable("https_proxy", shown);
    const Variable none("no_proxy", "localhost");
    Client client(settings);
    CHECK(client.get(server.url("/")).status == 200);
    CHECK(proxy.connections() == 0);
    REQUIRE(told.size() == 1);
    CHECK(told[0].proxy.empty());
    CHECK(told[0].address == "127.0.0.1");
  }
}

TEST_CASE("a proxy that refuses is named") {
  const Pki pki;
  const OddServer proxy(nullptr, [](Peer& peer, std::size_t) {
    peer.read_request();
    peer.write("HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n");
  });
  const auto shown = "http://127.0.0.1:" + std::to_string(proxy.port());
  const Variable variable("https_proxy", shown);
  Client client(settings_for(pki.authority, "localhost:1"));
  const auto error = test::error_of([&] { client.get("https://localhost:1/"); });
  REQUIRE(error);
  CHECK(error->code() == "http.proxy");
  CHECK(std::string(error->what()) ==
        "the proxy " + shown + " will not connect to localhost:1: status 407");
}
