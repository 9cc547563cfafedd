#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/plot/series.hpp"
#include "cli/plot/xml.hpp"

/// The picture of one line as elements of SVG, in pixels of text of `font_size`.
namespace cli::plot {

inline constexpr double font_size = 13;
inline constexpr double line_height = 20;

/// Pixels that `text` takes at most, in whatever usual font without serifs.
double text_width(std::string_view text, double size = font_size);

/// `text` cut to `width`, and in lines of it.
std::string fitted(const std::string& text, double width, double size = font_size);
std::vector<std::string> folded(const std::string& text, double width);

/// A text at a place, looking as `style` of plot/style.hpp says.
void put_text(Xml& xml, std::string_view style, double x, double y, std::string_view text);

/// Pixels that the picture is high when it is `width` wide.
double chart_height(const Series& series, double width);

/// Draws from the corner 0, 0 on: axes, bars, forecast, limit, even use, and what they mean.
void draw_chart(Xml& xml, const Series& series, double width);

}  // namespace cli::plot
