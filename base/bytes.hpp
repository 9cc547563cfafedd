#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Upper-case hexadecimal, two digits an octet, no separators.
std::string to_hex(ByteView bytes);

/// Reads hexadecimal of either case; blanks between octets are allowed. Empty when `text` is
/// anything else, an odd number of digits included.
std::optional<Bytes> from_hex(std::string_view text);

}  // namespace base
