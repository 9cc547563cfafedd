#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace lpa {

/// ICCID as in EF.ICCID: ten octets, nibbles swapped, filled with F (SGP.22 Annex H, ETSI TS 102
/// 221 13.2).
struct Iccid {
  std::array<std::uint8_t, 10> octets{};

  /// As printed on a card: 18 to 20 digits (hex letters happen and are kept), without the filling.
  [[nodiscard]] std::string digits() const;

  auto operator<=>(const Iccid&) const = default;
};

/// EID: sixteen octets, thirty-two decimal digits (SGP.29).
struct Eid {
  std::array<std::uint8_t, 16> octets{};

  [[nodiscard]] std::string digits() const;

  /// False when a nibble is no decimal digit, or the digits are all zero: then it is no EID.
  [[nodiscard]] bool plausible() const;

  /// True when the last two digits check the others (ISO 7064 MOD 97-10: the whole number modulo 97
  /// is 1).
  [[nodiscard]] bool check_digits_hold() const;

  auto operator<=>(const Eid&) const = default;
};

/// Application identifier: 5 to 16 octets (ISO/IEC 7816-4).
class Aid {
 public:
  Aid() = default;
  /// Empty when `octets` is not of a length that an AID can have.
  static std::optional<Aid> from(base::ByteView octets);
  static std::optional<Aid> from_hex(std::string_view text);

  [[nodiscard]] base::ByteView octets() const { return octets_; }
  [[nodiscard]] std::string hex() const { return base::to_hex(octets_); }

  auto operator<=>(const Aid&) const = default;

 private:
  explicit Aid(base::ByteView octets);
  base::Bytes octets_;
};

/// A version of three numbers, one octet each.
struct Version {
  std::array<std::uint8_t, 3> numbers{};

  [[nodiscard]] std::string text() const;  ///< "2.2.2"

  auto operator<=>(const Version&) const = default;
};

/// Mobile country and network code, packed as in 3GPP TS 24.008 10.5.1.13.
struct Plmn {
  std::array<std::uint8_t, 3> octets{};

  [[nodiscard]] std::string mcc() const;
  [[nodiscard]] std::string mnc() const;  ///< two or three digits

  auto operator<=>(const Plmn&) const = default;
};

/// BIT STRING whose bits have names; bit 0 is the first. Bits that were not sent are not set.
class BitString {
 public:
  BitString() = default;
  explicit BitString(std::span<const std::size_t> set);
  BitString(std::initializer_list<std::size_t> set) : BitString(std::span(set)) {}

  /// From the contents of a BIT STRING: the count of unused bits, then the bits. Empty when that is
  /// not what `contents` is; no octets at all are read as no bits.
  static std::optional<BitString> from(base::ByteView contents);
  [[nodiscard]] base::Bytes contents() const;

  [[nodiscard]] bool has(std::size_t bit) const;
  [[nodiscard]] std::size_t size() const { return size_; }  ///< bits that were sent

  bool operator==(const BitString&) const = default;

 private:
  base::Bytes bits_;
  std::size_t size_ = 0;
};

}  // namespace lpa
