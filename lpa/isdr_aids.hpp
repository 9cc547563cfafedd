#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "lpa/identifiers.hpp"

namespace lpa {

/// The ISD-R identifiers to try on a card with this answer to reset, likeliest first. With
/// `secure_element` only those of that one; the first also has what cards with a single one use.
std::vector<Aid> isdr_candidates(base::ByteView atr, std::optional<unsigned> secure_element);

/// The identifier of the ECASD, which tells an SGP.02 card apart (SGP.02 2.2.3).
Aid ecasd_aid();

}  // namespace lpa
