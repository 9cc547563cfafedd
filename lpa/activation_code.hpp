#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lpa {

/// An activation code: the server that has a profile, and the name under which it waits there
/// (SGP.22 v2.5 4.1).
struct ActivationCode {
  std::string smdp_address;           ///< in lower case; `:PORT` may follow the host name
  std::string smdp_address_as_given;  ///< the same for people
  std::string matching_id;            ///< as it was given; empty: none
  std::optional<std::string> smdp_oid;
  bool confirmation_code_required = false;
  std::string further_fields;  ///< what SGP.22 v3 has after the flag: kept as it was, and not used

  friend bool operator==(const ActivationCode&, const ActivationCode&) = default;
};

/// Reads an activation code: with or without `LPA:`; with blanks around it and around its fields;
/// with `＄` or percent signs, as chat programs make of it; or a link that has it as `carddata`.
/// Nothing else is mended. Throws Error (usage) `code.malformed`, which names the character by its
/// number and shows nothing else of the code, and `code.format` for a format other than 1.
ActivationCode parse_activation_code(std::string_view text);

/// The code from `LPA:1$` on, without what need not be said. Reading it gives `code` again.
std::string to_text(const ActivationCode& code);

}  // namespace lpa
