#pragma once

#include <string>

#include "base/secret.hpp"
#include "carriers/totp.hpp"

namespace carriers {

/// What a QR code for an authenticator has in it.
struct Otpauth {
  OtpKey key;
  std::string issuer;   ///< as it came, valid UTF-8; empty: not told
  std::string account;  ///< likewise
};

/// Reads an `otpauth://totp/…` URI (the Key URI format), or a secret alone in base32. At most 4
/// KiB. Throws Error `otp.malformed` (usage), which shows nothing of the text.
Otpauth read_otpauth(const base::Secret& text);

/// The URI with all parameters. Reading it gives the same again.
base::Secret to_text(const Otpauth& otpauth);

}  // namespace carriers
