#include "cli/words.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"

namespace cli {
namespace {

/// Reads a line from left to right.
class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  std::vector<std::string> run() {
    std::vector<std::string> words;
    for (skip_blanks(); !at_end() && line_[at_] != '#'; skip_blanks()) words.push_back(word());
    return words;
  }

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
      if (c == '\'') {
        word += quoted('\'');
      } else if (c == '"') {
        word += quoted('"');
      } else {
        word += c == '\\' ? escaped() : c;
      }
    }
    return word;
  }

  char escaped() {
    if (at_end()) throw never_ends(at_);
    return line_[at_++];
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
    throw never_ends(start);
  }

  static base::Error never_ends(std::size_t column) {
    return {base::ErrorKind::usage, "usage.quoting",
            fmt::format("column {}: a quote that begins here never ends", column)};
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> split_words(std::string_view line) { return Splitter(line).run(); }

}  // namespace cli
