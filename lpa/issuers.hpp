#pragma once

#include <optional>
#include <string_view>

#include "lpa/es10b.hpp"

namespace lpa {

/// A GSMA certificate issuer (CI), which profiles and servers are vouched for by.
struct Issuer {
  std::string_view key_id;  ///< subject key identifier, upper-case hexadecimal
  std::string_view name;    ///< common name of its certificate
  bool test;                ///< its private key is published (SGP.26): good for tests alone
};

/// The issuer with that key identifier, when it is a known one.
std::optional<Issuer> find_issuer(const KeyId& key_id);

}  // namespace lpa
