#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// BER-TLV as SGP.22 uses it: tags of one to three octets, definite lengths of at most three length
/// octets.
namespace tlv {

/// A tag as the specifications print it: 0x5A, 0x9F70, 0xBF2D.
using Tag = std::uint32_t;

constexpr std::size_t max_depth = 16;
constexpr std::size_t max_size = 64UL * 1024;  ///< octets in one answer

/// Octets that are not what the reader expects of them. `what()` is "PATH: REASON"; the path is
/// empty for a fault outside any message.
class Malformed : public std::runtime_error {
 public:
  explicit Malformed(std::string reason, std::string path = {});

  /// The same fault, seen from the element that holds it.
  [[nodiscard]] Malformed within(std::string_view parent) const;

 private:
  std::string reason_;
  std::string path_;
};

/// What an element begins with: the rest of it need not be there.
struct Header {
  Tag tag = 0;
  std::size_t size = 0;    ///< octets of tag and length
  std::size_t length = 0;  ///< octets of the value
};

/// The header that `octets` begin with. Throws Malformed for a tag of more than three octets and an
/// indefinite or over-long length.
[[nodiscard]] Header read_header(base::ByteView octets);

/// One element; both views borrow from the octets that were read.
struct Element {
  Tag tag = 0;
  base::ByteView value;
  base::ByteView raw;  ///< tag and length included
};

/// Walks the elements that stand side by side in borrowed octets.
///
///     tlv::Reader reader(answer);
///     while (auto element = reader.next()) { … tlv::Reader inner = reader.inside(*element); … }
///
/// Throws Malformed as read_header, and for a length that runs past the end, more than `max_size`
/// octets, and elements nested deeper than `max_depth`.
class Reader {
 public:
  explicit Reader(base::ByteView octets);

  /// The next element; empty at the end.
  [[nodiscard]] std::optional<Element> next();

  /// A reader of what `element` holds.
  [[nodiscard]] Reader inside(const Element& element) const;

 private:
  Reader(base::ByteView octets, std::size_t depth);

  base::ByteView rest_;
  std::size_t depth_ = 0;
};

/// The only element in `octets`; Malformed when there is none or something follows it.
[[nodiscard]] Element single(base::ByteView octets);

/// `tag` as it is printed in specifications: "BF2D".
[[nodiscard]] std::string to_string(Tag tag);

/// True when the tag's own bit says that its value is made of elements.
[[nodiscard]] constexpr bool constructed(Tag tag) {
  while (tag > 0xFF) tag >>= 8U;
  return (tag & 0x20U) != 0;
}

/// Appends one element to `out`, with the shortest length there is.
void append(base::Bytes& out, Tag tag, base::ByteView value);

}  // namespace tlv
