#pragma once

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

}  // namespace lpa
