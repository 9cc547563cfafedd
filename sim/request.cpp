#include "sim/request.hpp"

#include <algorithm>
#include <cstddef>

namespace sim {
namespace {

/// How many octets the UTF-8 sequence that `lead` starts has; 0 for none.
std::size_t sequence_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// RFC 3629 section 4: over-long forms, surrogates and what lies above U+10FFFF.
bool forbidden_second(std::uint8_t lead, std::uint8_t second) {
  return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
         (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
}

}  // namespace

Fields::Fields(const tlv::Element& sequence)
    : reader_(tlv::Reader(sequence.raw).inside(sequence)), next_(reader_.next()) {}

std::optional<base::Bytes> Fields::take(tlv::Tag tag) {
  if (!next_ || next_->tag != tag) return std::nullopt;
  const auto field = any();
  return base::Bytes(field.value.begin(), field.value.end());
}

base::Bytes Fields::need(tlv::Tag tag) {
  auto value = take(tag);
  if (!value) throw tlv::Malformed(tlv::to_string(tag) + " is missing");
  return *std::move(value);
}

tlv::Element Fields::any() {
  if (!next_) throw tlv::Malformed("a field is missing");
  const auto field = *next_;
  next_ = reader_.next();
  return field;
}

void Fields::end() const {
  if (next_) throw tlv::Malformed(tlv::to_string(next_->tag) + " is not expected");
}

ProfileId profile_id(const tlv::Element& element) {
  const base::Bytes value(element.value.begin(), element.value.end());
  if (element.tag == 0x4F) {
    if (value.size() < 5 || value.size() > 16) throw tlv::Malformed("4F: 5 to 16 octets");
    return {value, std::nullopt};
  }
  if (element.tag != 0x5A) throw tlv::Malformed("neither 4F nor 5A");
  if (value.size() != 10) throw tlv::Malformed("5A: ten octets");
  return {std::nullopt, value};
}

std::optional<std::size_t> find(const State& state, const ProfileId& id) {
  const auto found = std::ranges::find_if(state.profiles, [&](const Profile& p) {
    return id.iccid ? p.iccid == *id.iccid : p.isdp_aid == id.isdp_aid;
  });
  if (found == state.profiles.end()) return std::nullopt;
  return static_cast<std::size_t>(found - state.profiles.begin());
}

bool boolean(base::ByteView value) {
  if (value.size() != 1 || (value[0] != 0x00 && value[0] != 0xFF)) {
    throw tlv::Malformed("a BOOLEAN is 00 or FF");
  }
  return value[0] == 0xFF;
}

std::uint64_t unsigned_integer(base::ByteView value) {
  if (value.empty() || value.size() > 9) throw tlv::Malformed("an INTEGER of this size");
  if ((value[0] & 0x80U) != 0) throw tlv::Malformed("a negative INTEGER");
  if (value.size() > 1 && value[0] == 0 && (value[1] & 0x80U) == 0) {
    throw tlv::Malformed("an INTEGER with needless zeros");
  }
  if (value.size() == 9 && value[0] != 0) throw tlv::Malformed("an INTEGER of this size");
  std::uint64_t number = 0;
  for (const auto octet : value) number = (number << 8U) | octet;
  return number;
}

std::uint8_t bits(base::ByteView value) {
  if (value.size() == 1 && value[0] == 0) return 0;
  if (value.size() != 2 || value[0] > 7) throw tlv::Malformed("a BIT STRING of this shape");
  const auto unused = (1U << value[0]) - 1;
  return static_cast<std::uint8_t>(value[1] & ~unused);
}

std::optional<std::string> utf8(base::ByteView value) {
  for (std::size_t i = 0; i < value.size();) {
    const auto length = sequence_length(value[i]);
    if (length == 0 || i + length > value.size()) return std::nullopt;
    for (std::size_t k = 1; k < length; ++k) {
      if ((value[i + k] & 0xC0U) != 0x80U) return std::nullopt;
    }
    if (length > 2 && forbidden_second(value[i], value[i + 1])) return std::nullopt;
    i += length;
  }
  return std::string(value.begin(), value.end());
}

}  // namespace sim
