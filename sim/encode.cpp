#include "sim/encode.hpp"

#include <cstddef>

namespace sim {

base::Bytes element(tlv::Tag tag, base::ByteView value) {
  base::Bytes out;
  tlv::append(out, tag, value);
  return out;
}

base::Bytes element(tlv::Tag tag, std::string_view text) {
  return element(tag, base::Bytes(text.begin(), text.end()));
}

base::Bytes join(std::initializer_list<base::Bytes> parts) {
  base::Bytes out;
  for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

base::Bytes integer(std::uint64_t number) {
  base::Bytes out;
  do {
    out.insert(out.begin(), static_cast<std::uint8_t>(number));
    number >>= 8U;
  } while (number > 0);
  if ((out.front() & 0x80U) != 0) out.insert(out.begin(), 0);
  return out;
}

base::Bytes named_bits(const std::vector<bool>& bits) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) used = i + 1;
  }
  base::Bytes out(1 + (used + 7) / 8, 0);
  out[0] = static_cast<std::uint8_t>((8 - used % 8) % 8);
  for (std::size_t i = 0; i < used; ++i) {
    if (bits[i]) out[1 + i / 8] = static_cast<std::uint8_t>(out[1 + i / 8] | (0x80U >> (i % 8)));
  }
  return out;
}

base::Bytes four_octets(std::uint32_t number) {
  return {static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U),
          static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
}

}  // namespace sim
