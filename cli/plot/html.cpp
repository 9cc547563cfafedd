#include <algorithm>

#include <fmt/format.h>

#include "cli/plot/chart.hpp"
#include "cli/plot/plot.hpp"
#include "cli/plot/scale.hpp"
#include "cli/plot/style.hpp"
#include "cli/plot/words.hpp"

namespace cli::plot {
namespace {

constexpr double wide = 640;
constexpr double narrow = 340;
constexpr std::size_t most_days = 62;  ///< that are shown in numbers

std::string count(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

/// The page's picture of a line for screens of one width; the style shows one of them.
void add_picture(Xml& xml, const Line& line, const Series& drawn, std::string_view name,
                 double width, std::string_view id) {
  const auto title = fmt::format("{}-{}-title", id, name);
  const auto about = fmt::format("{}-{}-about", id, name);
  xml.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"class", std::string(name)},
                   {"viewBox", fmt::format("0 0 {:.0f} {:.0f}", width, chart_height(drawn, width))},
                   {"role", "img"},
                   {"aria-labelledby", title + " " + about}});
  xml.leaf("title", "Data use of " + title_of(line), {{"id", title}});
  xml.leaf("desc", description(line), {{"id", about}});
  draw_chart(xml, drawn, width);
  xml.close();
}

void add_figures(Xml& xml, const Line& line) {
  const auto all = figures(line);
  if (all.empty()) return;
  xml.open("table", {{"class", "figures"}});
  xml.open("tbody");
  for (const auto& [label, value] : all) {
    xml.open("tr");
    xml.leaf("th", label, {{"scope", "row"}});
    xml.leaf("td", value);
    xml.close();
  }
  xml.close();
  xml.close();
}

/// What the bars show, in numbers.
void add_days(Xml& xml, const Series& drawn) {
  const auto shown = std::min(drawn.bars.size(), most_days);
  xml.open("details");
  xml.leaf("summary", "Day by day");
  xml.open("table", {{"class", "days"}});
  if (shown < drawn.bars.size()) {
    xml.leaf("caption", fmt::format("The last {} of {} days", shown, drawn.bars.size()));
  }
  xml.open("thead");
  xml.open("tr");
  for (const auto* const head : {"day", "used", "total"}) xml.leaf("th", head, {{"scope", "col"}});
  xml.close();
  xml.close();
  xml.open("tbody");
  for (const auto& bar : std::span(drawn.bars).last(shown)) {
    xml.open("tr");
    xml.leaf("th", full_day_text(bar.day), {{"scope", "row"}});
    xml.leaf("td", size_text(bar.used) + (bar.estimated ? " (estimated)" : ""));
    xml.leaf("td", size_text(bar.total()));
    xml.close();
  }
  xml.close();
  xml.close();
  xml.close();
}

void add_line(Xml& xml, const Line& line, const std::string& id) {
  xml.open("section", {{"id", id}, {"aria-labelledby", id + "-name"}});
  xml.leaf("h2", title_of(line), {{"id", id + "-name"}});
  const auto account = account_of(line);
  if (!account.empty()) xml.leaf("p", account, {{"class", "quiet"}});
  const auto alarms = alarms_of(line);
  if (!alarms.empty()) {
    xml.open("ul", {{"class", "alarms"}, {"aria-label", "Alarms"}});
    for (const auto& each : alarms) xml.leaf("li", each);
    xml.close();
  }
  xml.open("div", {{"class", "both"}});
  const auto drawn = series(line);
  if (drawn) {
    xml.open("figure");
    add_picture(xml, line, *drawn, "wide", wide, id);
    add_picture(xml, line, *drawn, "narrow", narrow, id);
    xml.close();
  } else {
    xml.leaf("p", nothing_known, {{"class", "quiet"}});
  }
  xml.open("div");
  add_figures(xml, line);
  if (drawn) add_days(xml, *drawn);
  xml.close();
  xml.close();
  xml.close();
}

void add_head(Xml& xml) {
  xml.open("head");
  xml.empty("meta", {{"charset", "utf-8"}});
  xml.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                     {"content",
                      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                      "form-action 'none'"}});
  xml.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  xml.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  xml.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  xml.leaf("title", "Data use");
  xml.open("style");
  xml.raw(chart_style);
  xml.raw(page_style);
  xml.close();
  xml.close();
}

}  // namespace

std::string plot_html(std::span<const Line> lines) {
  const auto id = [](std::size_t index) { return fmt::format("line-{}", index + 1); };
  Xml xml;
  xml.raw("<!DOCTYPE html>\n");
  xml.open("html", {{"xmlns", "http://www.w3.org/1999/xhtml"}, {"lang", "en"}});
  add_head(xml);
  xml.open("body");
  xml.open("header");
  xml.leaf("h1", "Data use");
  std::size_t alarms = 0;
  for (const auto& line : lines) alarms += alarms_of(line).size();
  xml.leaf(
      "p",
      count(lines.size(), "line") + ", " + (alarms == 0 ? "no alarms" : count(alarms, "alarm")),
      {{"class", "quiet"}});
  if (lines.size() > 1) {
    xml.open("nav", {{"aria-label", "Lines"}});
    xml.open("ul");
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto own = alarms_of(lines[i]).size();
      xml.open("li");
      xml.leaf("a", title_of(lines[i]) + (own == 0 ? "" : " (" + count(own, "alarm") + ")"),
               {{"href", "#" + id(i)}});
      xml.close();
    }
    xml.close();
    xml.close();
  }
  xml.close();
  xml.open("main");
  for (std::size_t i = 0; i < lines.size(); ++i) add_line(xml, lines[i], id(i));
  xml.close();
  xml.open("footer");
  xml.leaf("p", "Drawn by esimctl. Days are those of each plan.");
  xml.close();
  xml.close();
  xml.close();
  return xml.take();
}

}  // namespace cli::plot
