#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace store {

using SecretEntries = std::map<std::string, base::Secret, std::less<>>;

constexpr std::size_t longest_secret_entries =
    4UL * 1024 * 1024;  ///< octets that all make together

/// Names and secrets one after the other, sorted: a size (2 octets, the most significant first),
/// the name, a size (4 octets), the secret. Throws Error `secrets.full` (usage) when they are too
/// many.
base::Secret to_octets(const SecretEntries& entries);

/// Reads what to_octets writes; empty for anything else.
std::optional<SecretEntries> read_secret_entries(std::string_view octets);

}  // namespace store
