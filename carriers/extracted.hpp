#pragma once

#include <vector>

#include "carriers/exchange.hpp"

namespace carriers {

/// The values that an answer has; later ones may come of tokens that earlier ones are, or `scope`
/// has. Throws Error `carrier.changed` (network) for one that is missing or larger than 16 KiB.
Variables extracted(const std::vector<ExtractSpec>& specs, const Answer& answer,
                    const Scope& scope);

}  // namespace carriers
