#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/plot/plot.hpp"
#include "cli/plot/scale.hpp"
#include "cli/plot/series.hpp"
#include "cli/plot/words.hpp"
#include "cli/plot/wrap.hpp"

namespace cli::plot {
namespace {

constexpr std::size_t narrowest = 20;
constexpr std::size_t least_beside = 36;  ///< cells that words beside a picture need
constexpr std::size_t least_value = 18;   ///< cells that a column of values needs
constexpr std::size_t gap = 2;
constexpr std::size_t least_chart = 8;    ///< cells below which the labels of the axis give way
constexpr std::size_t narrow_chart = 28;  ///< cells that a picture with words beside it may have
constexpr std::size_t levels = 8;         ///< of a cell, from the bottom to the top

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view cyan = "\x1b[36m";
constexpr std::string_view plain = "\x1b[0m";

/// What a picture is put together from.
struct Glyphs {
  std::array<std::string_view, levels> bar;  ///< by how much of the cell is filled
  std::string_view estimated;
  std::string_view band;
  std::string_view likely;
  std::string_view limit;
  std::string_view pace;
  std::string_view side;
  std::string_view side_tick;
  std::string_view corner;
  std::string_view floor;
  std::string_view floor_tick;
};

constexpr Glyphs blocks{.bar = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
                        .estimated = "▓",
                        .band = "░",
                        .likely = "▒",
                        .limit = "─",
                        .pace = "·",
                        .side = "│",
                        .side_tick = "┤",
                        .corner = "└",
                        .floor = "─",
                        .floor_tick = "┬"};
constexpr Glyphs ascii{.bar = {"_", "_", "_", "_", "#", "#", "#", "#"},
                       .estimated = "=",
                       .band = ":",
                       .likely = "*",
                       .limit = "-",
                       .pace = ".",
                       .side = "|",
                       .side_tick = "+",
                       .corner = "+",
                       .floor = "-",
                       .floor_tick = "+"};

std::string blanks(std::size_t count) {
  std::string made;
  made.resize(count, ' ');
  return made;
}

struct Sign {
  std::string_view colour;
  std::string text;
};

/// Text with its width, which its colours do not add to.
struct Piece {
  std::string text;
  std::size_t cells = 0;
};

/// `text` in lines of at most `width` cells.
std::vector<std::string> in_lines(std::string_view text, std::size_t width) {
  return wrapped(text, [&](std::string_view part) { return base::cells(part) <= width; });
}

class Drawing {
 public:
  explicit Drawing(const TextStyle& style)
      : style_(style),
        glyphs_(style.utf8 ? blocks : ascii),
        columns_(std::max(style.columns, narrowest)) {}

  std::string line(const Line& line) {
    std::string text = heading(line);
    for (const auto& alarm : alarms_of(line)) text += alarm_lines(alarm);
    const auto drawn = series(line);
    if (!drawn) {
      for (const auto& each : in_lines(nothing_known, columns_)) text += each + '\n';
      for (const auto& each : words(line, columns_)) text += each + '\n';
      return text;
    }
    const auto picture = chart(*drawn);
    const auto width = widest(picture);
    const bool beside = width + gap + least_beside <= columns_;
    const auto said = words(line, beside ? columns_ - width - gap : columns_);
    for (std::size_t i = 0; i < (beside ? std::max(picture.size(), said.size()) : picture.size());
         ++i) {
      const auto row = i < picture.size() ? picture[i] : Piece{};
      text += row.text;
      if (beside && i < said.size()) text += blanks(width + gap - row.cells) + said[i];
      text += '\n';
    }
    text += legend(*drawn);
    if (!beside) {
      for (const auto& each : said) text += each + '\n';
    }
    return text;
  }

 private:
  [[nodiscard]] std::string in(std::string_view colour, std::string_view text) const {
    if (!style_.colour || text.empty()) return std::string(text);
    return std::string(colour) + std::string(text) + std::string(plain);
  }

  /// What a terminal without UTF-8 shows of `text`.
  [[nodiscard]] std::string spoken(const std::string& text) const {
    if (style_.utf8) return text;
    std::string made;
    for (const char c : text) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet < 0x80) made += c;
      if (octet >= 0xC0) made += '?';  // the first octet of a character
    }
    return made;
  }

  [[nodiscard]] std::string heading(const Line& line) const {
    const auto account = spoken(account_of(line));
    const auto title = spoken(title_of(line));
    const auto full = base::cells(title) + (account.empty() ? 0 : 3 + base::cells(account));
    if (account.empty() || full > columns_) return in(bold, shortened(title, columns_)) + '\n';
    return in(bold, title) + in(dim, " (" + account + ")") + '\n';
  }

  [[nodiscard]] std::string shortened(const std::string& text, std::size_t width) const {
    return style_.utf8 || text.size() <= width ? base::elide(text, width)
                                               : text.substr(0, width - 1) + '~';
  }

  [[nodiscard]] std::string alarm_lines(const std::string& alarm) const {
    std::string text;
    for (const auto& part : in_lines(spoken(alarm), columns_ - 2))
      text += in(yellow, (text.empty() ? "! " : "  ") + part) + '\n';
    return text;
  }

  /// The figures, in lines of at most `width` cells: values in a column, where there is room.
  [[nodiscard]] std::vector<std::string> words(const Line& line, std::size_t width) const {
    const auto all = figures(line);
    std::size_t column = 0;
    for (const auto& each : all) column = std::max(column, each.label.size() + gap);
    const bool in_column = column + least_value <= width;
    std::vector<std::string> lines;
    for (const auto& [label, value] : all) {
      const auto parts = in_column ? in_lines(value, width - column)
                                   : in_lines(fmt::format("{} {}", label, value), width - gap);
      for (const auto& part : parts) {
        if (&part != &parts.front()) {
          lines.push_back(blanks(in_column ? column : gap) + part);
        } else if (in_column) {
          lines.push_back(in(dim, label) + blanks(column - label.size()) + part);
        } else {
          lines.push_back(in(dim, label) + part.substr(label.size()));
        }
      }
    }
    return lines;
  }

  static std::size_t widest(const std::vector<Piece>& rows) {
    std::size_t width = 0;
    for (const auto& row : rows) width = std::max(width, row.cells);
    return width;
  }

  [[nodiscard]] std::vector<Piece> chart(const Series& drawn) {
    const auto scale = byte_scale(drawn.highest());
    const auto steps = scale.ticks.size() - 1;
    const auto rows = steps * (steps == 3 ? 3 : 2);
    std::size_t label = drawn.limit ? limit_word.size() : 0;
    for (const auto& tick : scale.ticks) label = std::max(label, tick.label.size());
    const bool labelled = label + 2 + least_chart <= columns_;
    const auto side = labelled ? label + 2 : 1;
    const auto width = chart_width(drawn, side);

    // A row is named by the value at its lower edge, so that a bar is past it when it is there.
    std::vector<std::string> names(rows + 1);
    const auto row_of = [&](double at) {
      return std::min(static_cast<std::size_t>(at * static_cast<double>(rows)), rows);
    };
    for (const auto& tick : scale.ticks) names[row_of(tick.at)] = tick.label;
    names.front().clear();  // nothing is the floor itself
    std::optional<std::size_t> limit_row;
    if (drawn.limit) {
      limit_row = row_of(scale.at(*drawn.limit));
      names[*limit_row] = limit_word;
    }
    std::vector<Piece> picture;
    for (std::size_t row = rows; row-- > 0;) {
      auto text = axis_label(labelled ? names[row] : "", side, row == limit_row);
      std::size_t empty = 0;
      Sign run;  // of one colour, which is said once
      for (std::size_t column = 0; column < width; ++column) {
        const auto sign = cell(drawn, scale, {row, rows, column, width, limit_row});
        if (sign.text.empty()) {
          ++empty;
          continue;
        }
        if (empty > 0 || sign.colour != run.colour) {
          text += in(run.colour, run.text) + blanks(std::exchange(empty, 0));
          run = {sign.colour, {}};
        }
        run.text += sign.text;
      }
      text += in(run.colour, run.text);
      picture.push_back({text, side + width - empty});
    }
    add_floor(picture, drawn, side, width, labelled ? scale.ticks.front().label : "");
    return picture;
  }

  [[nodiscard]] std::size_t chart_width(const Series& drawn, std::size_t side) const {
    const auto span = static_cast<std::size_t>(std::max(drawn.days(), 1.0));
    const auto whole = columns_ - side;
    const bool room = whole >= gap + least_beside + std::min(span, narrow_chart);
    const auto most = room ? whole - gap - least_beside : whole;
    if (span > most) return most;
    constexpr std::size_t widest_day = 6;
    return span * std::min(most / span, widest_day);
  }

  [[nodiscard]] std::string axis_label(const std::string& name, std::size_t side,
                                       bool is_limit) const {
    if (side == 1) return in(dim, glyphs_.side);
    const auto padded = blanks(side - 2 - name.size()) + name + ' ';
    return in(is_limit ? red : dim, padded) +
           in(dim, name.empty() ? glyphs_.side : glyphs_.side_tick);
  }

  struct Place {
    std::size_t row;
    std::size_t rows;
    std::size_t column;
    std::size_t width;
    std::optional<std::size_t> limit_row;
  };

  /// Empty: nothing is there.
  [[nodiscard]] Sign cell(const Series& drawn, const ByteScale& scale, const Place& place) const {
    const auto rows = static_cast<double>(place.rows);
    const auto low = static_cast<double>(place.row);
    // The last day that the column has a part of, and how far the column reaches.
    const auto reach =
        drawn.days() * static_cast<double>(place.column + 1) / static_cast<double>(place.width);
    const auto day =
        drawn.start +
        std::chrono::days(static_cast<std::int64_t>(std::max(std::ceil(reach - 1e-9) - 1, 0.0)));
    const auto* const bar = drawn.bar_at(std::min(day, last_in(drawn, place, day)));
    const bool over = bar != nullptr && drawn.limit && bar->total() > *drawn.limit;
    if (place.row == place.limit_row && !over) return {red, std::string(glyphs_.limit)};
    if (bar != nullptr) {
      const auto height = scale.at(bar->total()) * rows - low;
      const auto filled = static_cast<std::size_t>(
          std::clamp(std::ceil(height * static_cast<double>(levels)), 0.0, 8.0));
      if (filled > 0) {
        const bool past = over && place.limit_row && place.row >= *place.limit_row;
        const auto glyph =
            filled == levels && bar->estimated ? glyphs_.estimated : glyphs_.bar.at(filled - 1);
        return {past ? red : cyan, std::string(glyph)};
      }
    }
    if (place.row == place.limit_row) return {red, std::string(glyphs_.limit)};
    const auto row_of = [&](double bytes) {
      return std::min(std::floor(scale.at(bytes) * rows), rows - 1);
    };
    if (drawn.band && reach > drawn.days_past()) {
      const auto band = drawn.band_at(reach);
      if (row_of(band.likely) == low) return {dim, std::string(glyphs_.likely)};
      if (row_of(band.low) <= low && low <= row_of(band.high))
        return {dim, std::string(glyphs_.band)};
    }
    const auto pace = drawn.pace_at(reach - 0.5);
    if (pace && row_of(*pace) == low) return {dim, std::string(glyphs_.pace)};
    return {};
  }

  /// Where columns are more than a day, the last day of one may be still to come.
  static std::chrono::local_days last_in(const Series& drawn, const Place& place,
                                         std::chrono::local_days day) {
    const auto from =
        drawn.days() * static_cast<double>(place.column) / static_cast<double>(place.width);
    return from < drawn.days_past() ? drawn.bars.back().day : day;
  }

  void add_floor(std::vector<Piece>& picture, const Series& drawn, std::size_t side,
                 std::size_t width, const std::string& zero) const {
    std::string dates;
    std::vector<bool> ticked(width);
    for (const auto& tick : day_ticks(drawn.start, drawn.end)) {
      const auto at = static_cast<std::size_t>(tick.at * static_cast<double>(width));
      const bool fits = at + tick.label.size() <= width;
      if ((!dates.empty() && at <= dates.size()) || !fits) continue;
      dates += blanks(at - dates.size()) + tick.label;
      ticked[at] = true;
    }
    std::string floor;
    for (const bool here : ticked) floor += here ? glyphs_.floor_tick : glyphs_.floor;
    const auto label = side == 1 ? std::string() : blanks(side - 2 - zero.size()) + zero + ' ';
    picture.push_back({in(dim, label + std::string(glyphs_.corner) + floor), side + width});
    if (!dates.empty()) picture.push_back({in(dim, blanks(side) + dates), side + dates.size()});
  }

  /// What the signs mean, of those that are there.
  [[nodiscard]] std::string legend(const Series& drawn) const {
    std::vector<std::pair<std::string_view, std::string_view>> signs{{glyphs_.bar.back(), "used"}};
    if (std::ranges::any_of(drawn.bars, &Bar::estimated))
      signs.emplace_back(glyphs_.estimated, "estimated");
    if (drawn.band) {
      signs.emplace_back(glyphs_.likely, "forecast");
      signs.emplace_back(glyphs_.band, "its range");
    }
    if (drawn.limit) signs.emplace_back(glyphs_.limit, "limit");
    if (drawn.pace_at(0)) signs.emplace_back(glyphs_.pace, "even use");
    std::string text;
    std::size_t used = 0;
    for (const auto& [sign, meaning] : signs) {
      const auto size = 2 + meaning.size();
      if (used > 0 && used + gap + size > columns_) {
        text += '\n';
        used = 0;
      }
      text += (used > 0 ? blanks(gap) : "") + std::string(sign) + ' ' + std::string(meaning);
      used += (used > 0 ? gap : 0) + size;
    }
    return in_each_line(text);
  }

  [[nodiscard]] std::string in_each_line(const std::string& text) const {
    std::string made;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      made += in(dim, text.substr(at, end - at)) + '\n';
      at = end + 1;
    }
    return made;
  }

  static constexpr std::string_view limit_word = "limit";
  const TextStyle style_;
  const Glyphs& glyphs_;
  const std::size_t columns_;
};

}  // namespace

std::string plot_text(std::span<const Line> lines, const TextStyle& style) {
  std::string text;
  Drawing drawing(style);
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + drawing.line(line);
  return text;
}

}  // namespace cli::plot
