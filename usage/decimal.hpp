#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace usage {

/// A decimal number as the digits that were written, so that nothing of it is rounded.
struct Decimal {
  bool negative = false;
  std::string whole;     ///< without leading zeros; "0" at least
  std::string fraction;  ///< with its trailing zeros; may be empty
};

/// Reads "-1,657.56": at most one minus, thousands parted by commas everywhere or nowhere, at most
/// one point. A comma is never a decimal point: "12,50" is no number. Empty when it is none, or is
/// longer than 64 characters.
std::optional<Decimal> read_decimal(std::string_view text);

}  // namespace usage
