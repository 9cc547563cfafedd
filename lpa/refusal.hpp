#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace lpa {

/// The card answered `result` of the ES10 function `function` when it was asked to do `what`
/// ("delete “Travel” (8901…)"): an Error of kind refused with its cause in words and its name.
base::Error refusal(std::string code, const std::string& what, std::string_view function,
                    std::uint32_t result);

/// A profile that the card lists without an ICCID cannot be named in a request: Error
/// `card.nameless-profile` (card).
base::Error nameless(std::string_view verb);

}  // namespace lpa
