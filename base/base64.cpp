#include "base/base64.hpp"

#include <algorithm>
#include <iterator>

#include <openssl/evp.h>

namespace base {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(ByteView octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                                    static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  std::string digits;
  digits.reserve(text.size() + 3);
  std::ranges::copy_if(text, std::back_inserter(digits), [](char each) {
    return each != ' ' && each != '\t' && each != '\r' && each != '\n';
  });
  const auto end = digits.find('=');
  const bool padded = end != std::string::npos;
  if (padded && (digits.size() % 4 != 0 || digits.size() - end > 2 ||
                 digits.find_first_not_of('=', end) != std::string::npos)) {
    return std::nullopt;
  }
  digits.resize(std::min(end, digits.size()));
  if (digits.find_first_not_of(alphabet) != std::string::npos) return std::nullopt;
  const auto missing = (4 - digits.size() % 4) % 4;
  if (missing == 3) return std::nullopt;
  digits.append(missing, '=');
  Bytes octets(digits.size() / 4 * 3);
  const auto size =
      EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(digits.data()),
                      static_cast<int>(digits.size()));
  if (size < 0) return std::nullopt;
  octets.resize(static_cast<std::size_t>(size) - missing);
  return octets;
}

}  // namespace base
