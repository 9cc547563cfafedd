#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/utc.hpp"

/// Times as people type them.
namespace cli {

/// How long: "90s", "15m", "36h", "30d", "8w", "1y", and 10000 of them at most. Empty when it is
/// anything else.
std::optional<std::chrono::seconds> typed_length(std::string_view text);

/// A time: "2026-11-25", RFC 3339, or how long ago. Throws Error `usage.since` (usage).
base::UtcTime time_since(std::string_view text, base::UtcTime now);

}  // namespace cli
