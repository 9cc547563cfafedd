#pragma once

#include "base/picture.hpp"

/// JPEG files, by TurboJPEG: the one place that knows it.
namespace base {

/// As decode_picture. A picture whose end is missing is taken as far as it goes.
Picture decode_jpeg(ByteView file, const OpenLibrary& open, std::size_t most);

}  // namespace base
