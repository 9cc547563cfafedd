#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// ES10a: what the LDSd part of an LPA asks (SGP.22 v2.5 5.7.3 and 5.7.4).
namespace lpa {

struct ConfiguredAddressesRequest {};

/// Where the card looks for profiles by itself. A card may leave either out, or send it empty.
struct ConfiguredAddresses {
  std::optional<std::string> default_smdp;
  std::optional<std::string> root_smds;
};

/// SGP.22 v2.5 5.7.4; an empty address removes it.
struct SetDefaultSmdpRequest {
  std::string address;
};
enum class SetDefaultSmdpResult : std::uint8_t { ok = 0, undefined = 127 };
struct SetDefaultSmdpResponse {
  SetDefaultSmdpResult result = SetDefaultSmdpResult::undefined;
};

}  // namespace lpa
