#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// One-time codes by time: RFC 6238 with HMAC-SHA-1, steps of 30 seconds and 6 digits.
namespace sim {

/// Base32 (RFC 4648 section 6) of either case, with or without padding; empty for anything else.
std::optional<base::Bytes> from_base32(std::string_view text);

/// The step of a moment in seconds since 1970.
std::uint64_t totp_step(std::uint64_t seconds);

/// The code of a step (RFC 4226 5.3).
std::string totp_code(base::ByteView secret, std::uint64_t step, std::size_t digits = 6);

/// The step that `code` belongs to: the one of `seconds`, the one before or the one after (RFC 6238
/// 5.2). Empty when it is of none of them.
std::optional<std::uint64_t> step_of_code(base::ByteView secret, std::string_view code,
                                          std::uint64_t seconds);

}  // namespace sim
