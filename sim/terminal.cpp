#include "sim/terminal.hpp"

#include "lpa/tlv.hpp"
#include "sim/apdu.hpp"

namespace sim {
namespace {

/// ETSI TS 102 221 11.1.19.2: 81 is empty, 82 and 83 are one octet; 80 and what is reserved are not
/// looked at.
bool well_formed(const tlv::Element& object) {
  if (object.tag == 0x81) return object.value.empty();
  if (object.tag == 0x82 || object.tag == 0x83) return object.value.size() == 1;
  return true;
}

}  // namespace

bool says_lpa(base::ByteView data) {
  try {
    const auto capability = tlv::single(data);
    if (capability.tag != 0xA9) throw Refused(0x6A80);
    bool lpa = false;
    auto objects = tlv::Reader(data).inside(capability);
    while (const auto object = objects.next()) {
      if (!well_formed(*object)) throw Refused(0x6A80);
      if (object->tag == 0x83) lpa = (object->value[0] & 0x07U) == 0x07U;
    }
    return lpa;
  } catch (const tlv::Malformed&) {
    throw Refused(0x6A80);
  }
}

}  // namespace sim
