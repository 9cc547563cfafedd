#include "lpa/tlv.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

/// Reads everything that there is; what is written of it reads the same.
void walk(tlv::Reader reader) {
  while (const auto element = reader.next()) {
    base::Bytes again;
    tlv::append(again, element->tag, element->value);
    if (again.size() <= tlv::max_size) {
      const auto read = tlv::single(again);
      if (read.tag != element->tag || read.value.size() != element->value.size()) std::abort();
    }
    if (tlv::constructed(element->tag)) walk(reader.inside(*element));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    walk(tlv::Reader({data, size}));
  } catch (const tlv::Malformed&) {
    return 0;
  }
  return 0;
}
