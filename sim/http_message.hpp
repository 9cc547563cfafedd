#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// HTTP as the simulated servers see it.
namespace sim {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method{};
  std::string path{};                            ///< without the query, still percent-encoded
  std::string query{};                           ///< without the question mark, as it came
  std::map<std::string, std::string> headers{};  ///< by the name in lower case
  std::string body{};
  std::uint64_t connection = 0;  ///< its number, from 1 on

  /// The value of a header, named in lower case; empty when it is not there.
  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

struct HttpAnswer {
  /// How the body travels: all at once; half of it and then the end of the connection; an octet
  /// every `pause` milliseconds; not before the end of the server.
  enum class Delivery : std::uint8_t { whole, half, drip, stall };
  int status = 200;
  HttpFields headers{};  ///< besides Content-Type and Content-Length
  std::string type = "application/json";
  std::string body{};
  Delivery delivery = Delivery::whole;
  std::uint64_t pause = 20;
};

}  // namespace sim
