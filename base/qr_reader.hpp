#pragma once

#include <string>
#include <vector>

#include "base/picture.hpp"

namespace base {

/// What the QR codes in a picture say, each text once, in no order; dark on light or the other way
/// round, and turned by any angle. By zbar: the one place that knows it. Throws Error
/// `code.no-zbar` (failure) when it is missing.
std::vector<std::string> read_qr(const Picture& picture, const OpenLibrary& open);

}  // namespace base
