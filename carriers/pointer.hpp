#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
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
  };
  [[nodiscard]] Found find(const nlohmann::json& document) const;

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::string> tokens_;
};

}  // namespace carriers
