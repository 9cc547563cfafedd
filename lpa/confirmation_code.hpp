#pragma once

#include <string_view>

#include "base/bytes.hpp"

namespace lpa {

/// How a card and a server know that the user gave a confirmation code: SHA-256(SHA-256(code) ||
/// transaction identifier), SGP.22 v2.5 3.1.3.
base::Bytes confirmation_hash(std::string_view code, base::ByteView transaction_id);

}  // namespace lpa
