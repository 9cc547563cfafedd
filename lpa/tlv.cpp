#include "lpa/tlv.hpp"

#include <array>
#include <utility>

namespace tlv {
namespace {

constexpr std::size_t max_tag_octets = 3;
constexpr std::size_t max_length_octets = 3;

std::string joined(const std::string& path, const std::string& reason) {
  return path.empty() ? reason : path + ": " + reason;
}

base::Bytes big_endian(std::size_t number) {
  base::Bytes octets;
  for (; number > 0; number >>= 8U)
    octets.insert(octets.begin(), static_cast<std::uint8_t>(number));
  return octets;
}

std::uint8_t take_octet(base::ByteView& rest) {
  if (rest.empty()) throw Malformed("ends in the middle of a tag or length");
  const auto first = rest.front();
  rest = rest.subspan(1);
  return first;
}

Tag take_tag(base::ByteView& rest) {
  Tag tag = take_octet(rest);
  if (tag == 0) throw Malformed("00 is not a tag");
  if ((tag & 0x1FU) != 0x1FU) return tag;
  for (std::size_t octets = 2; octets <= max_tag_octets; ++octets) {
    const auto next = take_octet(rest);
    tag = (tag << 8U) | next;
    if ((next & 0x80U) == 0) return tag;
  }
  throw Malformed("a tag of more than three octets");
}

std::size_t take_length(base::ByteView& rest) {
  const auto first = take_octet(rest);
  if (first < 0x80) return first;
  const std::size_t octets = first & 0x7FU;
  if (octets == 0) throw Malformed("an indefinite length");
  if (octets > max_length_octets) throw Malformed("a length of more than three octets");
  std::size_t length = 0;
  for (std::size_t i = 0; i < octets; ++i) length = (length << 8U) | take_octet(rest);
  return length;
}

}  // namespace

Header read_header(base::ByteView octets) {
  auto rest = octets;
  const auto tag = take_tag(rest);
  const auto length = take_length(rest);
  return {tag, octets.size() - rest.size(), length};
}

Malformed::Malformed(std::string reason, std::string path)
    : std::runtime_error(joined(path, reason)),
      reason_(std::move(reason)),
      path_(std::move(path)) {}

Malformed Malformed::within(std::string_view parent) const {
  return Malformed(reason_, std::string(parent) + (path_.empty() ? "" : "." + path_));
}

Reader::Reader(base::ByteView octets) : Reader(octets, 0) {}

Reader::Reader(base::ByteView octets, std::size_t depth) : rest_(octets), depth_(depth) {
  if (octets.size() > max_size) {
    throw Malformed(std::to_string(octets.size()) + " octets, more than " +
                    std::to_string(max_size));
  }
  if (depth > max_depth) throw Malformed("nested deeper than " + std::to_string(max_depth));
}

std::optional<Element> Reader::next() {
  if (rest_.empty()) return std::nullopt;
  const auto [tag, size, length] = read_header(rest_);
  if (length > rest_.size() - size) {
    throw Malformed(to_string(tag) + " claims " + std::to_string(length) + " octets, " +
                    std::to_string(rest_.size() - size) + " are there");
  }
  const auto raw = rest_.first(size + length);
  rest_ = rest_.subspan(raw.size());
  return Element{tag, raw.subspan(size), raw};
}

Reader Reader::inside(const Element& element) const { return {element.value, depth_ + 1}; }

Element single(base::ByteView octets) {
  Reader reader(octets);
  const auto element = reader.next();
  if (!element) throw Malformed("empty");
  if (element->raw.size() != octets.size()) {
    throw Malformed(std::to_string(octets.size() - element->raw.size()) + " octets after its end",
                    to_string(element->tag));
  }
  return *element;
}

std::string to_string(Tag tag) { return base::to_hex(big_endian(tag)); }

void append(base::Bytes& out, Tag tag, base::ByteView value) {
  const auto tag_octets = big_endian(tag);
  out.insert(out.end(), tag_octets.begin(), tag_octets.end());
  if (value.size() < 0x80) {
    out.push_back(static_cast<std::uint8_t>(value.size()));
  } else {
    const auto length = big_endian(value.size());
    out.push_back(static_cast<std::uint8_t>(0x80U | length.size()));
    out.insert(out.end(), length.begin(), length.end());
  }
  out.insert(out.end(), value.begin(), value.end());
}

}  // namespace tlv
