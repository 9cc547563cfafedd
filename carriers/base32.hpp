#pragma once

#include <optional>
#include <string_view>

#include "base/secret.hpp"

namespace carriers {

/// Reads base32 as people copy it (RFC 4648 6): either case; blanks and hyphens anywhere; padding
/// at the end or none. Bits that make no whole octet are dropped; empty when a whole character
/// would be, or when there is anything else.
std::optional<base::Secret> from_base32(std::string_view text);

/// In upper case, without padding.
base::Secret to_base32(std::string_view octets);

}  // namespace carriers
