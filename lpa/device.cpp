#include "lpa/device.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lpa {
namespace {

constexpr std::size_t checked_digits = 14;
constexpr std::string_view usual_type = "35290611";  // as other LPAs without a modem tell it
constexpr unsigned filler = 0xF;

/// The digit that makes the sum of a number's digits end in 0 when every second one, from the last
/// on, is doubled (ISO/IEC 7812-1 annex B).
unsigned check_digit(std::string_view digits) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<unsigned>(digits[i] - '0');
    const auto weighed = i % 2 == 1 ? 2 * digit : digit;
    sum += weighed / 10 + weighed % 10;
  }
  return (10 - sum % 10) % 10;
}

/// Pairs of digits with nibbles swapped, filled with F.
template <std::size_t Size>
std::array<std::uint8_t, Size> packed(std::string_view digits) {
  std::array<std::uint8_t, Size> octets{};
  const auto nibble = [&](std::size_t i) {
    return i < digits.size() ? static_cast<unsigned>(digits[i] - '0') : filler;
  };
  for (std::size_t i = 0; i < Size; ++i) {
    octets.at(i) = static_cast<std::uint8_t>(nibble(2 * i) | (nibble(2 * i + 1) << 4U));
  }
  return octets;
}

}  // namespace

DeviceInfo device_with_imei(std::string_view imei) {
  const bool digits = std::ranges::all_of(imei, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || (imei.size() != checked_digits && imei.size() != checked_digits + 1)) {
    throw base::Error(base::ErrorKind::usage, "device.imei",
                      fmt::format("“{}” is no IMEI, which has 15 digits", base::clean(imei, 40)))
        .hint("a phone shows its IMEI when *#06# is dialled");
  }
  std::string whole(imei.substr(0, checked_digits));
  whole += static_cast<char>('0' + check_digit(whole));
  if (imei.size() > checked_digits && imei != whole) {
    throw base::Error(base::ErrorKind::usage, "device.imei",
                      fmt::format("the last digit of the IMEI {} does not fit the others", imei))
        .hint("a digit was mistyped; a phone shows its IMEI when *#06# is dialled");
  }
  DeviceInfo device = unnamed_device();
  device.tac = packed<4>(whole.substr(0, 8));
  device.imei = packed<8>(whole);
  auto& last = device.imei->back();
  last = static_cast<std::uint8_t>((last << 4U) | (last >> 4U));  // unlike the others
  return device;
}

DeviceInfo unnamed_device() {
  DeviceInfo device;
  device.tac = packed<4>(usual_type);
  return device;
}

}  // namespace lpa
