#include "cli/plot/chart.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/plot/scale.hpp"
#include "cli/plot/wrap.hpp"

namespace cli::plot {
namespace {

constexpr double above = 24;   ///< the plot: room for what the limit is
constexpr double below = 28;   ///< it: the dates
constexpr double beside = 8;   ///< between labels and the plot
constexpr double right = 12;   ///< of the plot
constexpr double swatch = 14;  ///< of a sign that is explained
constexpr double apart = 16;   ///< between two of them
constexpr double least_slot = 4;
constexpr double widest_bar = 64;
constexpr double single_days = 62;  ///< of which each has a bar of its own

std::string px(double value) { return fmt::format("{:.1f}", value); }

/// Width of a character by the size of the text; DejaVu Sans and wider ones were looked at.
double advance(char c) {
  constexpr std::string_view thin = "iljtfI.,:;'|!()[] -/";
  constexpr std::string_view broad = "mwMW@%";
  if (thin.find(c) != std::string_view::npos) return 0.42;
  if (broad.find(c) != std::string_view::npos) return 1.02;
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? 0.64 : 0.86;
}

struct Sign {
  std::string_view style;
  std::string_view meaning;
};

/// Of what is there to see.
std::vector<Sign> signs(const Series& series) {
  const bool single = series.days() <= single_days;
  std::vector<Sign> all{{"day", single ? "used that day" : "used in that time"},
                        {"before", "used before"}};
  if (std::ranges::any_of(series.bars, &Bar::estimated)) all.push_back({"estimated", "estimated"});
  if (series.limit && series.bars.back().total() > *series.limit)
    all.push_back({"over", "over the limit"});
  if (series.band) all.push_back({"band", "forecast"});
  if (series.pace_at(0)) all.push_back({"pace", "even use"});
  return all;
}

/// Where each sign is, in rows of at most `width`; the last element is where the next would be.
std::vector<std::pair<double, double>> sign_places(const std::vector<Sign>& all, double width) {
  std::vector<std::pair<double, double>> places;
  double x = 0;
  double y = 0;
  for (const auto& sign : all) {
    const auto size = swatch + 6 + text_width(sign.meaning);
    if (x > 0 && x + size > width) {
      x = 0;
      y += line_height;
    }
    places.emplace_back(x, y);
    x += size + apart;
  }
  places.emplace_back(x, y);
  return places;
}

double plot_height(double width) { return width < 480 ? 180 : 240; }

class Chart {
 public:
  Chart(Xml& xml, const Series& series, double width)
      : xml_(xml),
        series_(series),
        scale_(byte_scale(series.highest())),
        edge_(width - right),
        floor_(above + plot_height(width)) {
    for (const auto& tick : scale_.ticks) left_ = std::max(left_, text_width(tick.label) + beside);
  }

  void draw() {
    grid();
    dates();
    for (const auto& bar : bars()) draw(bar);
    if (series_.band) band(*series_.band);
    if (series_.limit) limit(*series_.limit);
    path("axis", fmt::format("M{} {}H{}", px(left_), px(floor_), px(edge_)));
    explain();
  }

 private:
  struct Column {
    double from;  ///< in days
    double to;
    Bar bar;
  };

  [[nodiscard]] double x(double days) const {
    return left_ + (edge_ - left_) * std::clamp(days / series_.days(), 0.0, 1.0);
  }
  [[nodiscard]] double y(double bytes) const {
    return floor_ - (floor_ - above) * scale_.at(bytes);
  }

  /// A bar a day or, where days are too thin to be seen, for as many as make a bar.
  [[nodiscard]] std::vector<Column> bars() const {
    const auto most = std::max(std::floor((edge_ - left_) / least_slot), 1.0);
    const auto a_bar = std::max(std::ceil(series_.days() / most), 1.0);
    std::vector<Column> columns;
    for (const auto& bar : series_.bars) {
      const auto day = static_cast<double>((bar.day - series_.start).count());
      const auto from = std::floor(day / a_bar) * a_bar;
      if (columns.empty() || columns.back().from < from) {
        columns.push_back({from, std::min(from + a_bar, series_.days()), bar});
      } else {
        columns.back().bar.used += bar.used;
        columns.back().bar.estimated |= bar.estimated;
      }
    }
    return columns;
  }

  void path(std::string_view style, const std::string& drawn) {
    xml_.empty("path", {{"class", std::string(style)}, {"d", drawn}});
  }

  void box(std::string_view style, double from, double to, double low, double high) {
    if (high <= low) return;
    const auto top = std::min(y(high), y(low) - 0.8);  // what is there is seen
    xml_.empty("rect", {{"class", std::string(style)},
                        {"x", px(from)},
                        {"y", px(std::max(top, 0.0))},
                        {"width", px(std::max(to - from, 0.5))},
                        {"height", px(std::max(y(low) - top, 0.0))}});
  }

  void draw(const Column& column) {
    const auto middle = (x(column.from) + x(column.to)) / 2;
    const auto half = std::min((x(column.to) - x(column.from)) * 0.38, widest_bar / 2);
    const auto from = middle - half;
    const auto to = middle + half;
    const auto& bar = column.bar;
    box("before", from, to, 0, bar.before);
    box(bar.estimated ? "estimated" : "day", from, to, bar.before, bar.total());
    if (series_.limit) box("over", from, to, *series_.limit, bar.total());
  }

  void grid() {
    for (const auto& tick : scale_.ticks) {
      const auto height = floor_ - (floor_ - above) * tick.at;
      path("grid", fmt::format("M{} {}H{}", px(left_), px(height), px(edge_)));
      put_text(xml_, "scale end", left_ - beside, height + 4.5, tick.label);
    }
  }

  void dates() {
    double taken = 0;
    for (const auto& tick : day_ticks(series_.start, series_.end)) {
      const auto slot = (edge_ - left_) / series_.days();
      const auto middle = left_ + (edge_ - left_) * tick.at + slot / 2;
      const auto half = text_width(tick.label) / 2;
      if (middle - half < taken || middle + half > edge_ + right) continue;
      put_text(xml_, "scale middle", middle, floor_ + 19, tick.label);
      taken = middle + half + beside;
    }
  }

  void band(const Band& band) {
    const auto from = series_.days_past();
    const auto to = series_.days();
    const auto total = series_.bars.back().total();
    path("band", fmt::format("M{0} {1}L{2} {3}V{4}Z", px(x(from)), px(y(total)), px(x(to)),
                             px(y(band.low)), px(y(band.high))));
    path("likely",
         fmt::format("M{} {}L{} {}", px(x(from)), px(y(total)), px(x(to)), px(y(band.likely))));
  }

  void limit(double bytes) {
    if (series_.pace_at(0))
      path("pace", fmt::format("M{} {}L{} {}", px(left_), px(floor_), px(edge_), px(y(bytes))));
    path("limit", fmt::format("M{} {}H{}", px(left_), px(y(bytes)), px(edge_)));
    put_text(xml_, "limit-name", left_ + 4, y(bytes) - 6, "limit " + size_text(bytes));
  }

  void explain() {
    const auto all = signs(series_);
    const auto places = sign_places(all, edge_);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto at = places[i].first;
      const auto base = floor_ + below + line_height + places[i].second;
      const auto& style = all[i].style;
      if (style == "pace") {
        path("pace", fmt::format("M{} {}h{}", px(at), px(base - 4.5), px(swatch)));
      } else {
        xml_.empty("rect", {{"class", std::string(style)},
                            {"x", px(at)},
                            {"y", px(base - 10)},
                            {"width", px(swatch)},
                            {"height", "11"}});
      }
      if (style == "band") {
        path("likely", fmt::format("M{} {}h{}", px(at), px(base - 4.5), px(swatch)));
      }
      put_text(xml_, "scale", at + swatch + 6, base, all[i].meaning);
    }
  }

  Xml& xml_;
  const Series& series_;
  const ByteScale scale_;
  double left_ = 0;
  double edge_;
  double floor_;
};

}  // namespace

double text_width(std::string_view text, double size) {
  double width = 0;
  std::string others;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80) {
      width += advance(c);
    } else {
      others += c;
    }
  }
  return (width + static_cast<double>(base::cells(others)) * 0.8) * size;
}

std::string fitted(const std::string& text, double width, double size) {
  auto cut = text;
  for (auto cells = base::cells(text); cells > 0 && text_width(cut, size) > width; --cells)
    cut = base::elide(text, cells - 1);
  return cut;
}

std::vector<std::string> folded(const std::string& text, double width) {
  return wrapped(text, [&](std::string_view part) { return text_width(part) <= width; });
}

void put_text(Xml& xml, std::string_view style, double x, double y, std::string_view text) {
  xml.leaf("text", text, {{"class", std::string(style)}, {"x", px(x)}, {"y", px(y)}});
}

double chart_height(const Series& series, double width) {
  const auto rows = sign_places(signs(series), width - right).back().second;
  return above + plot_height(width) + below + line_height + rows + 8;
}

void draw_chart(Xml& xml, const Series& series, double width) { Chart(xml, series, width).draw(); }

}  // namespace cli::plot
