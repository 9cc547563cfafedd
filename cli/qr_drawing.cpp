#include "cli/qr_drawing.hpp"

#include <array>
#include <string_view>

namespace cli {
namespace {

constexpr std::string_view black_on_white = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view plain = "\x1b[0m";
/// By what is filled with the colour of the text: 1 the upper half, 2 the lower one.
constexpr std::array<std::string_view, 4> blocks{" ", "▀", "▄", "█"};

}  // namespace

std::size_t drawn_width(const base::QrCode& code) { return code.width + 2 * base::qr_margin; }

std::string draw(const base::QrCode& code, bool coloured) {
  const auto side = drawn_width(code);
  // A module left of and above the square has a number that wraps round, which is outside as well.
  const auto filled = [&](std::size_t x, std::size_t y) {
    if (y >= side) return false;  // below the last line, where the number of lines is odd
    return code.dark_at(x - base::qr_margin, y - base::qr_margin) == coloured;
  };
  std::string text;
  for (std::size_t y = 0; y < side; y += 2) {
    if (coloured) text += black_on_white;
    for (std::size_t x = 0; x < side; ++x)
      text += blocks[(filled(x, y) ? 1U : 0U) + (filled(x, y + 1) ? 2U : 0U)];
    if (coloured) text += plain;
    text += '\n';
  }
  return text;
}

}  // namespace cli
