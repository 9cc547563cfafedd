#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "lpa/signed.hpp"
#include "lpa/tlv.hpp"
#include "lpa/value.hpp"

/// A message is one struct and one table; the table is read three ways: decode, encode and
/// (lpa/dump.hpp) dump.
///
/// The type of a member says what the specification says: `T` is required, `optional<T>` is
/// OPTIONAL, `vector<T>` is SEQUENCE OF, `variant` is CHOICE, `Signed<T>` keeps the octets. Names
/// in a table are the specification's. Decoding is lenient about the order of elements and about
/// tags that the table does not have (they are skipped), and strict about lengths, elements given
/// twice, required ones that are missing, and octets after the end. Every fault is a tlv::Malformed
/// that names the path to it; which alternative of a CHOICE it went through is not part of the
/// path.
namespace tlv {

/// The table of a message: specialise with `sequence(…)` or `choice(…)`.
template <class T>
inline constexpr auto schema = nullptr;

template <class T>
concept Message = !std::same_as<std::remove_cvref_t<decltype(schema<T>)>, std::nullptr_t>;

template <class Struct, class Member>
struct Field {
  using Type = Member;
  Tag tag;
  std::string_view name;
  Member Struct::* member;
  Tag also = 0;  ///< a second tag that cards are known to use for it; never written
  Tag item = 0;  ///< tag of the items when the member is a vector; 0: the item type's own
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(Tag tag, std::string_view name, Member Struct::* member) {
  return {tag, name, member};
}

/// A field that some cards send under another tag.
template <class Struct, class Member>
constexpr Field<Struct, Member> field_also(Tag tag, Tag also, std::string_view name,
                                           Member Struct::* member) {
  return {tag, name, member, also};
}

/// A SEQUENCE OF whose items have a tag that their type does not tell.
template <class Struct, class Member>
constexpr Field<Struct, Member> list_field(Tag tag, std::string_view name, Tag item,
                                           Member Struct::* member) {
  return {tag, name, member, 0, item};
}

template <class... Fields>
struct Sequence {
  std::string_view name;
  Tag tag;
  std::tuple<Fields...> fields;
};

template <class T>
struct Alternative {
  using Type = T;
  Tag tag;
  std::string_view name;
};

template <class T>
constexpr Alternative<T> alternative(Tag tag, std::string_view name) {
  return {tag, name};
}

template <class... Alternatives>
struct Choice {
  std::string_view name;
  Tag tag;  ///< of the element around the chosen one; 0: the chosen one stands alone
  std::tuple<Alternatives...> alternatives;
};

template <class... Fields>
constexpr Sequence<Fields...> sequence(std::string_view name, Tag tag, Fields... fields) {
  return {name, tag, {fields...}};
}

template <class... Alternatives>
constexpr Choice<Alternatives...> choice(std::string_view name, Tag tag,
                                         Alternatives... alternatives) {
  return {name, tag, {alternatives...}};
}

namespace detail {

template <class T>
struct SignedOf : std::false_type {};
template <class T>
struct SignedOf<Signed<T>> : std::true_type {
  using Inner = T;
};

template <class T>
struct Optional : std::false_type {
  using Inner = T;
};
template <class T>
struct Optional<std::optional<T>> : std::true_type {
  using Inner = T;
};

template <class T>
struct List : std::false_type {};
template <class T>
  requires(!Primitive<std::vector<T>>)
struct List<std::vector<T>> : std::true_type {
  using Item = T;
};

template <class T>
inline constexpr bool is_choice = false;
template <class... Alternatives>
inline constexpr bool is_choice<Choice<Alternatives...>> = true;

template <class T>
concept ChoiceMessage = Message<T> && is_choice<std::remove_cvref_t<decltype(schema<T>)>>;

template <class T>
concept SequenceMessage = Message<T> && !ChoiceMessage<T>;

/// True when a value of this type is made of elements, so that its tag has the constructed bit.
template <class T>
inline constexpr bool holds_elements = List<T>::value || (Message<T> && !Primitive<T>);
template <class T>
inline constexpr bool holds_elements<Signed<T>> = holds_elements<T>;

template <class T>
constexpr Tag item_tag() {
  if constexpr (Primitive<T>) {
    return Value<T>::universal;
  } else {
    return schema<T>.tag;
  }
}

/// No tag twice, and the constructed bit of each as the type wants it.
template <class... Fields>
constexpr bool table_is_sound(const Sequence<Fields...>& table) {
  return std::apply(
      [](const auto&... fields) {
        const std::array<Tag, sizeof...(fields)> tags{fields.tag...};
        for (std::size_t i = 0; i < tags.size(); ++i) {
          for (std::size_t j = i + 1; j < tags.size(); ++j) {
            if (tags[i] == tags[j]) return false;
          }
        }
        return (
            ... &&
            (constructed(fields.tag) ==
             holds_elements<
                 typename Optional<typename std::remove_cvref_t<decltype(fields)>::Type>::Inner>));
      },
      table.fields);
}

template <class... Alternatives>
constexpr bool table_is_sound(const Choice<Alternatives...>& table) {
  return std::apply(
      [](const auto&... each) {
        return (... && (each.tag == 0 ||
                        constructed(each.tag) ==
                            holds_elements<typename std::remove_cvref_t<decltype(each)>::Type>));
      },
      table.alternatives);
}

template <class T>
T decode_value(const Reader& around, const Element& element, Tag item);

template <SequenceMessage T>
T decode_members(Reader reader) {
  T result{};
  std::apply(
      [&](const auto&... fields) {
        std::array<bool, sizeof...(fields)> seen{};
        const auto take = [&](const auto& field, const Element& element, bool& already) {
          if (element.tag != field.tag && (field.also == 0 || element.tag != field.also))
            return false;
          if (already) throw Malformed("given twice", std::string(field.name));
          already = true;
          using Member = std::remove_cvref_t<decltype(result.*field.member)>;
          try {
            result.*field.member =
                decode_value<typename Optional<Member>::Inner>(reader, element, field.item);
          } catch (const Malformed& fault) {
            throw fault.within(field.name);
          }
          return true;
        };
        while (const auto element = reader.next()) {
          std::size_t index = 0;
          static_cast<void>((... || take(fields, *element, seen[index++])));
        }
        std::size_t index = 0;
        const auto demand = [&](const auto& field) {
          using Member = std::remove_cvref_t<decltype(result.*field.member)>;
          if (!Optional<Member>::value && !seen[index]) {
            throw Malformed("missing", std::string(field.name));
          }
          ++index;
        };
        (..., demand(fields));
      },
      schema<T>.fields);
  return result;
}

/// Tries each alternative on one element; a tag that none has is a fault.
template <ChoiceMessage T>
T decode_alternative(const Reader& around, const Element& element) {
  std::optional<T> result;
  std::apply(
      [&](const auto&... each) {
        const auto take = [&](const auto& option) {
          if (element.tag != option.tag) return false;
          using Type = typename std::remove_cvref_t<decltype(option)>::Type;
          result.emplace(std::in_place_type<Type>, decode_value<Type>(around, element, 0));
          return true;
        };
        static_cast<void>((... || take(each)));
      },
      schema<T>.alternatives);
  if (!result) throw Malformed("none of its alternatives has tag " + to_string(element.tag));
  return *std::move(result);
}

template <ChoiceMessage T>
T decode_choice(Reader reader) {
  const auto element = reader.next();
  if (!element) throw Malformed("empty");
  auto result = decode_alternative<T>(reader, *element);
  if (reader.next()) throw Malformed("more than one alternative");
  return result;
}

template <class T>
std::vector<T> decode_list(Reader reader, Tag item) {
  const Tag expected = item == 0 ? item_tag<T>() : item;
  std::vector<T> items;
  while (const auto element = reader.next()) {
    const auto where = "[" + std::to_string(items.size()) + "]";
    try {
      if constexpr (ChoiceMessage<T>) {
        items.push_back(decode_alternative<T>(reader, *element));
      } else {
        if (element->tag != expected) {
          throw Malformed("tag " + to_string(element->tag) + ", not " + to_string(expected));
        }
        items.push_back(decode_value<T>(reader, *element, 0));
      }
    } catch (const Malformed& fault) {
      throw fault.within(where);
    }
  }
  return items;
}

template <class T>
T decode_value(const Reader& around, const Element& element, Tag item) {
  if constexpr (SignedOf<T>::value) {
    return {decode_value<typename SignedOf<T>::Inner>(around, element, item),
            {element.raw.begin(), element.raw.end()}};
  } else if constexpr (Primitive<T>) {
    return Value<T>::decode(element.value);
  } else if constexpr (List<T>::value) {
    return decode_list<typename List<T>::Item>(around.inside(element), item);
  } else if constexpr (ChoiceMessage<T>) {
    return decode_choice<T>(around.inside(element));
  } else {
    return decode_members<T>(around.inside(element));
  }
}

template <class T>
void append_value(base::Bytes& out, Tag tag, const T& value, Tag item);

template <SequenceMessage T>
base::Bytes encode_members(const T& message) {
  base::Bytes out;
  const auto put = [&](const auto& field) {
    const auto& member = message.*field.member;
    if constexpr (Optional<std::remove_cvref_t<decltype(member)>>::value) {
      if (member) append_value(out, field.tag, *member, field.item);
    } else {
      append_value(out, field.tag, member, field.item);
    }
  };
  std::apply([&](const auto&... fields) { (..., put(fields)); }, schema<T>.fields);
  return out;
}

template <ChoiceMessage T>
base::Bytes encode_alternative(const T& message) {
  base::Bytes out;
  const auto put = [&](const auto& option) {
    using Type = typename std::remove_cvref_t<decltype(option)>::Type;
    if (const auto* value = std::get_if<Type>(&message)) append_value(out, option.tag, *value, 0);
  };
  std::apply([&](const auto&... each) { (..., put(each)); }, schema<T>.alternatives);
  return out;
}

template <class T>
void append_value(base::Bytes& out, Tag tag, const T& value, Tag item) {
  if constexpr (SignedOf<T>::value) {
    out.insert(out.end(), value.raw.begin(), value.raw.end());
  } else if constexpr (Primitive<T>) {
    append(out, tag, Value<T>::encode(value));
  } else if constexpr (List<T>::value) {
    using Item = typename List<T>::Item;
    base::Bytes items;
    for (const auto& each : value) {
      if constexpr (ChoiceMessage<Item>) {
        const auto octets = encode_alternative(each);
        items.insert(items.end(), octets.begin(), octets.end());
      } else {
        append_value(items, item == 0 ? item_tag<Item>() : item, each, 0);
      }
    }
    append(out, tag, items);
  } else if constexpr (ChoiceMessage<T>) {
    append(out, tag, encode_alternative(value));
  } else {
    append(out, tag, encode_members(value));
  }
}

}  // namespace detail

/// Reads one whole message, its own tag included. Throws Malformed.
template <Message T>
T decode(base::ByteView octets) {
  static_assert(detail::table_is_sound(schema<T>));
  try {
    const auto element = single(octets);
    if (element.tag != schema<T>.tag) {
      throw Malformed("tag " + to_string(element.tag) + ", not " + to_string(schema<T>.tag));
    }
    return detail::decode_value<T>(Reader(octets), element, 0);
  } catch (const Malformed& fault) {
    throw fault.within(schema<T>.name);
  }
}

/// Reads a run of elements as the members of `T`, for values that hold elements behind a primitive
/// tag.
template <Message T>
T decode_contents(base::ByteView octets) {
  static_assert(detail::table_is_sound(schema<T>));
  return detail::decode_members<T>(Reader(octets));
}

/// Writes the members of `message` without a tag around them.
template <Message T>
base::Bytes encode_contents(const T& message) {
  return detail::encode_members(message);
}

/// Writes one whole message, its own tag included.
template <Message T>
base::Bytes encode(const T& message) {
  static_assert(detail::table_is_sound(schema<T>));
  base::Bytes out;
  detail::append_value(out, schema<T>.tag, message, 0);
  return out;
}

}  // namespace tlv
