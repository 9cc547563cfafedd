#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/utc.hpp"

namespace carriers {

/// What a token says of itself (RFC 7519 4); nobody has checked it.
struct JwtClaims {
  std::optional<base::UtcTime> expires;                   ///< `exp`, fractions of a second cut off
  std::map<std::string, std::string, std::less<>> texts;  ///< every claim that is a text
};

/// Reads a signed or unsecured token; the signature is not looked at. Empty for everything else: an
/// encrypted or opaque token, one of more than 16 KiB, nested deeper than 8, with two claims of one
/// name, or with an `exp` that is no time up to the year 9999.
std::optional<JwtClaims> read_jwt(const base::Secret& token);

}  // namespace carriers
