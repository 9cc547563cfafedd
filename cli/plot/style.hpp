#pragma once

#include <string_view>

/// How pictures and pages look, as CSS, on light and on dark screens. Text has a contrast of at
/// least 4.5 : 1 to what it is on (WCAG 2.2, 1.4.3).
namespace cli::plot {

/// Of the elements that plot/chart.hpp draws.
extern const std::string_view chart_style;

/// Of an SVG document of them alone: on a phone it is as wide as the screen.
extern const std::string_view document_style;

/// Of the page around them.
extern const std::string_view page_style;

}  // namespace cli::plot
