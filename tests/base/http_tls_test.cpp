#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/https_server.hpp"
#include "tests/support/odd_server.hpp"

using test::Client;
using test::HttpsServer;
using test::OddServer;
using test::Peer;
using test::settings_for;

namespace {

test::Served hello(const test::ServedRequest& /*request*/) { return {200, "hello", {}}; }

/// The error of asking a server with that certificate, by a client that trusts `trusted` alone.
/// Whatever it is, no request may have got through.
std::optional<base::Error> refusal(const test::Identity& identity, const test::Authority& trusted) {
  const HttpsServer server(identity, hello);
  Client client(settings_for(trusted, server.host()));
  auto error = test::error_of([&] { client.get(server.url("/")); });
  CHECK(server.requests() == (error ? 0U : 1U));
  return error;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a chain that ends in an anchor is accepted, directly and by way of another") {
  const test::Authority authority("Test Root");
  CHECK_FALSE(refusal(test::issue(authority), authority));
  CHECK_FALSE(refusal(test::issue_by_sub_authority(authority), authority));
  CHECK_FALSE(refusal(test::issue(authority, {.names_key = false}), authority));
}

TEST_CASE("an unknown issuer is refused by name and key identifier") {
  const test::Authority known("Known Root");
  const test::Authority foreign("Foreign Root");
  for (const bool by_another : {false, true}) {
    CAPTURE(by_another);
    const auto identity = by_another ? test::issue_by_sub_authority(foreign) : test::issue(foreign);
    const auto error = refusal(identity, known);
    REQUIRE(error);
    CHECK(error->kind() == base::ErrorKind::network);
    CHECK(error->code() == "http.tls-unknown-issuer");
    CHECK(has(error->what(), "is vouched for by “Foreign Root” (key id " + foreign.key_id() +
                                 "), which is not trusted here"));
    CHECK(error->hints() == std::vector<std::string>{"look elsewhere"});
  }
}

TEST_CASE("an issuer of the same name with another key is refused") {
  const test::Authority known("Test Root");
  SUBCASE("it says that its key is another") {
    const test::Authority namesake("Test Root");
    const auto error = refusal(test::issue(namesake), known);
    REQUIRE(error);
    CHECK(error->code() == "http.tls-unknown-issuer");
    CHECK(has(error->what(), "“Test Root” (key id " + namesake.key_id() + ")"));
  }
  SUBCASE("it lies about its key") {
    const auto error = refusal(test::issue(known.impostor()), known);
    REQUIRE(error);
    CHECK(error->code() == "http.tls-signature");
    CHECK(has(error->what(), "the certificate “the server” of localhost:"));
    CHECK(has(error->what(), "is not signed by the one that it names"));
  }
  SUBCASE("it does not speak of its key") {
    const auto error = refusal(test::issue(known.impostor(), {.names_key = false}), known);
    REQUIRE(error);
    CHECK(error->code() == "http.tls-signature");
  }
}

TEST_CASE("a certificate that was valid is refused with its last day and the clock's") {
  const test::Authority authority("Test Root");
  const auto error = refusal(test::issue(authority, {.valid_from = -std::chrono::hours(48),
                                                     .valid_until = -std::chrono::hours(24)}),
                             authority);
  REQUIRE(error);
  CHECK(error->code() == "http.tls-expired");
  CHECK(has(error->what(), "the certificate “the server” of localhost:"));
  CHECK(has(error->what(), " was valid until 20"));
  REQUIRE(error->hints().size() == 1);
  CHECK(has(error->hints()[0], "the clock of this machine shows 20"));
}

TEST_CASE("a certificate that will be valid is refused, and the clock may be to blame") {
  const test::Authority authority("Test Root");
  const auto error = refusal(test::issue(authority, {.valid_from = std::chrono::hours(24),
                                                     .valid_until = std::chrono::hours(48)}),
                             authority);
  REQUIRE(error);
  CHECK(error->code() == "http.tls-not-yet-valid");
  CHECK(has(error->what(), " is valid only from 20"));
  REQUIRE(error->hints().size() == 1);
  CHECK(has(error->hints()[0], "the clock of this machine may be wrong; it shows 20"));
}

TEST_CASE("a certificate for other hosts is refused with their names") {
  const test::Authority authority("Test Root");
  const auto error =
      refusal(test::issue(authority, {.names = {"smdp.example", "*.smdp.example"}}), authority);
  REQUIRE(error);
  CHECK(error->code() == "http.tls-wrong-host");
  CHECK(has(error->what(), "the server that answers for localhost:"));
  CHECK(has(error->what(), "has a certificate for smdp.example, *.smdp.example"));
}

TEST_CASE("a server's own certificate vouches for no other") {
  const test::Authority authority("Test Root");
  auto leaf = test::issue(authority);
  const auto signed_by_leaf = test::issue_by_sub_authority(authority);
  // The chain with the wrong certificate in between.
  test::Identity identity{base::KeyPtr(), base::X509Ptr(), {}};
  identity.key.reset(signed_by_leaf.key.get());
  EVP_PKEY_up_ref(signed_by_leaf.key.get());
  identity.certificate.reset(signed_by_leaf.certificate.get());
  X509_up_ref(signed_by_leaf.certificate.get());
  identity.chain.push_back(std::move(leaf.certificate));
  const auto error = refusal(identity, authority);
  REQUIRE(error);
  CHECK(error->code() == "http.tls-unknown-issuer");
  CHECK(has(error->what(), "“in between”"));
}

TEST_CASE("TLS 1.1 is refused and TLS 1.2 is not") {
  const test::Authority authority("Test Root");
  const auto identity = test::issue(authority);
  const auto treat = [](Peer& peer, std::size_t) {
    if (!peer.accept()) return;
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  };
  {
    const OddServer server(&identity, treat, TLS1_1_VERSION);
    Client client(settings_for(authority, server.host()));
    const auto error = test::error_of([&] { client.get(server.url("/")); });
    REQUIRE(error);
    CHECK(error->code() == "http.tls-version");
    CHECK(std::string(error->what()) == server.host() + " speaks no version of TLS from 1.2 on");
  }
  const OddServer server(&identity, treat, TLS1_2_VERSION);
  Client client(settings_for(authority, server.host()));
  CHECK(client.get(server.url("/")).status == 200);
}

TEST_CASE("a server without TLS is refused") {
  const test::Authority authority("Test Root");
  const OddServer server(nullptr, [](Peer& peer, std::size_t) {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_close();
  });
  Client client(settings_for(authority, server.host()));
  CHECK(test::error_code([&] { client.get(server.url("/")); }) == "http.tls-failed");
}

TEST_CASE("anchors that cannot be read let nobody in, and neither do the machine's own") {
  const test::Authority authority("Test Root");
  const HttpsServer server(test::issue(authority), hello);
  auto settings = settings_for(authority, server.host());
  const auto code = [&] {
    Client client(settings);
    return test::error_code([&] { client.get(server.url("/")); });
  };
  CHECK(code() == "none");
  settings.anchors = base::PemAnchors{"no certificate"};
  CHECK(code() == "http.tls-anchors");
  settings.anchors = base::PemAnchors{};
  CHECK(code() == "http.tls-anchors");
  settings.anchors = base::SystemAnchors{};
  CHECK(code() == "http.tls-unknown-issuer");
  CHECK(server.requests() == 1);
}
