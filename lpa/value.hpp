#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "lpa/tlv.hpp"

/// Values without structure: how numbers, texts and octets are written in an element.
namespace tlv {

/// How a primitive type is written. A specialisation has `static T decode(base::ByteView)` (throws
/// Malformed), `static base::Bytes encode(const T&)` and `static constexpr Tag universal`, the tag
/// that an element of a SEQUENCE OF has (0 where none is used).
template <class T>
struct Value;

template <class T>
concept Primitive = requires(const T& value, base::ByteView octets) {
  { Value<T>::decode(octets) } -> std::same_as<T>;
};

/// Whole numbers. Cards pad them with zero octets and leave out the one that keeps a high first bit
/// from meaning a sign; none of the numbers here is ever negative, so both are read.
template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>)
struct Value<T> {
  static constexpr Tag universal = 0x02;
  static T decode(base::ByteView octets) {
    if (octets.empty()) throw Malformed("a number of no octets");
    T number = 0;
    for (const auto octet : octets) {
      if (number > (static_cast<T>(~T{0}) >> 8U)) throw Malformed("a number that is too large");
      number = static_cast<T>((static_cast<std::uint64_t>(number) << 8U) | octet);
    }
    return number;
  }
  static base::Bytes encode(const T& number) {
    base::Bytes octets;
    for (std::uint64_t rest = number; rest > 0; rest >>= 8U) {
      octets.insert(octets.begin(), static_cast<std::uint8_t>(rest));
    }
    if (octets.empty() || (octets.front() & 0x80U) != 0) octets.insert(octets.begin(), 0);
    return octets;
  }
};

/// Enumerations over one octet; values that have no name are kept as they came.
template <class T>
  requires std::is_enum_v<T>
struct Value<T> {
  static constexpr Tag universal = 0x02;
  static T decode(base::ByteView octets) {
    return static_cast<T>(Value<std::underlying_type_t<T>>::decode(octets));
  }
  static base::Bytes encode(const T& value) {
    return Value<std::underlying_type_t<T>>::encode(static_cast<std::underlying_type_t<T>>(value));
  }
};

template <>
struct Value<bool> {
  static constexpr Tag universal = 0x01;
  static bool decode(base::ByteView octets) {
    if (octets.size() != 1) throw Malformed(std::to_string(octets.size()) + " octets, not 1");
    return octets.front() != 0;
  }
  static base::Bytes encode(const bool& value) {
    return {static_cast<std::uint8_t>(value ? 0xFF : 0x00)};
  }
};

/// UTF8String; the octets are kept as they are, valid or not.
template <>
struct Value<std::string> {
  static constexpr Tag universal = 0x0C;
  static std::string decode(base::ByteView octets) { return {octets.begin(), octets.end()}; }
  static base::Bytes encode(const std::string& text) { return {text.begin(), text.end()}; }
};

template <>
struct Value<base::Bytes> {
  static constexpr Tag universal = 0x04;
  static base::Bytes decode(base::ByteView octets) { return {octets.begin(), octets.end()}; }
  static base::Bytes encode(const base::Bytes& octets) { return octets; }
};

/// OCTET STRING of one size.
template <std::size_t Size>
struct Value<std::array<std::uint8_t, Size>> {
  static constexpr Tag universal = 0x04;
  static std::array<std::uint8_t, Size> decode(base::ByteView octets) {
    if (octets.size() != Size) {
      throw Malformed(std::to_string(octets.size()) + " octets, not " + std::to_string(Size));
    }
    std::array<std::uint8_t, Size> result{};
    for (std::size_t i = 0; i < Size; ++i) result[i] = octets[i];
    return result;
  }
  static base::Bytes encode(const std::array<std::uint8_t, Size>& octets) {
    return {octets.begin(), octets.end()};
  }
};

namespace detail {

template <class Struct, class Member>
Struct owner(Member Struct::*);
template <class Struct, class Member>
Member member(Member Struct::*);

}  // namespace detail

/// The Value of a struct that is no more than one member with a name of its own; derive from it.
template <auto Pointer, Tag Universal = 0>
struct Wrapped {
  using Struct = decltype(detail::owner(Pointer));
  using Member = decltype(detail::member(Pointer));
  static constexpr Tag universal = Universal;

  static Struct decode(base::ByteView octets) {
    Struct result{};
    result.*Pointer = Value<Member>::decode(octets);
    return result;
  }
  static base::Bytes encode(const Struct& value) { return Value<Member>::encode(value.*Pointer); }
};

}  // namespace tlv
