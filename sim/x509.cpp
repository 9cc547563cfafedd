#include "sim/x509.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/encode.hpp"
#include "sim/request.hpp"

namespace sim::x509 {
namespace {

constexpr tlv::Tag sequence = 0x30;
constexpr tlv::Tag set = 0x31;
constexpr tlv::Tag utf8_string = 0x0C;
constexpr tlv::Tag printable_string = 0x13;

base::Bytes relative_name(std::string_view type, tlv::Tag tag, const std::string& text) {
  if (text.empty()) return {};
  return element(
      set, element(sequence, join({element(0x06, object_identifier(type)), element(tag, text)})));
}

constexpr std::string_view common_name_type = "2.5.4.3";  // X.520
constexpr std::string_view serial_number_type = "2.5.4.5";
constexpr std::string_view organisation_type = "2.5.4.10";

void append_arc(base::Bytes& out, std::uint64_t arc) {
  base::Bytes groups{static_cast<std::uint8_t>(arc & 0x7FU)};
  while ((arc >>= 7U) > 0) groups.push_back(static_cast<std::uint8_t>(0x80U | (arc & 0x7FU)));
  out.insert(out.end(), groups.rbegin(), groups.rend());
}

tlv::Element must_be(const tlv::Element& element, tlv::Tag tag) {
  if (element.tag != tag) throw tlv::Malformed(tlv::to_string(tag) + " is expected");
  return element;
}

}  // namespace

base::Bytes object_identifier(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const auto* at = dotted.data();
  const auto* const end = dotted.data() + dotted.size();
  while (at != end) {
    std::uint64_t arc = 0;
    const auto [next, error] = std::from_chars(at, end, arc);
    if (error != std::errc{} || (next != end && *next != '.')) break;
    arcs.push_back(arc);
    at = next == end ? end : next + 1;
  }
  if (at != end || arcs.size() < 2) throw tlv::Malformed("no object identifier");
  base::Bytes out;
  append_arc(out, arcs[0] * 40 + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); ++i) append_arc(out, arcs[i]);
  return out;
}

base::Bytes pack(const Name& name) {
  return element(sequence,
                 join({relative_name(organisation_type, utf8_string, name.organisation),
                       relative_name(serial_number_type, printable_string, name.serial_number),
                       relative_name(common_name_type, utf8_string, name.common_name)}));
}

Name unpack_name(const tlv::Element& name) {
  Name out;
  Fields parts(must_be(name, sequence));
  while (!parts.empty()) {
    Fields pair(must_be(tlv::single(must_be(parts.any(), set).value), sequence));
    const auto type = pair.need(0x06);
    const auto value = pair.any();
    pair.end();
    const std::string text(value.value.begin(), value.value.end());
    if (type == object_identifier(organisation_type)) out.organisation = text;
    if (type == object_identifier(serial_number_type)) out.serial_number = text;
    if (type == object_identifier(common_name_type)) out.common_name = text;
  }
  return out;
}

base::Bytes signature_algorithm() {
  return element(sequence, element(0x06, object_identifier("1.2.840.10045.4.3.2")));
}

base::Bytes sign(const base::Bytes& object, const PrivateKey& key) {
  const base::Bytes no_unused_bits{0x00};
  return element(sequence,
                 join({object, signature_algorithm(),
                       element(0x03, join({no_unused_bits, signature_to_der(key.sign(object))}))}));
}

Signed unpack_signed(base::ByteView der) {
  Fields fields(must_be(tlv::single(der), sequence));
  const auto object = must_be(fields.any(), sequence);
  const auto algorithm = fields.any();
  const auto bits = fields.need(0x03);
  fields.end();
  if (!std::ranges::equal(algorithm.raw, signature_algorithm())) {
    throw tlv::Malformed("another algorithm than ecdsa-with-SHA256");
  }
  if (bits.empty() || bits[0] != 0) throw tlv::Malformed("03: unused bits");
  auto signature = signature_from_der(base::ByteView(bits).subspan(1));
  if (!signature) throw tlv::Malformed("03: no signature");
  return {{object.raw.begin(), object.raw.end()}, *std::move(signature)};
}

base::Bytes pack(const std::vector<Extension>& extensions) {
  base::Bytes list;
  const base::Bytes yes{0xFF};
  for (const auto& one : extensions) {
    tlv::append(list, sequence,
                join({element(0x06, one.id), one.critical ? element(0x01, yes) : base::Bytes{},
                      element(0x04, one.value)}));
  }
  return element(sequence, list);
}

std::vector<Extension> unpack_extensions(const tlv::Element& extensions) {
  std::vector<Extension> list;
  Fields fields(must_be(extensions, sequence));
  while (!fields.empty()) {
    Fields parts(must_be(fields.any(), sequence));
    Extension one;
    one.id = parts.need(0x06);
    if (const auto critical = parts.take(0x01)) one.critical = boolean(*critical);
    one.value = parts.need(0x04);
    parts.end();
    const auto same = [&](const Extension& other) { return other.id == one.id; };
    if (std::ranges::any_of(list, same)) throw tlv::Malformed("an extension is there twice");
    list.push_back(std::move(one));
  }
  return list;
}

base::Bytes extension_id(std::uint8_t number) { return {0x55, 0x1D, number}; }

base::Bytes key_identifier(base::ByteView value) {
  Fields fields(must_be(tlv::single(value), sequence));
  return fields.need(0x80);
}

}  // namespace sim::x509
