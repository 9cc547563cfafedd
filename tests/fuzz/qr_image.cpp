#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "base/picture.hpp"
#include "base/qr_reader.hpp"
#include "lpa/activation_code.hpp"

/// A file is unpacked as a picture, its QR codes are found, and each is read as an activation code;
/// or it is refused with an Error. Without the libraries nothing would be tried, so that is a
/// fault.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 1024UL * 1024;  // pixels: larger ones are only slower
  try {
    const auto picture = base::decode_picture({data, size}, base::SharedLibrary::open, most);
    for (const auto& text : base::read_qr(picture, base::SharedLibrary::open))
      static_cast<void>(lpa::parse_activation_code(text));
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::usage) std::abort();
  }
  return 0;
}
