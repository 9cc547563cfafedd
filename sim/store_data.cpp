#include "sim/store_data.hpp"

#include <cstddef>
#include <utility>

#include "sim/apdu.hpp"

namespace sim {
namespace {

constexpr std::uint8_t more_blocks = 0x11;
constexpr std::uint8_t last_block = 0x91;
constexpr std::size_t most_octets = 64UL * 1024;

}  // namespace

std::optional<base::Bytes> StoreData::add(std::uint8_t p1, std::uint8_t p2, base::ByteView block) {
  try {
    if (p2 == 0) clear();
    check(p1, p2, block);
  } catch (const Refused&) {
    clear();
    throw;
  }
  data_.insert(data_.end(), block.begin(), block.end());
  ++next_block_;
  if (p1 != last_block) return std::nullopt;
  next_block_ = 0;
  return std::exchange(data_, {});
}

void StoreData::check(std::uint8_t p1, std::uint8_t p2, base::ByteView block) const {
  if (p1 != more_blocks && p1 != last_block) throw Refused(0x6A86);
  if (p2 != next_block_) throw Refused(0x6A86);  // never true of a 257th block
  if (block.empty()) throw Refused(0x6700);
  if (data_.size() + block.size() > most_octets) throw Refused(0x6A84);
}

void StoreData::clear() {
  data_.clear();
  next_block_ = 0;
}

}  // namespace sim
