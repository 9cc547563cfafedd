#include "sim/header.hpp"

namespace sim {

std::optional<Header> read_header(base::ByteView octets) {
  Header header;
  const auto next = [&]() -> std::optional<std::uint8_t> {
    if (header.size >= octets.size()) return std::nullopt;
    return octets[header.size++];
  };
  auto octet = next();
  if (!octet) return std::nullopt;
  header.tag = *octet;
  if ((*octet & 0x1FU) == 0x1FU) {
    do {
      octet = next();
      if (!octet || header.size > 3) return std::nullopt;
      header.tag = (header.tag << 8U) | *octet;
    } while ((*octet & 0x80U) != 0);
  }
  octet = next();
  if (!octet || *octet == 0x80 || *octet > 0x83) return std::nullopt;
  if (*octet < 0x80) {
    header.length = *octet;
    return header;
  }
  for (auto count = *octet & 0x7FU; count > 0; --count) {
    octet = next();
    if (!octet) return std::nullopt;
    header.length = (header.length << 8U) | *octet;
  }
  return header;
}

}  // namespace sim
