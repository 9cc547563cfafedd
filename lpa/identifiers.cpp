#include "lpa/identifiers.hpp"

#include <algorithm>

namespace lpa {
namespace {

constexpr std::size_t min_aid = 5;
constexpr std::size_t max_aid = 16;

}  // namespace

std::string Iccid::digits() const {
  auto text = base::to_hex(octets);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) std::swap(text[i], text[i + 1]);
  while (!text.empty() && text.back() == 'F') text.pop_back();
  return text;
}

std::string Eid::digits() const { return base::to_hex(octets); }

bool Eid::plausible() const {
  const auto text = digits();
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
         std::ranges::any_of(text, [](char c) { return c != '0'; });
}

bool Eid::check_digits_hold() const {
  if (!plausible()) return false;
  unsigned rest = 0;
  for (const char c : digits()) rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
  return rest == 1;
}

Aid::Aid(base::ByteView octets) : octets_(octets.begin(), octets.end()) {}

std::optional<Aid> Aid::from(base::ByteView octets) {
  if (octets.size() < min_aid || octets.size() > max_aid) return std::nullopt;
  return Aid(octets);
}

std::optional<Aid> Aid::from_hex(std::string_view text) {
  const auto octets = base::from_hex(text);
  return octets ? from(*octets) : std::nullopt;
}

std::string Version::text() const {
  return std::to_string(numbers[0]) + "." + std::to_string(numbers[1]) + "." +
         std::to_string(numbers[2]);
}

std::string Plmn::mcc() const {
  const auto hex = base::to_hex(octets);  // digits come as 2 1, M3 3, M2 M1
  return {hex[1], hex[0], hex[3]};
}

std::string Plmn::mnc() const {
  const auto hex = base::to_hex(octets);
  std::string digits{hex[5], hex[4]};
  if (hex[2] != 'F') digits += hex[2];
  return digits;
}

BitString::BitString(std::span<const std::size_t> set) {
  for (const auto bit : set) size_ = std::max(size_, bit + 1);
  bits_.resize((size_ + 7) / 8);
  for (const auto bit : set) bits_[bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
}

std::optional<BitString> BitString::from(base::ByteView contents) {
  BitString result;
  if (contents.empty()) return result;
  const std::size_t unused = contents.front();
  const auto bits = contents.subspan(1);
  if (unused > 7 || (bits.empty() && unused > 0)) return std::nullopt;
  result.bits_.assign(bits.begin(), bits.end());
  result.size_ = bits.size() * 8 - unused;
  if (!result.bits_.empty()) {
    result.bits_.back() &= static_cast<std::uint8_t>(0xFFU << unused);
  }
  return result;
}

base::Bytes BitString::contents() const {
  base::Bytes octets{static_cast<std::uint8_t>(bits_.size() * 8 - size_)};
  octets.insert(octets.end(), bits_.begin(), bits_.end());
  return octets;
}

bool BitString::has(std::size_t bit) const {
  return bit < size_ && (bits_[bit / 8] & (0x80U >> (bit % 8))) != 0;
}

}  // namespace lpa
