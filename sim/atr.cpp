#include "sim/atr.hpp"

#include <algorithm>
#include <cstdint>

namespace sim {

base::Bytes make_atr(Protocol protocol, std::size_t channels) {
  // ISO 7816-3 8.2: TS, T0 (TA1, TD1 and 15 historical octets), TA1, then the interface octets: T=0
  // and T=15, or T=1 (with IFSC FE and waiting times 45) and T=15. The octet after TA of T=15 has
  // bits b8 and b2 set: eUICC functions are there (ETSI TS 102 221 6.3.3).
  base::Bytes atr = protocol == Protocol::t0
                        ? base::Bytes{0x3B, 0x9F, 0x96, 0x80, 0x3F, 0xC7, 0x82}
                        : base::Bytes{0x3B, 0x9F, 0x96, 0x81, 0xB1, 0xFE, 0x45, 0x3F, 0xC7, 0x82};
  // ISO 7816-4 12.1.1: category 80, card service data E0, card capabilities FE 21 and in the third
  // octet "channels are numbered by the card" and their number less one, 7 for eight or more.
  const auto most = static_cast<std::uint8_t>(std::min<std::size_t>(channels, 8) - 1);
  const base::Bytes historical{
      0x80, 0x31, 0xE0, 0x73, 0xFE, 0x21, static_cast<std::uint8_t>(0x10U | most), 0x57, 'S',
      'I',  'M',  'U',  'L',  'A',  'T'};
  atr.insert(atr.end(), historical.begin(), historical.end());
  std::uint8_t check = 0;  // TCK: all octets from T0 on give zero (ISO 7816-3 8.2.5)
  for (std::size_t i = 1; i < atr.size(); ++i) check = static_cast<std::uint8_t>(check ^ atr[i]);
  atr.push_back(check);
  return atr;
}

}  // namespace sim
