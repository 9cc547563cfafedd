#include "cli/output.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;  ///< a column is not squeezed below this
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view plain = "\x1b[0m";

std::string as_text(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_structured()) {
    const std::string_view separator = value.is_array() ? "," : "-";
    std::string text;
    for (const auto& item : value) {
      const auto part = as_text(item);
      if (!part.empty()) text += (text.empty() ? std::string_view() : separator), text += part;
    }
    return text;
  }
  return value.dump();
}

std::string human_text(const Field& field, const Json& value) {
  return field.human ? field.human(value) : as_text(value);
}

/// Where there is no terminal a value is as it is, unless it has parts with names: those only
/// people's text can tell apart.
std::string plain_text(const Field& field, const Json& value) {
  const bool has_names =
      value.is_object() || (value.is_array() && !value.empty() && value[0].is_object());
  return has_names ? human_text(field, value) : as_text(value);
}

std::string padded(const std::string& text, std::size_t width) {
  const auto used = base::cells(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

/// Widths that fit the line: the widest columns give first, then whole columns from the right.
std::vector<std::size_t> fitted(std::vector<std::size_t> widths, std::size_t line) {
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
  };
  while (widths.size() > 1 && total() > line) {
    // The first column names the row: it is never cut.
    const auto widest = std::max_element(widths.begin() + 1, widths.end());
    if (*widest > narrowest) {
      *widest -= std::min(*widest - narrowest, total() - line);
    } else {
      widths.pop_back();
    }
  }
  return widths;
}

void print_line(const Context& context, const std::vector<std::string>& cells,
                const std::vector<std::size_t>& widths, std::string_view style) {
  std::string line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const auto cell = base::elide(cells[i], std::max(widths[i], std::size_t{i == 0 ? 64U : 0U}));
    line += i + 1 < widths.size() ? padded(cell, widths[i] + gap) : cell;
  }
  const bool styled = context.colour() && !style.empty();
  context.terminal.out << (styled ? style : "") << line << (styled ? plain : "") << '\n';
}

void print_table_on_terminal(const Context& context, const Json& rows,
                             const std::vector<Field>& fields,
                             const std::function<bool(const Json&)>& emphasis) {
  std::vector<std::string> header;
  std::vector<std::size_t> widths;
  for (const auto& field : fields) {
    header.push_back(field.label);
    widths.push_back(base::cells(field.label));
  }
  std::vector<std::vector<std::string>> lines;
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      auto text = human_text(fields[i], row.at(fields[i].key));
      if (text.empty()) text = "-";
      widths[i] = std::max(widths[i], base::cells(text));
      cells.push_back(std::move(text));
    }
    lines.push_back(std::move(cells));
  }
  widths = fitted(widths, context.terminal.width);
  print_line(context, header, widths, dim);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    print_line(context, lines[i], widths, emphasis(rows[i]) ? bold : std::string_view());
  }
}

/// `word` as a shell takes it.
std::string quoted(const std::string& word) {
  const auto bare = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-_./:").find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(word, bare) ? word : "'" + word + "'";
}

}  // namespace

Json text_value(std::string_view text) { return base::clean(text); }

void print_json(const Context& context, const Json& document) {
  const int indent = context.options.json == JsonStyle::pretty ? 2 : -1;
  context.terminal.out << document.dump(indent, ' ', false, Json::error_handler_t::replace) << '\n';
}

void print_event(const Context& context, const Json& event) {
  context.terminal.out << event.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n'
                       << std::flush;
}

void print_table(const Context& context, const Json& rows, const std::vector<Field>& fields,
                 const std::function<bool(const Json&)>& emphasis) {
  if (context.terminal.out_is_tty) {
    print_table_on_terminal(context, rows, fields, emphasis);
    return;
  }
  for (const auto& row : rows) {
    std::string line;
    for (const auto& field : fields) {
      if (&field != &fields.front()) line += '\t';
      line += plain_text(field, row.at(field.key));
    }
    context.terminal.out << line << '\n';
  }
}

void print_record(const Context& context, const Json& object, const std::vector<Field>& fields) {
  std::size_t width = 0;
  for (const auto& field : fields) width = std::max(width, base::cells(field.label));
  for (const auto& field : fields) {
    const auto& value = object.at(field.key);
    if (!context.terminal.out_is_tty) {
      context.terminal.out << field.key << '\t' << plain_text(field, value) << '\n';
      continue;
    }
    auto text = human_text(field, value);
    if (text.empty()) text = "-";
    const bool colour = context.colour();
    context.terminal.out << (colour ? dim : "") << padded(field.label, width + gap)
                         << (colour ? plain : "") << text << '\n';
  }
}

std::vector<Field> choose(const std::vector<Field>& fields, const std::vector<std::string>& keys) {
  if (keys.empty()) return fields;
  std::vector<Field> chosen;
  for (const auto& key : keys) {
    const auto found = std::ranges::find(fields, key, &Field::key);
    if (found == fields.end()) {
      std::string all;
      for (const auto& field : fields) all += (all.empty() ? "" : ", ") + field.key;
      throw base::Error(base::ErrorKind::usage, "usage.column",
                        fmt::format("there is no column “{}”", base::clean(key, 80)))
          .hint("columns: " + all);
    }
    chosen.push_back(*found);
  }
  return chosen;
}

std::vector<std::string> keys(const std::vector<Field>& fields) {
  std::vector<std::string> all;
  for (const auto& field : fields) all.push_back(field.key);
  return all;
}

void say(const Context& context, std::string_view sentence) {
  if (!context.options.for_people()) return;
  context.terminal.out << sentence << '\n';
}

void suggest(const Context& context, std::string_view sentence) {
  if (!context.options.for_people()) return;
  context.terminal.err << "hint: " << sentence << '\n';
}

std::string command_line(const Context& context, const std::string& command) {
  const auto& card = context.options.choice.card;
  return "esimctl " + (card.empty() ? std::string() : "--card " + quoted(card) + " ") + command;
}

}  // namespace cli
