#include "sim/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace sim {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(base::ByteView octets) {
  std::string text;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = (group << 8U) | (i + k < octets.size() ? octets[i + k] : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > octets.size();
      text += padding ? '=' : alphabet[(group >> (18 - 6 * k)) & 0x3FU];
    }
  }
  return text;
}

std::optional<base::Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  base::Bytes octets;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char one : text) {
    const auto value = alphabet.find(one);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets.push_back(static_cast<std::uint8_t>(bits >> count));
    bits &= (1U << count) - 1;
  }
  if (bits != 0 || count != 2 * padding) return std::nullopt;
  return octets;
}

}  // namespace sim
