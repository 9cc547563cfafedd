#include "sim/smdp_server.hpp"

#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <httplib.h>

#include "base/error.hpp"
#include "tests/sim/es9_driver.hpp"
#include "tests/support/temporary_directory.hpp"

// The server over real TLS; the client is another program's library.

using namespace sim::test;
using Kind = sim::ServerFault::Kind;

namespace {

/// A server that notes what it logs.
class Served {
 public:
  explicit Served(sim::Orders orders = sim::fresh_orders())
      : server_({}, std::move(orders), {.log = [this](const std::string& line) {
                  const std::lock_guard lock(mutex_);
                  events_.push_back(Json::parse(line));
                }}) {
    std::ofstream(ca()) << sim::server_ca_pem();
  }

  [[nodiscard]] std::string ca() const { return (directory_.path() / "ca.pem").string(); }
  [[nodiscard]] int port() const { return server_.port(); }
  [[nodiscard]] sim::Orders orders() const { return server_.orders(); }
  [[nodiscard]] std::size_t count(const std::string& event) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::ranges::count_if(events_, [&](const Json& one) { return one["event"] == event; }));
  }

 private:
  test::TemporaryDirectory directory_;
  std::mutex mutex_;
  std::vector<Json> events_;
  sim::SmdpServer server_;
};

httplib::Headers headers() {
  return {{"User-Agent", "gsma-rsp-lpad"}, {"X-Admin-Protocol", "gsma/rsp/v2.2.0"}};
}

/// A device's connection, which is kept.
class Client {
 public:
  explicit Client(const Served& served, const std::string& host = "localhost")
      : client_(host, served.port()) {
    client_.set_ca_cert_path(served.ca());
    client_.enable_server_certificate_verification(true);
    client_.set_keep_alive(true);
    client_.set_address_family(AF_INET);
  }

  httplib::Result post(const std::string& function, const std::string& body,
                       const httplib::Headers& with = headers()) {
    return client_.Post("/gsma/rsp2/es9plus/" + function, with, body, "application/json");
  }
  Post carrier() {
    return [this](const std::string& function, const std::string& body) {
      const auto answer = post(function, body);
      if (!answer) throw std::runtime_error("no answer: " + to_string(answer.error()));
      return answer->body;
    };
  }
  httplib::SSLClient& http() { return client_; }

 private:
  httplib::SSLClient client_;
};

sim::Orders with_fault(const sim::ServerFault& fault) {
  auto orders = sim::fresh_orders();
  orders.faults = {fault};
  return orders;
}

}  // namespace

TEST_CASE("a download over HTTPS needs one connection") {
  Served served;
  Client client(served);
  auto card = selected_card(sim::fresh());
  Device device(card, client.carrier());
  device.download("LARGE-200KB");
  CHECK(card.state().profiles.size() == 5);
  CHECK(served.orders().orders[1].state == sim::OrderState::installed);
  CHECK(served.count("connection") == 1);
  CHECK(served.count("request") == 4);
  Client second(served);
  CHECK(second.post("handleNotification", "{}"));
  CHECK(served.count("connection") == 2);
}

TEST_CASE("the answers have the header and the status that SGP.22 demands") {
  Served served;
  Client client(served);
  auto card = selected_card(sim::fresh());
  Device device(card, client.carrier());
  const auto result =
      device.load(device.prepare(device.authenticate(device.initiate(), "SMALL-2KB")));
  const auto told =
      client.post("handleNotification", Json{{"pendingNotification", base64(result)}}.dump());
  REQUIRE(told);
  CHECK(told->status == 204);
  CHECK(told->body.empty());
  const auto refused = client.post("initiateAuthentication", "{}");
  REQUIRE(refused);
  CHECK(refused->status == 200);
  CHECK(refused->get_header_value("X-Admin-Protocol") == "gsma/rsp/v2.5.0");
  CHECK(refused->get_header_value("Content-Type") == "application/json");
}

TEST_CASE("a client that does not know the CI, or wants another name, does not get in") {
  Served served;
  httplib::SSLClient strangers("localhost", served.port());
  strangers.set_address_family(AF_INET);
  strangers.enable_server_certificate_verification(true);
  CHECK(strangers.Get("/").error() == httplib::Error::SSLServerVerification);
  Client other(served, "127.0.0.1");
  CHECK(other.post("initiateAuthentication", "{}").error() ==
        httplib::Error::SSLServerVerification);
  Client client(served);
  CHECK(client.post("initiateAuthentication", "{}"));
}

TEST_CASE("a request without the headers of SGP.22 6.2 is refused") {
  Served served;
  Client client(served);
  CHECK(client.post("initiateAuthentication", "{}", {})->status == 400);
  CHECK(client.post("initiateAuthentication", "{}", {{"User-Agent", "gsma-rsp-lpad"}})->status ==
        400);
  CHECK(client
            .post("initiateAuthentication", "{}",
                  {{"User-Agent", "gsma-rsp-lpad"}, {"X-Admin-Protocol", "gsma/rsp/v3.0.0"}})
            ->status == 400);
  CHECK(client.http()
            .Post("/gsma/rsp2/es9plus/initiateAuthentication", headers(), "{}", "text/plain")
            ->status == 400);
  CHECK(client.post("unknown", "{}")->status == 404);
  CHECK(client.http().Get("/gsma/rsp2/es9plus/initiateAuthentication", headers())->status == 404);
}

TEST_CASE("a function fails as the orders say, as often as they say") {
  Served served(with_fault({.function = "initiateAuthentication",
                            .kind = Kind::status,
                            .subject = "8.8.4",
                            .reason = "3.7",
                            .skip = 1,
                            .times = 2}));
  Client client(served);
  auto card = selected_card(sim::fresh());
  Device device(card, client.carrier());
  CHECK(outcome(device.initiate()) == "Executed-Success");
  CHECK(outcome(device.initiate()) == "8.8.4/3.7");
  CHECK(outcome(device.initiate()) == "8.8.4/3.7");
  CHECK(outcome(device.initiate()) == "Executed-Success");
}

TEST_CASE("an HTTP status, no content and garbage come as the orders say") {
  const auto tried = [](const sim::ServerFault& fault) {
    Served served(with_fault(fault));
    Client client(served);
    const auto answer = client.post("initiateAuthentication", "{}");
    REQUIRE(answer);
    return std::to_string(answer->status) + " " + answer->body.substr(0, 8);
  };
  CHECK(tried({.kind = Kind::http}) == "500 {\"error\"");
  CHECK(tried({.kind = Kind::http, .http = 503}) == "503 {\"error\"");
  CHECK(tried({.kind = Kind::lost}) == "204 ");
  CHECK(tried({.kind = Kind::garbage}) == "200 <html>\xFF\xFE");
}

TEST_CASE("a body may end in its middle, drip, or never come") {
  {
    Served served(with_fault({.kind = Kind::half_body, .times = 1}));
    Client client(served);
    CHECK_FALSE(client.post("initiateAuthentication", "{}"));
    CHECK(client.post("initiateAuthentication", "{}"));
  }
  {
    Served served(with_fault({.kind = Kind::slow_drip, .pause = 1}));
    Client client(served);
    const auto answer = client.post("initiateAuthentication", "{}");
    REQUIRE(answer);
    CHECK(outcome(Json::parse(answer->body)) == "1.3.1/2.2");
  }
  Served served(with_fault({.kind = Kind::stall, .times = 1}));
  Client client(served);
  client.http().set_read_timeout(0, 50'000);
  CHECK(client.post("initiateAuthentication", "{}").error() == httplib::Error::Read);
  Client second(served);  // nobody else is kept waiting
  CHECK(second.post("initiateAuthentication", "{}"));
}

TEST_CASE("a lost answer was carried out all the same") {
  Served served(with_fault({.function = "getBoundProfilePackage", .kind = Kind::lost}));
  Client client(served);
  auto card = selected_card(sim::fresh());
  Device device(card, client.carrier());
  CHECK(device.prepare(device.authenticate(device.initiate(), "SMALL-2KB")).empty());
  CHECK(served.orders().orders[0].state == sim::OrderState::downloaded);
}

TEST_CASE("the server lies about transaction and address when it is told to") {
  Served served(with_fault({.function = "authenticateClient", .kind = Kind::wrong_transaction_id}));
  Client client(served);
  auto card = selected_card(sim::fresh());
  Device device(card, client.carrier());
  const auto answer = device.authenticate(device.initiate(), "SMALL-2KB");
  CHECK(answer.at("transactionId") != device.transaction_id);

  Served other(with_fault({.function = "initiateAuthentication", .kind = Kind::wrong_address}));
  Client other_client(other);
  Device second(card, other_client.carrier());
  const auto initiated = second.initiate();
  const auto told = inside(unbase64(initiated.at("serverSigned1")));
  const std::string address = "other.example";
  CHECK(value_of(told.at(2)) == base::Bytes(address.begin(), address.end()));
}

TEST_CASE("the server ends although a client stays connected") {
  auto served = std::make_unique<Served>();
  Client client(*served);
  CHECK(client.post("initiateAuthentication", "{}"));
  served.reset();
  CHECK_FALSE(client.post("initiateAuthentication", "{}"));
}

TEST_CASE("a port that is taken is an error") {
  const Served served;
  try {
    const sim::SmdpServer second({}, {}, {.port = static_cast<std::uint16_t>(served.port())});
    FAIL("it listens");
  } catch (const base::Error& error) {
    CHECK(error.code() == "sim.smdp");
  }
}
