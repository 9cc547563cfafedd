#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.hpp"
#include "lpa/tlv.hpp"

namespace sim {

/// Tag and length of an element whose value may not be there yet.
struct Header {
  tlv::Tag tag = 0;
  std::size_t size = 0;    ///< octets of tag and length
  std::size_t length = 0;  ///< of the value
};

/// Empty when the octets end before the header does, and for one that is none (X.690 8.1): an
/// indefinite length, a tag or a length of more than three octets.
std::optional<Header> read_header(base::ByteView octets);

}  // namespace sim
