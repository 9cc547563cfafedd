#include "base/picture.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.hpp"
#include "base/jpeg.hpp"
#include "base/png.hpp"

namespace base {
namespace {

constexpr std::array<std::uint8_t, 8> png_begin{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::array<std::uint8_t, 3> jpeg_begin{0xFF, 0xD8, 0xFF};

template <std::size_t Size>
bool begins_with(ByteView file, const std::array<std::uint8_t, Size>& octets) {
  return file.size() >= Size && std::ranges::equal(file.first(Size), octets);
}

}  // namespace

void require_size(std::size_t width, std::size_t height, std::size_t most) {
  if (width > 0 && height > 0 && width <= most / height) return;
  throw Error(ErrorKind::usage, "code.picture",
              "the picture has " + std::to_string(width) + " × " + std::to_string(height) +
                  " pixels; at most " + std::to_string(most) + " are read")
      .hint("cut out the QR code, and save that");
}

Picture decode_picture(ByteView file, const OpenLibrary& open, std::size_t most) {
  if (begins_with(file, png_begin)) return decode_png(file, open, most);
  if (begins_with(file, jpeg_begin)) return decode_jpeg(file, open, most);
  throw Error(ErrorKind::usage, "code.picture", "this is neither a PNG nor a JPEG picture")
      .hint("save the QR code as PNG, or take a screenshot of it");
}

}  // namespace base
