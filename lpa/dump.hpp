#pragma once

#include <string>
#include <tuple>
#include <type_traits>
#include <variant>

#include "lpa/schema.hpp"

/// The third reading of a message's table: as JSON, for golden vectors. Only tests include it.
///
/// `Json` is nlohmann::ordered_json, which this header leaves to its user to include.
namespace tlv {

namespace detail {

template <class Json, class T>
Json dump_value(const T& value);

template <class Json, SequenceMessage T>
Json dump_members(const T& message) {
  Json object = Json::object();
  const auto put = [&](const auto& field) {
    const auto& member = message.*field.member;
    if constexpr (Optional<std::remove_cvref_t<decltype(member)>>::value) {
      if (member) object[std::string(field.name)] = dump_value<Json>(*member);
    } else {
      object[std::string(field.name)] = dump_value<Json>(member);
    }
  };
  std::apply([&](const auto&... fields) { (..., put(fields)); }, schema<T>.fields);
  return object;
}

template <class Json, ChoiceMessage T>
Json dump_alternative(const T& message) {
  Json object = Json::object();
  const auto put = [&](const auto& option) {
    using Type = typename std::remove_cvref_t<decltype(option)>::Type;
    if (const auto* value = std::get_if<Type>(&message)) {
      object[std::string(option.name)] = dump_value<Json>(*value);
    }
  };
  std::apply([&](const auto&... each) { (..., put(each)); }, schema<T>.alternatives);
  return object;
}

/// Numbers are numbers and texts are texts; every other value is its octets in hexadecimal.
template <class Json, class T>
Json dump_value(const T& value) {
  if constexpr (SignedOf<T>::value) {
    return dump_value<Json>(value.value);
  } else if constexpr (std::is_enum_v<T>) {
    return Json(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return Json(value);
  } else if constexpr (SequenceMessage<T>) {
    return dump_members<Json>(value);
  } else if constexpr (ChoiceMessage<T>) {
    return dump_alternative<Json>(value);
  } else if constexpr (Primitive<T>) {
    return Json(base::to_hex(Value<T>::encode(value)));
  } else {
    Json list = Json::array();
    for (const auto& item : value) list.push_back(dump_value<Json>(item));
    return list;
  }
}

}  // namespace detail

/// `message` with the specification's names: octets as hexadecimal text, what is absent left out, a
/// choice as {"name of the alternative": value}.
template <class Json, Message T>
Json dump(const T& message) {
  return detail::dump_value<Json>(message);
}

}  // namespace tlv
