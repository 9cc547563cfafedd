#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sim/json.hpp"

namespace sim {

/// Something that a server is to do wrong.
struct ServerFault {
  /// `status` and `http` do not carry out the function; from `lost` on it is carried out and the
  /// answer spoilt.
  enum class Kind : std::uint8_t {
    status,
    http,
    lost,
    garbage,
    half_body,
    stall,
    slow_drip,
    wrong_transaction_id,
    wrong_address
  };
  std::string function{};  ///< as in the path; empty: any
  Kind kind = Kind::status;
  std::string subject{};     ///< of `status`: SGP.22 5.2.6.1
  std::string reason{};      ///< likewise: SGP.22 5.2.6.2
  std::uint64_t http = 500;  ///< of `http`: the status code
  std::uint64_t skip = 0;    ///< so many requests are answered well before
  std::uint64_t times = 0;   ///< so many are spoilt then; 0: all
  std::uint64_t pause = 20;  ///< of `slow_drip`: milliseconds between two octets
  bool operator==(const ServerFault&) const = default;
};

/// As the JSON that sim/README.md describes, and back; throws JsonFault.
std::vector<JsonObject> pack(const std::vector<ServerFault>& faults);
std::vector<ServerFault> unpack_faults(const std::vector<JsonObject>& list);

/// Throws JsonFault for a key that is none of these.
void only(const JsonObject& json, std::initializer_list<std::string_view> known);

}  // namespace sim
