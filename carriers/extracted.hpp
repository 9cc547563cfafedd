#pragma once

#include <string>
#include <vector>

#include "carriers/exchange.hpp"

namespace carriers {

/// The values that an answer has; later ones may come of tokens that earlier ones are, or `scope`
/// has. A watcher hears of them, with `prefix` before their names. Throws Error `carrier.changed`
/// (network) for one that is missing or larger than 16 KiB.
Variables extracted(const Exchange& exchange, const std::vector<ExtractSpec>& specs,
                    const Answer& answer, const Scope& scope, const std::string& prefix = {});

}  // namespace carriers
