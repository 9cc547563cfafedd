#include <algorithm>

#include <fmt/format.h>

#include "cli/plot/chart.hpp"
#include "cli/plot/plot.hpp"
#include "cli/plot/style.hpp"
#include "cli/plot/words.hpp"

namespace cli::plot {
namespace {

constexpr double page_width = 460;
constexpr double margin = 16;
constexpr double inner = page_width - 2 * margin;
constexpr double name_size = 18 * 1.08;  ///< it is bold

/// One line below another, from the top to the bottom.
class Sheet {
 public:
  explicit Sheet(Xml& xml) : xml_(xml) {}

  void add(const Line& line) {
    if (y_ > margin) rule();
    xml_.open("g");
    below(6);
    put("name", fitted(title_of(line), inner, name_size));
    const auto account = account_of(line);
    if (!account.empty()) put("label", fitted(account, inner));
    for (const auto& alarm : alarms_of(line)) {
      put_text(xml_, "alarm", margin, y_ + baseline, "!");
      put_folded("alarm", alarm, sign_width);
    }
    if (const auto drawn = series(line)) {
      below(8);
      xml_.open("g", {{"transform", fmt::format("translate({:.0f} {:.0f})", margin, y_)}});
      draw_chart(xml_, *drawn, inner);
      xml_.close();
      y_ += chart_height(*drawn, inner);
    } else {
      put("label", nothing_known);
    }
    below(4);
    for (const auto& [label, value] : figures(line)) {
      put_text(xml_, "label", margin, y_ + baseline, label);
      put_folded("value", value, label_width);
    }
    below(12);
    xml_.close();
  }

  [[nodiscard]] double height() const { return y_; }

 private:
  static constexpr double baseline = 15;
  static constexpr double label_width = 84;
  static constexpr double sign_width = 12;

  void below(double pixels) { y_ += pixels; }

  void put(std::string_view style, std::string_view text, double indent = 0) {
    put_text(xml_, style, margin + indent, y_ + baseline, text);
    below(line_height);
  }

  void put_folded(std::string_view style, const std::string& text, double indent) {
    for (const auto& each : folded(text, inner - indent)) put(style, each, indent);
  }

  void rule() {
    xml_.empty("path", {{"class", "rule"},
                        {"d", fmt::format("M{:.0f} {:.0f}H{:.0f}", margin, y_, margin + inner)}});
    below(12);
  }

  Xml& xml_;
  double y_ = margin;
};

}  // namespace

std::string plot_svg(std::span<const Line> lines) {
  Xml body;
  Sheet sheet(body);
  std::string about;
  for (const auto& line : lines) {
    sheet.add(line);
    about += (about.empty() ? "" : " ") + title_of(line) + ": " + description(line);
  }
  if (lines.empty()) about = nothing_known;
  const auto height = fmt::format("{:.0f}", std::max(sheet.height(), 2 * margin));
  const auto width = fmt::format("{:.0f}", page_width);
  Xml xml;
  xml.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"viewBox", "0 0 " + width + " " + height},
                   {"width", width},
                   {"height", height},
                   {"role", "img"},
                   {"lang", "en"},
                   {"aria-labelledby", "title about"}});
  xml.leaf("title", "Data use", {{"id", "title"}});
  xml.leaf("desc", about, {{"id", "about"}});
  xml.open("style");
  xml.raw(chart_style);
  xml.raw(document_style);
  xml.close();
  xml.empty("rect", {{"class", "ground"}, {"width", width}, {"height", height}});
  xml.raw(body.take());
  xml.close();
  return xml.take();
}

}  // namespace cli::plot
