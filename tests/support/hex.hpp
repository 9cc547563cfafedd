#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace test {

/// Octets as they are written in specifications and traces; blanks are allowed. A slip of the pen
/// throws.
inline base::Bytes hex(std::string_view text) {
  auto octets = base::from_hex(text);
  if (!octets) throw std::invalid_argument("not hexadecimal: " + std::string(text));
  return *std::move(octets);
}

inline std::string hex(base::ByteView octets) { return base::to_hex(octets); }

/// `count` octets of `value`, in hexadecimal.
inline std::string repeated(std::size_t count, std::string_view value = "AA") {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += value;
  return text;
}

}  // namespace test
