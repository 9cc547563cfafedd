#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// Base64 as RFC 4648 section 4 has it, with padding and without line ends.
namespace sim {

std::string to_base64(base::ByteView octets);

/// Empty for anything else: other characters, missing padding, bits that belong to no octet.
std::optional<base::Bytes> from_base64(std::string_view text);

}  // namespace sim
