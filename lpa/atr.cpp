#include "lpa/atr.hpp"

#include <algorithm>
#include <bit>

namespace lpa {

std::vector<Protocol> offered_protocols(base::ByteView atr) {
  std::vector<Protocol> offered;
  if (atr.size() >= 2) {
    std::size_t at = 1;
    unsigned indicator = atr[at] >> 4U;  // which of TA TB TC TD follow
    while ((indicator & 0x8U) != 0) {
      at += static_cast<std::size_t>(std::popcount(indicator));
      if (at >= atr.size()) break;
      const unsigned td = atr[at];
      const auto number = td & 0x0FU;
      if (number <= 1) {
        const auto protocol = number == 0 ? Protocol::t0 : Protocol::t1;
        if (std::ranges::find(offered, protocol) == offered.end()) offered.push_back(protocol);
      }
      indicator = td >> 4U;
    }
  }
  if (offered.empty()) offered.push_back(Protocol::t0);
  return offered;
}

}  // namespace lpa
