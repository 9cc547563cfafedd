#pragma once

#include "base/picture.hpp"

/// PNG files, by libpng: the one place that knows it.
namespace base {

/// As decode_picture. What is transparent is white.
Picture decode_png(ByteView file, const OpenLibrary& open, std::size_t most);

/// Throws Error `code.no-png` (failure) when libpng is missing.
Bytes encode_png(const Picture& picture, const OpenLibrary& open);

}  // namespace base
