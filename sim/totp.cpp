#include "sim/totp.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "sim/openssl.hpp"

namespace sim {
namespace {

constexpr std::uint64_t step_seconds = 30;

}  // namespace

std::optional<base::Bytes> from_base32(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  while (text.ends_with('=')) text.remove_suffix(1);
  base::Bytes octets;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const auto value =
        alphabet.find(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 5U) | static_cast<std::uint32_t>(value);
    count += 5;
    if (count < 8) continue;
    count -= 8;
    octets.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  return octets;
}

std::uint64_t totp_step(std::uint64_t seconds) { return seconds / step_seconds; }

std::string totp_code(base::ByteView secret, std::uint64_t step, std::size_t digits) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter.at(i) = static_cast<std::uint8_t>(step >> (8 * (counter.size() - 1 - i)));
  }
  std::array<std::uint8_t, 20> mac{};
  unsigned length = 0;
  must(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
            counter.size(), mac.data(), &length) != nullptr,
       "HMAC-SHA-1");
  const std::size_t offset = mac.back() & 0x0FU;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = (number << 8U) | mac.at(offset + i);
  number &= 0x7FFFFFFFU;
  std::string code;
  for (std::size_t i = 0; i < digits; ++i, number /= 10) {
    code += static_cast<char>('0' + (number % 10));
  }
  std::ranges::reverse(code);
  return code;
}

std::optional<std::uint64_t> step_of_code(base::ByteView secret, std::string_view code,
                                          std::uint64_t seconds) {
  const auto now = totp_step(seconds);
  for (const auto step : {now, now - 1, now + 1}) {
    if (totp_code(secret, step) == code) return step;
  }
  return std::nullopt;
}

}  // namespace sim
