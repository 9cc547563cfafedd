#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "lpa/es10b.hpp"

namespace lpa {

/// A GSMA certificate issuer (CI), which profiles and servers are vouched for by. Its certificate
/// comes down to these facts (RFC 5914 1.1).
struct Issuer {
  std::string_view key_id;   ///< subject key identifier, upper-case hexadecimal
  std::string_view name;     ///< for people; common name of its certificate, if that tells enough
  bool test;                 ///< its private key is published (SGP.26): good for tests alone
  std::string_view subject;  ///< "C=CH\nO=…\nCN=…", in the order of the certificate
  std::string_view curve;    ///< as OpenSSL calls it
  std::string_view public_key;  ///< uncompressed point, hexadecimal; empty: a name and no anchor
  std::chrono::sys_seconds not_after;
};

/// Every known issuer.
std::span<const Issuer> issuers();

/// The issuer with that key identifier, when it is a known one.
std::optional<Issuer> find_issuer(const KeyId& key_id);

}  // namespace lpa
