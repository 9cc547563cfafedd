#pragma once

#include <span>
#include <string_view>

namespace carriers {

/// A file of a provider that came with esimctl.
struct ProviderHash {
  std::string_view id;
  std::string_view sha256;  ///< of the file, in lower-case hexadecimal
};

/// All of them, by id.
std::span<const ProviderHash> provider_hashes();

}  // namespace carriers
