#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/shared_library.hpp"

namespace base {

/// A picture in shades of grey, row by row from the top: 0 is black, 255 white.
struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  Bytes grey;
};

constexpr std::size_t largest_picture_file = 16UL * 1024 * 1024;
constexpr std::size_t most_pixels = 64UL * 1024 * 1024;

/// The picture in a PNG or JPEG file. How large it will be is looked at before it is unpacked.
/// Throws Error `code.picture` (usage) when it is neither, damaged, or has more than `most` pixels;
/// `code.no-png` and `code.no-jpeg` (failure) when the library for it is missing.
Picture decode_picture(ByteView file, const OpenLibrary& open, std::size_t most = most_pixels);

/// Throws Error `code.picture` unless the picture may be unpacked.
void require_size(std::size_t width, std::size_t height, std::size_t most);

}  // namespace base
