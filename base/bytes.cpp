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
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 2) return std::nullopt;
    const auto high = hex_digit(text[0]);
    const auto low = hex_digit(text[1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>((*high << 4U) | *low));
    text.remove_prefix(2);
  }
  return bytes;
}

}  // namespace base
