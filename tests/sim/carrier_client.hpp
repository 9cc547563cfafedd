#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include "tests/support/served_carrier.hpp"

namespace sim::test {

using Json = nlohmann::json;
using Headers = httplib::Headers;

/// What came back: the status and the body, which is JSON or nothing.
struct Got {
  int status = 0;
  std::string text{};
  Headers headers{};

  [[nodiscard]] Json json() const { return Json::parse(text); }
  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// A connection to a simulated carrier, which is kept.
class CarrierClient {
 public:
  explicit CarrierClient(const ::test::ServedCarrier& served)
      : client_("localhost", served.port()) {
    client_.set_ca_cert_path(served.ca());
    client_.enable_server_certificate_verification(true);
    client_.set_keep_alive(true);
    client_.set_address_family(AF_INET);
  }

  Got get(const std::string& path, const Headers& headers = {}) {
    return got(client_.Get(path, headers));
  }
  Got remove(const std::string& path, const Headers& headers = {}) {
    return got(client_.Delete(path, headers));
  }
  Got post(const std::string& path, const Json& body, const Headers& headers = {}) {
    return got(client_.Post(path, headers, body.dump(), "application/json"));
  }
  Got form(const std::string& path, const httplib::Params& fields, const Headers& headers = {}) {
    return got(client_.Post(path, headers, fields));
  }
  httplib::SSLClient& http() { return client_; }

 private:
  static Got got(const httplib::Result& result) {
    if (!result) throw std::runtime_error("no answer: " + to_string(result.error()));
    return {result->status, result->body, result->headers};
  }

  httplib::SSLClient client_;
};

inline Headers bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

}  // namespace sim::test
