#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "base/http_curl.hpp"
#include "lpa/trust.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/pki.hpp"

namespace test {

/// Settings for one server, whose certificate `authority` vouches for.
inline base::HttpSettings settings_for(const Authority& authority, std::string host) {
  base::HttpSettings settings;
  settings.anchors = base::PemAnchors{lpa::anchor(authority.facts())};
  settings.untrusted_hint = "look elsewhere";
  settings.hosts = {std::move(host)};
  return settings;
}

/// A client on a clock that stands still.
struct Client {
  explicit Client(base::HttpSettings settings)
      : http(base::curl_client(std::move(settings), clock)) {}

  base::HttpResponse get(const std::string& url) const {
    return http->send({"GET", url, {}, {}, stop});
  }
  base::HttpResponse post(const std::string& url, const std::string& body) const {
    return http->send({"POST", url, {}, base::Bytes(body.begin(), body.end())});
  }

  ManualClock clock;
  std::stop_token stop;  ///< of GET
  std::unique_ptr<base::HttpClient> http;
};

inline std::string text(const base::Bytes& octets) { return {octets.begin(), octets.end()}; }

}  // namespace test
