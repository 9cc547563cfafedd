#include "base/bytes.hpp"

#include "base/text.hpp"

namespace base {

std::string to_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto octet : bytes) {
    text += digits[octet >> 4U];
    text += digits[octet & 0x0FU];
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  Bytes bytes;
  std::optional<std::uint8_t> high;
  for (const char c : text) {
    if (c == ' ' && !high) continue;
    const auto digit = hex_digit(c);
    if (!digit) return std::nullopt;
    if (high) {
      bytes.push_back(static_cast<std::uint8_t>((*high << 4U) | *digit));
      high.reset();
    } else {
      high = digit;
    }
  }
  if (high) return std::nullopt;
  return bytes;
}

}  // namespace base
