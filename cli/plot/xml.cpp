#include "cli/plot/xml.hpp"

namespace cli::plot {
namespace {

/// `text` is clean (base::clean). XML 1.0 2.2 has no U+FFFE and no U+FFFF, which UTF-8 has.
std::string escaped(std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      made += "\xEF\xBF\xBD";
      i += 2;
      continue;
    }
    switch (text[i]) {
      case '&':
        made += "&amp;";
        break;
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '"':
        made += "&quot;";
        break;
      default:
        made += text[i];
    }
  }
  return made;
}

}  // namespace

void Xml::start(std::string_view name, Attributes attributes) {
  written_ += '<';
  written_ += name;
  for (const auto& [key, value] : attributes) {
    written_ += ' ';
    written_ += key;
    written_ += "=\"" + escaped(value) + '"';
  }
}

void Xml::open(std::string_view name, Attributes attributes) {
  start(name, attributes);
  written_ += ">\n";
  open_.emplace_back(name);
}

void Xml::close() {
  written_ += "</" + open_.back() + ">\n";
  open_.pop_back();
}

void Xml::empty(std::string_view name, Attributes attributes) {
  start(name, attributes);
  written_ += "/>\n";
}

void Xml::leaf(std::string_view name, std::string_view text, Attributes attributes) {
  start(name, attributes);
  written_ += '>' + escaped(text) + "</";
  written_ += name;
  written_ += ">\n";
}

void Xml::text(std::string_view text) { written_ += escaped(text); }

}  // namespace cli::plot
