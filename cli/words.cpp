#include "cli/words.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cli {
namespace {

/// Reads a line from left to right.
class Splitter {
 public:
  Splitter(std::string_view line, bool finished) : line_(line), finished_(finished) {}

  std::vector<std::string> run() {
    std::vector<std::string> words;
    bool in_word = false;
    for (skip_blanks(); !at_end() && line_[at_] != '#'; skip_blanks()) {
      words.push_back(word());
      in_word = at_end();
    }
    if (!finished_ && !in_word) words.emplace_back();
    return words;
  }

  /// The quote that the end of the line left open.
  [[nodiscard]] char open_quote() const { return open_quote_; }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= line_.size(); }
  [[nodiscard]] bool at_blank() const { return line_[at_] == ' ' || line_[at_] == '\t'; }

  void skip_blanks() {
    while (!at_end() && at_blank()) ++at_;
  }

  std::string word() {
    std::string word;
    while (!at_end() && !at_blank()) {
      const char c = line_[at_++];
      if (c == '\'' || c == '"') {
        word += quoted(c);
      } else {
        word += c == '\\' ? escaped() : std::string(1, c);
      }
    }
    return word;
  }

  std::string escaped() {
    if (at_end()) return unended(at_, "");
    return {line_[at_++]};
  }

  std::string quoted(char quote) {
    const auto start = at_;
    std::string text;
    while (!at_end()) {
      const char c = line_[at_++];
      if (c == quote) return text;
      const bool escapes = quote == '"' && c == '\\' && !at_end() &&
                           std::string_view("\"\\$`").find(line_[at_]) != std::string_view::npos;
      text += escapes ? line_[at_++] : c;
    }
    open_quote_ = quote;
    return unended(start, text);
  }

  /// What a quote has until the end of the line, if that is not the end of it.
  [[nodiscard]] std::string unended(std::size_t column, const std::string& text) const {
    if (!finished_) return text;
    throw base::Error(base::ErrorKind::usage, "usage.quoting",
                      fmt::format("column {}: a quote that begins here never ends", column));
  }

  std::string_view line_;
  bool finished_;
  char open_quote_ = '\0';
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> split_words(std::string_view line) { return Splitter(line, true).run(); }

UnfinishedLine split_unfinished(std::string_view line) {
  Splitter splitter(line, false);
  auto words = splitter.run();
  return {std::move(words), splitter.open_quote()};
}

std::string shell_quoted(std::string_view text, char quote) {
  std::string written;
  for (const char c : text) {
    if (quote == '\'') {
      written += c == '\'' ? std::string("'\\''") : std::string(1, c);
    } else if (quote == '"' && c == '!') {
      written += "\"'!'\"";  // a backslash before it would stay
    } else if (quote == '"') {
      if (std::string_view("\"\\$`").find(c) != std::string_view::npos) written += '\\';
      written += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      const bool plain = octet >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z') ||
                         std::string_view("-_.,:=/@%+").find(c) != std::string_view::npos;
      if (!plain) written += '\\';
      written += c;
    }
  }
  if (quote != '\0' && written.ends_with(quote)) written += quote;
  return written;
}

}  // namespace cli
