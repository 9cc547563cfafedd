#pragma once

#include <string_view>

namespace usage {

/// Whether two texts name the same card. Providers write an ICCID with or without its last digit,
/// which checks the others (ITU-T E.118, ISO/IEC 7812-1 Luhn), and with or without F to fill it up.
/// Endings alone are never enough.
bool same_iccid(std::string_view left, std::string_view right);

/// Whether this is a whole ICCID by itself: 18 to 20 decimal digits, the last of which checks the
/// others.
bool whole_iccid(std::string_view text);

}  // namespace usage
