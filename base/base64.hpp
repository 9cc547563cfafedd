#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace base {

/// On one line, with padding (RFC 4648 4).
std::string to_base64(ByteView octets);

/// Reads base64 as servers write it: blanks and ends of lines anywhere, padding or none. Empty for
/// anything else.
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace base
