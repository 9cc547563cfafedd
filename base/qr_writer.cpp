#include "base/qr_writer.hpp"

#include <cerrno>
#include <memory>
#include <new>

#include "base/error.hpp"

#ifdef ESIMCTL_WITH_QRENCODE

#include <qrencode.h>

namespace base {

QrCode make_qr(const std::string& text, const OpenLibrary& open) {
  const auto library =
      needed_library(open, "libqrencode.so.4", "code.no-qrencode", "draw QR codes", "libqrencode4");
  const auto encode = library.find<decltype(QRcode_encodeString)>("QRcode_encodeString");
  const auto end = library.find<decltype(QRcode_free)>("QRcode_free");
  constexpr int smallest_that_fits = 0;
  const std::unique_ptr<QRcode, decltype(end)> made(
      encode(text.c_str(), smallest_that_fits, QR_ECLEVEL_M, QR_MODE_8, 1), end);
  if (made == nullptr) {
    if (errno != ERANGE) throw std::bad_alloc();
    throw Error(ErrorKind::usage, "code.qr-size",
                "no QR code holds so long a text: " + std::to_string(text.size()) + " octets");
  }
  QrCode code{static_cast<std::size_t>(made->width), {}};
  const auto modules = code.width * code.width;
  for (std::size_t at = 0; at < modules; ++at) code.dark.push_back((made->data[at] & 1U) != 0);
  return code;
}

}  // namespace base

#else

namespace base {

QrCode make_qr(const std::string& /*text*/, const OpenLibrary& /*open*/) {
  throw left_out("code.no-qrencode", "drawing of QR codes");
}

}  // namespace base

#endif

namespace base {

Picture picture_of(const QrCode& code, std::size_t scale) {
  const auto side = (code.width + 2 * qr_margin) * scale;
  Picture picture{side, side, Bytes(side * side, 0xFF)};
  for (std::size_t y = 0; y < code.width * scale; ++y) {
    for (std::size_t x = 0; x < code.width * scale; ++x) {
      const auto at = (y + qr_margin * scale) * side + x + qr_margin * scale;
      if (code.dark_at(x / scale, y / scale)) picture.grey[at] = 0;
    }
  }
  return picture;
}

}  // namespace base
