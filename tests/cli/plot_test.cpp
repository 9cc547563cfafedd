#include "cli/plot/plot.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "tests/cli/golden_file.hpp"
#include "tests/cli/plot_lines.hpp"
#include "usage/zone.hpp"

/// How lines are drawn in text, and what of SVG and HTML can be seen without a browser
/// (tests/cli/browser looks at the same golden files in one).
namespace {

using cli::plot::Line;
using cli::plot::plot_html;
using cli::plot::plot_svg;
using cli::plot::plot_text;

std::vector<std::string> rows(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string row; std::getline(stream, row);) all.push_back(row);
  return all;
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const auto& row : rows(text)) most = std::max(most, base::cells(row));
  return most;
}

std::string drawn(const Line& line, const cli::plot::TextStyle& style = {}) {
  return plot_text(std::span(&line, 1), style);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// With as much used on each day as on any other, until the last of them.
Line even_use(std::size_t days, std::int64_t a_day) {
  using namespace std::chrono_literals;
  Line line{.title = "Even", .account = ""};
  line.start = std::chrono::local_days(2026y / 3 / 1);
  line.end = std::chrono::local_days(2026y / 4 / 1);
  cli_test::use(line, *line.start, std::vector<std::int64_t>(days, a_day));
  line.limit = cli_test::megabytes(3100);
  return line;
}

}  // namespace

TEST_CASE("lines as people have them are drawn as they were looked at") {
  const auto lines = cli_test::usual_lines();
  for (const std::size_t columns : {80U, 40U, 20U}) {
    cli_test::compare("plot/usual-" + std::to_string(columns) + ".txt",
                      plot_text(lines, {.columns = columns}));
  }
  cli_test::compare("plot/usual-ascii.txt", plot_text(lines, {.utf8 = false}));
  cli_test::compare("plot/usual-colour.txt", plot_text(lines, {.colour = true}));
  cli_test::compare("plot/usual.svg", plot_svg(lines));
  cli_test::compare("plot/usual.html", plot_html(lines));
}

TEST_CASE("odd lines are drawn as they were looked at") {
  const auto lines = cli_test::odd_lines();
  for (const std::size_t columns : {80U, 40U, 20U}) {
    cli_test::compare("plot/odd-" + std::to_string(columns) + ".txt",
                      plot_text(lines, {.columns = columns}));
  }
  cli_test::compare("plot/odd.svg", plot_svg(lines));
  cli_test::compare("plot/odd.html", plot_html(lines));
}

TEST_CASE("nothing used of nothing is drawn, and has no limit to be seen") {
  const auto line = cli_test::nothing_used();
  cli_test::compare("plot/nothing-80.txt", drawn(line));
  CHECK_FALSE(contains(plot_svg(std::span(&line, 1)), "class=\"limit\""));
  const auto travel = cli_test::travel();
  CHECK(contains(plot_svg(std::span(&travel, 1)), "class=\"limit\""));
}

TEST_CASE("no line at all gives no text, and documents that say so") {
  CHECK(plot_text({}, {}).empty());
  CHECK(contains(plot_svg({}), "no use of this cycle is known"));
  CHECK(contains(plot_html({}), "0 lines, no alarms"));
}

TEST_CASE("no row of text is wider than the terminal, whatever there is to draw") {
  std::mt19937 numbers(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same lines each time
  std::set<std::size_t> widths;
  for (int i = 0; i < 1500; ++i) {
    const auto line = cli_test::any_line(numbers);
    const auto columns = std::size_t{20} + numbers() % 200;
    const bool utf8 = numbers() % 2 == 0;
    const auto text = drawn(line, {.columns = columns, .utf8 = utf8});
    CAPTURE(i);
    const auto width = widest(text);
    widths.insert(width);
    REQUIRE(width <= columns);
    for (const auto& row : rows(text)) {
      REQUIRE(base::clean(row, row.size()) == row);
      REQUIRE_FALSE(row.ends_with(' '));
      if (!utf8) REQUIRE(std::ranges::all_of(row, [](char c) { return c >= ' ' && c <= '~'; }));
    }
  }
  CHECK(widths.size() > 50);  // they are as different as they should be
  // It would be seen: the picture itself is that wide.
  CHECK(widest(drawn(cli_test::travel(), {.columns = 40})) > 30);
}

TEST_CASE("a terminal of fewer than 20 columns gets what one of 20 gets") {
  const auto line = cli_test::travel();
  CHECK(drawn(line, {.columns = 0}) == drawn(line, {.columns = 20}));
  CHECK(drawn(line, {.columns = 20}) != drawn(line, {.columns = 21}));
}

TEST_CASE("a bar crosses the line of the limit when more than the limit is used, and not before") {
  const auto limit_row = [](const Line& line) {
    for (const auto& row : rows(drawn(line, {.columns = 48}))) {
      if (row.starts_with("limit ┤")) return row;
    }
    return std::string();
  };
  const auto uncrossed = limit_row(even_use(31, 100));  // 3.1 GB of 3.1 GB
  CHECK(contains(uncrossed, "───────"));
  CHECK_FALSE(contains(uncrossed, "█"));
  CHECK_FALSE(contains(uncrossed, "▁"));
  auto over = even_use(31, 100);
  over.days.back().used = cli_test::megabytes(101);
  over.used = cli_test::megabytes(3101);
  CHECK(limit_row(over) != uncrossed);
  CHECK(contains(plot_svg(std::span(&over, 1)), "class=\"over\""));
  const auto within = even_use(31, 100);
  CHECK_FALSE(contains(plot_svg(std::span(&within, 1)), "class=\"over\""));
}

TEST_CASE("a month in which the clocks change has days that are as wide as any") {
  using namespace std::chrono_literals;
  const std::string berlin = "Europe/Berlin";
  auto line = even_use(31, 100);
  line.start = usage::local_day(cli_test::at(2026y / 2 / 28, 23h), berlin);
  line.end = usage::local_day(cli_test::at(2026y / 3 / 31, 22h), berlin);
  auto plain = even_use(31, 100);
  CHECK(plot_svg(std::span(&line, 1)) == plot_svg(std::span(&plain, 1)));
  CHECK(count(drawn(line, {.columns = 40}), "Mar") == 2);  // below the picture, and as the cycle
  line.end = usage::local_day(cli_test::at(2026y / 3 / 31, 21h), berlin);  // an hour too early
  CHECK(plot_svg(std::span(&line, 1)) != plot_svg(std::span(&plain, 1)));
}

TEST_CASE("days in any order, of the same date and outside of the cycle give one bar a day") {
  auto line = even_use(10, 100);
  const auto wanted = plot_html(std::span(&line, 1));
  std::ranges::reverse(line.days);
  line.days.push_back({*line.start - std::chrono::days(1), cli_test::megabytes(999)});
  line.days.push_back({*line.end, cli_test::megabytes(999)});
  const auto half = cli_test::megabytes(50);
  line.days.front().used = half;
  line.days.push_back({line.days.front().date, half});
  CHECK(plot_html(std::span(&line, 1)) == wanted);
  line.days.back().date -= std::chrono::days(1);
  CHECK(plot_html(std::span(&line, 1)) != wanted);
}

TEST_CASE("what was used before the first day that is known is below the bars") {
  auto line = even_use(2, 100);
  CHECK(contains(plot_html(std::span(&line, 1)), "<td>200.0 MB</td>\n</tr>\n</tbody>"));
  line.used = cli_test::megabytes(1200);
  CHECK(contains(plot_html(std::span(&line, 1)), "<td>1.2 GB</td>\n</tr>\n</tbody>"));
}

TEST_CASE("a forecast out of all proportion does not flatten what is known") {
  auto line = even_use(10, 100);
  const auto million = cli_test::megabytes(1'000'000);
  line.forecast = cli::plot::Forecast{million, million, million, {}};
  const auto text = drawn(line);
  CHECK(contains(text, "6 GB ┤"));  // twice the limit, and not a terabyte
  CHECK(contains(text, "1.0 TB"));
}

TEST_CASE("texts from outside are text in documents") {
  Line line{.title = "<script>alert('x')</script>", .account = "a\" onload=\"x"};
  line.alarms = {"</li><img src=x>"};
  for (const auto& document : {plot_svg(std::span(&line, 1)), plot_html(std::span(&line, 1))}) {
    CHECK_FALSE(contains(document, "<script"));
    CHECK_FALSE(contains(document, "<img"));
    CHECK_FALSE(contains(document, "\" onload"));
    CHECK(contains(document, "&lt;script&gt;alert('x')&lt;/script&gt;"));
    CHECK(contains(document, "a&quot; onload=&quot;x"));
  }
}

TEST_CASE("a page has everything in itself and lets nothing else in") {
  const auto page = plot_html(cli_test::usual_lines());
  CHECK(contains(page, "default-src 'none'; style-src 'unsafe-inline'"));
  CHECK(contains(page, "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">"));
  CHECK(contains(page, "width=device-width, initial-scale=1"));
  CHECK(count(page, "http") == count(page, "http://www.w3.org/") + count(page, "http-equiv"));
  CHECK(count(page, "<script") == 0);
  CHECK(count(page, "url(") == 0);
  CHECK(count(page, "<h2") == 3);
}
