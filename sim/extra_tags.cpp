#include "sim/extra_tags.hpp"

#include <algorithm>
#include <array>

#include "lpa/tlv.hpp"
#include "sim/encode.hpp"

namespace sim {
namespace {

/// Answers that are a SEQUENCE themselves (SGP.22 annex H): EUICCInfo1 and 2, EID, addresses,
/// rules, and the results of what changes the card.
constexpr std::array<tlv::Tag, 12> sequences{0xBF20, 0xBF22, 0xBF29, 0xBF30, 0xBF31, 0xBF32,
                                             0xBF33, 0xBF34, 0xBF3C, 0xBF3E, 0xBF3F, 0xBF43};

/// A primitive element of the context class, a constructed one of the private class.
base::Bytes extra() {
  return join({element(0x9F7E, base::Bytes{0xCA, 0xFE}),
               element(0xFF7D, element(0xDF7C, base::Bytes{0x00}))});
}

base::Bytes extended(const tlv::Element& sequence) {
  const base::Bytes fields(sequence.value.begin(), sequence.value.end());
  return element(sequence.tag, join({fields, extra()}));
}

/// The items of a SEQUENCE OF, in their order.
base::Bytes extended_items(tlv::Reader items) {
  base::Bytes all;
  while (const auto item = items.next()) {
    const auto one = extended(*item);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

}  // namespace

base::Bytes with_extra_tags(const base::Bytes& answer) {
  if (answer.empty()) return answer;
  const auto outer = tlv::single(answer);
  if (std::ranges::find(sequences, outer.tag) != sequences.end()) return extended(outer);
  if (outer.tag != 0xBF2D && outer.tag != 0xBF28) return answer;
  // ProfileInfo and NotificationMetadata, in the alternative A0 that is a list.
  const auto list = tlv::single(outer.value);
  if (list.tag != 0xA0) return answer;
  return element(outer.tag, element(0xA0, extended_items(tlv::Reader(outer.value).inside(list))));
}

}  // namespace sim
