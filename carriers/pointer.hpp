#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace carriers {

/// A JSON Pointer (RFC 6901) in which the token `*` stands for every element of an array and every
/// member of an object.
class Pointer {
 public:
  /// Empty for what is none, and for more than 16 tokens.
  static std::optional<Pointer> parse(std::string_view text);

  /// The places that it names, in their order; they live as long as the document.
  struct Found {
    std::vector<const nlohmann::json*> places;
    std::size_t dead_ends = 0;  ///< elements and members that do not have the next token
    std::size_t nulls = 0;      ///< nulls inside the document, which do not have it either
  };
  [[nodiscard]] Found find(const nlohmann::json& document) const;

  /// How far the document goes along with it: the tokens so far, and what is there. Of several
  /// elements and members, the first that ends early counts.
  [[nodiscard]] std::pair<std::string, const nlohmann::json*> reach(
      const nlohmann::json& document) const;

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::string> tokens_;
};

}  // namespace carriers
