#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli::plot {

/// Writes elements one after another, well-formed and with everything from outside escaped.
class Xml {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

  void open(std::string_view name, Attributes attributes = {});
  void close();

  /// An element without content: of SVG, or one of HTML that never has any.
  void empty(std::string_view name, Attributes attributes = {});

  /// An element that has `text` alone.
  void leaf(std::string_view name, std::string_view text, Attributes attributes = {});

  void text(std::string_view text);

  /// `markup` as it is, of our own.
  void raw(std::string_view markup) { written_ += markup; }

  /// All of it. Every element has to be closed by now.
  [[nodiscard]] std::string take() { return std::move(written_); }

 private:
  void start(std::string_view name, Attributes attributes);

  std::string written_;
  std::vector<std::string> open_;
};

}  // namespace cli::plot
