#include "sim/profile_elements.hpp"

#include <algorithm>
#include <utility>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"
#include "sim/header.hpp"
#include "sim/request.hpp"

namespace sim {
namespace {

constexpr tlv::Tag header_tag = 0xA0;        // ProfileElement: header [0]
constexpr tlv::Tag end_tag = 0xAA;           // end [10]
constexpr tlv::Tag non_standard_tag = 0xB4;  // nonStandard [20]
constexpr std::size_t largest_element = 60'000;
constexpr std::size_t largest_filler = 4'000;

/// The header has the digits in their order, EF_ICCID has them in swapped pairs.
base::Bytes swapped(base::Bytes digits) {
  for (auto& octet : digits) octet = static_cast<std::uint8_t>((octet << 4U) | (octet >> 4U));
  return digits;
}

base::Bytes profile_header(const base::Bytes& iccid) {
  return element(header_tag,
                 join({element(0x80, integer(2)), element(0x81, integer(3)),
                       element(0x82, "Simulated profile"), element(0x83, swapped(iccid)),
                       element(0xA5, base::Bytes{}), element(0xA6, base::Bytes{})}));
}

/// PEHeader: A0 { 80 mandated, 81 identification }.
base::Bytes element_header(std::uint64_t number) {
  return element(0xA0, join({element(0x80, base::Bytes{}), element(0x81, integer(number))}));
}

/// PE-NonStandard: issuerID and content.
base::Bytes filler(std::uint64_t number, std::size_t content) {
  return element(non_standard_tag,
                 join({element_header(number), element(0x81, base::Bytes{0x88, 0x37}),
                       element(0x82, base::Bytes(content, 0x5A))}));
}

}  // namespace

base::Bytes make_profile_elements(const base::Bytes& iccid, std::size_t size) {
  auto package = profile_header(iccid);
  std::uint64_t number = 1;
  const auto end = element(end_tag, element_header(number));
  constexpr std::size_t frame = 24;  // about what surrounds the content
  while (package.size() + end.size() + frame < size) {
    const auto left = size - package.size() - end.size() - frame;
    package = join({package, filler(number++, std::min(left, largest_filler))});
  }
  return join({package, element(end_tag, element_header(number))});
}

std::optional<ProfileElements::Fault> ProfileElements::add(base::ByteView octets) {
  size_ += octets.size();
  rest_.insert(rest_.end(), octets.begin(), octets.end());
  while (const auto header = read_header(rest_)) {
    const auto whole = header->size + header->length;
    if (whole > largest_element) return Fault::malformed;
    if (whole > rest_.size()) break;
    if (const auto fault = element(base::ByteView(rest_).first(whole))) return fault;
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(whole));
  }
  return std::nullopt;
}

std::optional<ProfileElements::Fault> ProfileElements::element(base::ByteView octets) {
  try {
    const auto one = tlv::single(octets);
    if (ended_ || (one.tag == header_tag) != (count_ == 0)) return Fault::malformed;
    ++count_;
    if (one.tag == header_tag) {
      Fields fields(one);
      while (!fields.empty()) {
        const auto field = fields.any();
        if (field.tag != 0x83) continue;
        if (swapped({field.value.begin(), field.value.end()}) == iccid_) return std::nullopt;
        return Fault::other_iccid;
      }
      return Fault::malformed;
    }
    ended_ = one.tag == end_tag;
    return std::nullopt;
  } catch (const tlv::Malformed&) {
    return Fault::malformed;
  }
}

}  // namespace sim
