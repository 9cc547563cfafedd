#pragma once

#include <string>
#include <string_view>

namespace carriers {

/// Where a code was sent, so that it says enough to whom it belongs and little to others:
/// "+1•••••0123", "j•••@example.com". What the provider has masked itself, or has neither an
/// address nor a number in it, stays as it is.
std::string masked(std::string_view target);

}  // namespace carriers
