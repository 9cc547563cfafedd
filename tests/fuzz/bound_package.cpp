#include "lpa/bound_package.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"

/// A package is refused, or its segments are all of it and none is empty.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView package(data, size);
  lpa::BoundPackage cut;
  try {
    cut = lpa::cut_package(package);
  } catch (const base::Error& error) {
    if (error.code() != "package.malformed") std::abort();
    return 0;
  }
  std::size_t at = 0;
  for (const auto& segment : cut.segments) {
    if (segment.empty() || segment.data() != data + at) std::abort();
    at += segment.size();
  }
  if (at != size || cut.segments.size() < 6) std::abort();
  return 0;
}
