#pragma once

#include <string_view>

#include "carriers/provider.hpp"

namespace carriers {

/// Reads the file of a provider (docs/schema/provider.json), at most 256 KiB.
///
/// What would be a risk does not load: an address whose host is not written out and listed, or is a
/// number, or is not https; a secret in an address; a value that nothing sets; an amount of data
/// without a unit; a member that is not known. Throws Error `carrier.file` (usage): `source`, the
/// place as a JSON Pointer, and the reason.
Provider read_provider(std::string_view text, std::string_view source);

}  // namespace carriers
