#include "base/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include <openssl/evp.h>

namespace base {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t blank = 64;
constexpr std::uint8_t padding = 65;
constexpr std::uint8_t wrong = 66;

/// What each character stands for: its six bits, or one of the above.
constexpr auto meanings = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(wrong);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table.at(static_cast<std::uint8_t>(alphabet[i])) = static_cast<std::uint8_t>(i);
  }
  for (const char each : {' ', '\t', '\r', '\n'}) {
    table.at(static_cast<std::uint8_t>(each)) = blank;
  }
  table.at('=') = padding;
  return table;
}();

}  // namespace

std::string to_base64(ByteView octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                                    static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  Bytes octets(text.size() / 4 * 3 + 2);
  auto to = octets.begin();
  const auto write = [&](std::uint32_t octet) { *to++ = static_cast<std::uint8_t>(octet); };
  std::size_t digits = 0;
  std::size_t paddings = 0;
  std::uint32_t bits = 0;
  for (const char each : text) {
    const auto meaning = meanings[static_cast<std::uint8_t>(each)];
    if (meaning == blank) continue;
    if (meaning == padding) {
      ++paddings;
      continue;
    }
    if (meaning == wrong || paddings > 0) return std::nullopt;
    bits = bits << 6U | meaning;
    if (++digits % 4 != 0) continue;
    write(bits >> 16U);
    write(bits >> 8U);
    write(bits);
  }
  const auto left = digits % 4;
  if (left == 1) return std::nullopt;
  if (paddings > 2 || (paddings > 0 && (digits + paddings) % 4 != 0)) return std::nullopt;
  if (left == 2) write(bits >> 4U);
  if (left == 3) {
    write(bits >> 10U);
    write(bits >> 2U);
  }
  octets.erase(to, octets.end());
  return octets;
}

}  // namespace base
