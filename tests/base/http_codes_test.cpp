#include "base/http_codes.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <openssl/x509_vfy.h>

#include "base/http_failure.hpp"
#include "base/tls_report.hpp"

namespace {

/// The codes of a table in docs/conventions.md that begin so.
std::set<std::string> documented(std::string_view beginning) {
  std::ifstream file(ESIMCTL_TEST_TOP "/docs/conventions.md");
  std::set<std::string> codes;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `" + std::string(beginning))) continue;
    codes.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return codes;
}

struct Named {
  int number;
  std::string_view name;
};

std::string code_of_tls(int result) {
  base::TlsReport report;
  report.result = result;
  return base::tls_error(report, "smdp.example.com", "").code();
}

std::string code_of_curl(int number, const std::string& explanation = {}) {
  base::HttpFailure failure;
  failure.code = static_cast<CURLcode>(number);
  failure.explanation = explanation;
  return base::http_error(failure).code();
}

template <class Codes>
std::string_view name_of(const Codes& codes, int number) {
  const auto found = std::ranges::find(codes, number, &base::LibraryCode::number);
  return found == codes.end() ? "none" : found->name;
}

}  // namespace

TEST_CASE("every code of a request that is documented is explained, and no other") {
  std::set<std::string> explained;
  for (const auto& each : base::http_meanings()) {
    CAPTURE(each.code);
    CHECK(explained.insert(std::string(each.code)).second);
    CHECK_FALSE(each.name.empty());
    CHECK_FALSE(each.cause.empty());
    CHECK_FALSE(each.cause.ends_with('.'));
    CHECK_FALSE(each.advice.empty());
    CHECK_FALSE(each.advice.ends_with('.'));
  }
  CHECK(explained.size() > 20);
  CHECK(explained == documented("http."));
}

TEST_CASE("a code is found by its whole name only") {
  CHECK(base::http_meaning("http.tls-expired")->name == "certificate expired");
  CHECK_FALSE(base::http_meaning("http.tls"));
  CHECK_FALSE(base::http_meaning("http."));
  CHECK_FALSE(base::http_meaning(""));
}

TEST_CASE("every number of libcurl and OpenSSL is there once, and leads to a code of ours") {
  std::set<int> numbers;
  for (const auto& each : base::curl_codes()) {
    CAPTURE(each.name);
    CHECK(numbers.insert(each.number).second);
    CHECK_FALSE(each.cause.empty());
    CHECK(std::ranges::any_of(base::http_meanings(),
                              [&](const auto& ours) { return ours.comes_of_curl(each.number); }));
  }
  numbers.clear();
  for (const auto& each : base::tls_results()) {
    CAPTURE(each.name);
    CHECK(numbers.insert(each.number).second);
    CHECK_FALSE(each.cause.empty());
    CHECK(std::ranges::count_if(base::http_meanings(), [&](const auto& ours) {
            return ours.comes_of_tls(each.number);
          }) == 1);
  }
  for (const auto& ours : base::http_meanings()) {
    CHECK_FALSE(ours.comes_of_curl(0));
    CHECK_FALSE(ours.comes_of_tls(0));
    for (const int number : ours.curl)
      CHECK((number == 0 || name_of(base::curl_codes(), number) != "none"));
    for (const int number : ours.tls)
      CHECK((number == 0 || name_of(base::tls_results(), number) != "none"));
  }
}

TEST_CASE("the numbers are those of libcurl") {
  for (const auto& [number, name] :
       {Named{CURLE_UNSUPPORTED_PROTOCOL, "CURLE_UNSUPPORTED_PROTOCOL"},
        Named{CURLE_FAILED_INIT, "CURLE_FAILED_INIT"},
        Named{CURLE_NOT_BUILT_IN, "CURLE_NOT_BUILT_IN"},
        Named{CURLE_COULDNT_RESOLVE_PROXY, "CURLE_COULDNT_RESOLVE_PROXY"},
        Named{CURLE_COULDNT_RESOLVE_HOST, "CURLE_COULDNT_RESOLVE_HOST"},
        Named{CURLE_COULDNT_CONNECT, "CURLE_COULDNT_CONNECT"},
        Named{CURLE_WEIRD_SERVER_REPLY, "CURLE_WEIRD_SERVER_REPLY"},
        Named{CURLE_HTTP2, "CURLE_HTTP2"},
        Named{CURLE_PARTIAL_FILE, "CURLE_PARTIAL_FILE"},
        Named{CURLE_WRITE_ERROR, "CURLE_WRITE_ERROR"},
        Named{CURLE_OUT_OF_MEMORY, "CURLE_OUT_OF_MEMORY"},
        Named{CURLE_OPERATION_TIMEDOUT, "CURLE_OPERATION_TIMEDOUT"},
        Named{CURLE_SSL_CONNECT_ERROR, "CURLE_SSL_CONNECT_ERROR"},
        Named{CURLE_UNKNOWN_OPTION, "CURLE_UNKNOWN_OPTION"},
        Named{CURLE_GOT_NOTHING, "CURLE_GOT_NOTHING"},
        Named{CURLE_SEND_ERROR, "CURLE_SEND_ERROR"},
        Named{CURLE_RECV_ERROR, "CURLE_RECV_ERROR"},
        Named{CURLE_PEER_FAILED_VERIFICATION, "CURLE_PEER_FAILED_VERIFICATION"},
        Named{CURLE_BAD_CONTENT_ENCODING, "CURLE_BAD_CONTENT_ENCODING"},
        Named{CURLE_FILESIZE_EXCEEDED, "CURLE_FILESIZE_EXCEEDED"},
        Named{CURLE_SEND_FAIL_REWIND, "CURLE_SEND_FAIL_REWIND"},
        Named{CURLE_SSL_CACERT_BADFILE, "CURLE_SSL_CACERT_BADFILE"},
        Named{CURLE_HTTP2_STREAM, "CURLE_HTTP2_STREAM"},
        Named{CURLE_PROXY, "CURLE_PROXY"}}) {
    CHECK(name_of(base::curl_codes(), number) == name);
  }
}

TEST_CASE("the numbers are those of OpenSSL") {
  for (const auto& [number, name] :
       {Named{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT"},
        Named{X509_V_ERR_CERT_SIGNATURE_FAILURE, "X509_V_ERR_CERT_SIGNATURE_FAILURE"},
        Named{X509_V_ERR_CERT_NOT_YET_VALID, "X509_V_ERR_CERT_NOT_YET_VALID"},
        Named{X509_V_ERR_CERT_HAS_EXPIRED, "X509_V_ERR_CERT_HAS_EXPIRED"},
        Named{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT"},
        Named{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN"},
        Named{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
              "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY"},
        Named{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
              "X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE"},
        Named{X509_V_ERR_CERT_CHAIN_TOO_LONG, "X509_V_ERR_CERT_CHAIN_TOO_LONG"},
        Named{X509_V_ERR_CERT_REVOKED, "X509_V_ERR_CERT_REVOKED"},
        Named{X509_V_ERR_NO_ISSUER_PUBLIC_KEY, "X509_V_ERR_NO_ISSUER_PUBLIC_KEY"},
        Named{X509_V_ERR_PATH_LENGTH_EXCEEDED, "X509_V_ERR_PATH_LENGTH_EXCEEDED"},
        Named{X509_V_ERR_INVALID_PURPOSE, "X509_V_ERR_INVALID_PURPOSE"},
        Named{X509_V_ERR_CERT_UNTRUSTED, "X509_V_ERR_CERT_UNTRUSTED"},
        Named{X509_V_ERR_CERT_REJECTED, "X509_V_ERR_CERT_REJECTED"},
        Named{X509_V_ERR_PERMITTED_VIOLATION, "X509_V_ERR_PERMITTED_VIOLATION"},
        Named{X509_V_ERR_HOSTNAME_MISMATCH, "X509_V_ERR_HOSTNAME_MISMATCH"},
        Named{X509_V_ERR_IP_ADDRESS_MISMATCH, "X509_V_ERR_IP_ADDRESS_MISMATCH"},
        Named{X509_V_ERR_EE_KEY_TOO_SMALL, "X509_V_ERR_EE_KEY_TOO_SMALL"},
        Named{X509_V_ERR_CA_KEY_TOO_SMALL, "X509_V_ERR_CA_KEY_TOO_SMALL"},
        Named{X509_V_ERR_CA_MD_TOO_WEAK, "X509_V_ERR_CA_MD_TOO_WEAK"},
        Named{X509_V_ERR_INVALID_CA, "X509_V_ERR_INVALID_CA"}}) {
    CHECK(name_of(base::tls_results(), number) == name);
  }
}

TEST_CASE("a failed look at certificates becomes the code that is explained for its number") {
  for (const auto& each : base::tls_results()) {
    CAPTURE(each.name);
    const auto meaning = base::http_meaning(code_of_tls(each.number));
    REQUIRE(meaning);
    CHECK(meaning->comes_of_tls(each.number));
    CHECK(meaning->comes_of_curl(CURLE_PEER_FAILED_VERIFICATION));
  }
}

TEST_CASE("a failure of libcurl becomes the code that is explained for its number") {
  for (const auto& each : base::curl_codes()) {
    CAPTURE(each.name);
    const auto code = code_of_curl(each.number);
    // Told by others: the look at certificates, the limit of an answer, and the setting up.
    if (each.number == CURLE_PEER_FAILED_VERIFICATION || each.number == CURLE_FILESIZE_EXCEEDED ||
        each.number == CURLE_NOT_BUILT_IN || each.number == CURLE_UNKNOWN_OPTION) {
      CHECK(code == "http.failed");
      continue;
    }
    const auto meaning = base::http_meaning(code);
    REQUIRE(meaning);
    CHECK(meaning->comes_of_curl(each.number));
  }
  const auto old = code_of_curl(CURLE_SSL_CONNECT_ERROR, "tlsv1 alert protocol version");
  CHECK(old == "http.tls-version");
  CHECK(base::http_meaning(old)->comes_of_curl(CURLE_SSL_CONNECT_ERROR));
}

TEST_CASE("a status of HTTP is known by itself or by its hundred, and keeps its number") {
  std::set<int> numbers;
  for (const auto& each : base::http_statuses()) {
    CAPTURE(each.number);
    CHECK(numbers.insert(each.number).second);
    CHECK_FALSE(each.cause.empty());
    CHECK(each.advice.empty() == (each.number < 300));
  }
  CHECK(base::http_status_meaning(404)->name == "Not Found");
  CHECK(base::http_status_meaning(499)->name == "client error");
  CHECK(base::http_status_meaning(520)->name == "server error");
  CHECK(base::http_status_meaning(520)->number == 520);
  for (const int none : {-1, 0, 1, 99, 299, 399, 600, 4040}) {
    CHECK_FALSE(base::http_status_meaning(none));
  }
}
