#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// A moment in UTC, to the second.
using UtcTime = std::chrono::sys_seconds;

/// As RFC 3339 has it: "2026-11-25T20:15:00Z". Years 0 to 9999.
std::string to_rfc3339(UtcTime time);

/// Reads what to_rfc3339 writes; empty when it is anything else, a day that no calendar has
/// included.
std::optional<UtcTime> from_rfc3339(std::string_view text);

}  // namespace base
