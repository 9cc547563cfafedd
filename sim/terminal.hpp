#pragma once

#include "base/bytes.hpp"

namespace sim {

/// Whether the data of a TERMINAL CAPABILITY says that the terminal has an LPA: local user
/// interface, profile download and discovery service (tag 83, bits b1 to b3: ETSI TS 102
/// 221 11.1.19.2.4).
///
/// Throws Refused(6A80) for data that is not the template A9 with well-formed objects.
bool says_lpa(base::ByteView data);

}  // namespace sim
