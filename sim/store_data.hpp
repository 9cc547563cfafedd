#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace sim {

/// Puts the blocks of STORE DATA together (GlobalPlatform Card Specification 11.11, SGP.22 5.7.2).
///
/// P1 is 11 for more blocks and 91 for the last; P2 counts from 00 within one command. A block 00
/// begins anew. Throws Refused and forgets what it has: 6A86 for another P1 and for a block out of
/// order, 6700 for a block without data, 6A84 for more than 64 KiB.
class StoreData {
 public:
  /// The whole command once its last block came.
  std::optional<base::Bytes> add(std::uint8_t p1, std::uint8_t p2, base::ByteView block);

  void clear();

 private:
  void check(std::uint8_t p1, std::uint8_t p2, base::ByteView block) const;

  base::Bytes data_;
  unsigned next_block_ = 0;
};

}  // namespace sim
