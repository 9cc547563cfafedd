#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"

/// The DER (ITU-T X.690) that a card writes.
namespace sim {

/// One element.
base::Bytes element(tlv::Tag tag, base::ByteView value);
base::Bytes element(tlv::Tag tag, std::string_view text);

/// The parts one after the other.
base::Bytes join(std::initializer_list<base::Bytes> parts);

/// The contents of an INTEGER: as few octets as there can be, the sign bit clear (X.690 8.3).
base::Bytes integer(std::uint64_t number);

/// The contents of a BIT STRING with named bits: no zero bits at the end (X.690 11.2.2).
base::Bytes named_bits(const std::vector<bool>& bits);

/// `number` in four octets, as real cards write ExtCardResource (ETSI TS 102 226 8.2.1.7.2).
base::Bytes four_octets(std::uint32_t number);

}  // namespace sim
