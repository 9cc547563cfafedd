#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "lpa/card.hpp"

namespace lpa {

/// The protocols that an answer to reset offers, in its order, each once (ISO/IEC 7816-3 8.2.3):
/// T=0 when it names none. Others than T=0 and T=1, and whatever is cut off, are left out.
std::vector<Protocol> offered_protocols(base::ByteView atr);

}  // namespace lpa
