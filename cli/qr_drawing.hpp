#pragma once

#include <cstddef>
#include <string>

#include "base/qr_writer.hpp"

namespace cli {

/// Cells that a drawing is wide.
std::size_t drawn_width(const base::QrCode& code);

/// A QR code in lines of half blocks, two modules a character, with its margin. `coloured`: black
/// on white by escape sequences, whatever the terminal's own colours are; else the light modules
/// are drawn, as for light text on a dark ground.
std::string draw(const base::QrCode& code, bool coloured);

}  // namespace cli
