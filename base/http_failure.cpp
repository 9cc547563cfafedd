#include "base/http_failure.hpp"

#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/text.hpp"

namespace base {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Error network(const char* code, const std::string& message) {
  return {ErrorKind::network, code, message};
}

Error of_proxy(const HttpFailure& failure) {
  if (failure.proxy_status != 0) {
    return network("http.proxy", fmt::format("the proxy {} will not connect to {}: status {}",
                                             failure.proxy, failure.host, failure.proxy_status));
  }
  return network("http.proxy", fmt::format("the proxy {} does not connect to {}: {}", failure.proxy,
                                           failure.host, failure.explanation));
}

Error of_tls(const HttpFailure& failure) {
  // The one alert of its kind has no CURLcode of its own; this is OpenSSL's name for it.
  if (has(failure.explanation, "protocol version") ||
      has(failure.explanation, "unsupported protocol")) {
    return network("http.tls-version",
                   fmt::format("{} speaks no version of TLS from 1.2 on", failure.host));
  }
  return network("http.tls-failed",
                 fmt::format("no secure connection to {}: {}", failure.host, failure.explanation));
}

Error without_hints(const HttpFailure& failure) {
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return network("http.unresolved", fmt::format("no address is known for {}", failure.host))
          .hint("check its spelling, and that this machine is connected");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return network("http.unresolved",
                     fmt::format("no address is known for the proxy {}", failure.proxy));
    case CURLE_PROXY:
      return of_proxy(failure);
    case CURLE_COULDNT_CONNECT:
      return network(
          "http.refused",
          fmt::format("no connection to {}: {}", failure.host,
                      failure.system_error == 0
                          ? failure.explanation
                          : lower(std::generic_category().message(failure.system_error))));
    case CURLE_OPERATION_TIMEDOUT:
      return network("http.timeout", fmt::format("no connection to {} in time", failure.host));
    case CURLE_SSL_CONNECT_ERROR:
      return of_tls(failure);
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::usage, "http.tls-anchors",
              "the certificates that servers are to be checked against cannot be read"};
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:  // a kept connection was closed under the body of a request
      return network("http.cut",
                     fmt::format("{} ended the connection before its answer was whole, after {} "
                                 "bytes of it",
                                 failure.host, failure.received_bytes));
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
      return network("http.malformed-answer",
                     fmt::format("{} answers in something else than HTTP", failure.host));
    default:
      return network("http.failed", fmt::format("the exchange with {} failed: {}", failure.host,
                                                failure.explanation));
  }
}

}  // namespace

Error http_error(const HttpFailure& failure) {
  if (!failure.proxy.empty() && failure.proxy_status / 100 != 2 && failure.proxy_status != 0) {
    return of_proxy(failure);
  }
  auto error = without_hints(failure);
  if (!failure.proxy.empty()) {
    error.hint(fmt::format("it goes by the proxy {}, which the environment names", failure.proxy));
  }
  return error;
}

}  // namespace base
