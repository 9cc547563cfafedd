#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/secret.hpp"
#include "base/utc.hpp"

namespace carriers {

enum class OtpHash : std::uint8_t { sha1, sha256, sha512 };

/// As the Key URI format and OpenSSL call it: "SHA256".
const char* name_of(OtpHash hash);

constexpr std::size_t shortest_otp_secret = 10;  ///< octets: 80 bits
constexpr std::size_t longest_otp_secret = 128;
constexpr int fewest_otp_digits = 6;
constexpr int most_otp_digits = 8;
constexpr std::chrono::seconds longest_otp_period{300};

/// What one-time codes are made of.
struct OtpKey {
  base::Secret secret;  ///< octets, as HMAC takes them
  OtpHash hash = OtpHash::sha1;
  int digits = fewest_otp_digits;
  std::chrono::seconds period{30};
};

/// Throws Error `otp.malformed` (usage) with what is out of the bounds above.
void require_within_bounds(const OtpKey& key);

/// The code of a counter (RFC 4226 5.3). Throws as require_within_bounds.
base::Secret hotp(const OtpKey& key, std::uint64_t counter);

/// A code and the step of time, counted from 1970, that it is for.
struct TimedCode {
  base::Secret code;
  std::uint64_t step;
};

/// The code of a moment (RFC 6238 4); moments before 1970 are in step 0. Throws as
/// require_within_bounds.
TimedCode code(const OtpKey& key, base::UtcTime instant);

/// A step that no code was made for yet, and for how long to wait before one is.
struct FreeStep {
  std::uint64_t step;
  std::chrono::seconds wait;
  base::UtcTime instant;  ///< for code(): the server's time after the wait
};

/// What has to be left of a step that is used; of a shorter step all of it.
constexpr std::chrono::seconds least_left_of_step{3};

/// The first step after `last_used` that is there for long enough, by the server's clock, which is
/// `ahead` of ours (negative: behind). The wait is as long as it takes, when `last_used` is of the
/// future; at most until the year 9999.
FreeStep free_step(std::chrono::seconds period, base::UtcTime now, std::chrono::seconds ahead,
                   std::optional<std::uint64_t> last_used);

}  // namespace carriers
