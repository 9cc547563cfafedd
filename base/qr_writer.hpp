#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/picture.hpp"

namespace base {

/// A QR code: a square of dark and light modules, without the light margin around it.
struct QrCode {
  std::size_t width = 0;
  std::vector<bool> dark;  ///< row by row

  /// Outside of the square everything is light.
  [[nodiscard]] bool dark_at(std::size_t x, std::size_t y) const {
    return x < width && y < width && dark[y * width + x];
  }
};

constexpr std::size_t qr_margin = 4;  ///< modules, ISO/IEC 18004 6.3.8

/// `text` as a QR code that bears 15 % of damage. By libqrencode: the one place that knows it.
/// Throws Error `code.qr-size` (usage) when it is too long, `code.no-qrencode` (failure) when
/// libqrencode is missing.
QrCode make_qr(const std::string& text, const OpenLibrary& open);

/// With its margin, and so many pixels a module.
Picture picture_of(const QrCode& code, std::size_t scale);

}  // namespace base
