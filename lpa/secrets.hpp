#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"

/// Which octets of card traffic identify somebody or could be abused, so that a recording which is
/// shown to others masks them.
namespace lpa {

/// A stretch of octets.
struct Range {
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// Calls `each` with every primitive element in `message`, however deep. Stops at octets that are
/// no TLV and gives false then.
bool for_each_primitive(base::ByteView message,
                        const std::function<void(tlv::Tag, Range value)>& each);

/// What to mask in one whole ES10 request or answer: of an EID and an ICCID all but the first four
/// octets, which name who issued it; a nickname; in functions that carry keys, signatures,
/// certificates or orders every value of two octets and more; all of what is no TLV.
std::vector<Range> secrets_in(base::ByteView message);

}  // namespace lpa
