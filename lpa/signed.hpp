#pragma once

#include "base/bytes.hpp"

namespace tlv {

/// A value together with the octets that it was read from, its own tag included: what is signed is
/// handed on as it came, never encoded again.
template <class T>
struct Signed {
  T value;
  base::Bytes raw;
};

}  // namespace tlv
