#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
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

/// The first of `faults` that is due for a request that it fits; what has come so often as it
/// should is taken off the list. Each has `skip` and `times` as ServerFault.
template <class Fault, class Fits>
std::optional<Fault> take_due(std::vector<Fault>& faults, Fits fits) {
  for (auto fault = faults.begin(); fault != faults.end(); ++fault) {
    if (!fits(*fault)) continue;
    if (fault->skip > 0) {
      --fault->skip;
      continue;
    }
    auto due = *fault;
    if (fault->times == 1) {
      faults.erase(fault);
    } else if (fault->times > 1) {
      --fault->times;
    }
    return due;
  }
  return std::nullopt;
}

/// As the JSON that sim/README.md describes, and back; throws JsonFault.
std::vector<JsonObject> pack(const std::vector<ServerFault>& faults);
std::vector<ServerFault> unpack_faults(const std::vector<JsonObject>& list);

/// Throws JsonFault for a key that is none of these.
void only(const JsonObject& json, std::initializer_list<std::string_view> known);

}  // namespace sim
