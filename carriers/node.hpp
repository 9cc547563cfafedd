#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace carriers {

/// A place in a file that is read, which knows where it is, and which of its members were read.
/// Borrows the document.
class Node {
 public:
  Node(const nlohmann::ordered_json& value, std::string source);

  /// The member of that name, or none.
  std::optional<Node> member(const std::string& name);
  Node required(const std::string& name);

  /// All members, in the order in which they are written.
  std::vector<std::pair<std::string, Node>> members();
  [[nodiscard]] std::vector<Node> elements() const;

  /// Refuses one with characters that a terminal must not get (base::clean).
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::uint64_t number() const;
  [[nodiscard]] bool flag() const;
  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] const nlohmann::ordered_json& json() const { return *value_; }

  /// The value as JSON text, the members of objects by name: as an answer has it that is the same.
  [[nodiscard]] std::string dumped() const;

  /// Refuses what was not read.
  void done() const;

  /// Throws Error `carrier.file` (usage) with the source, the place and the reason.
  [[noreturn]] void wrong(const std::string& reason) const;

 private:
  const nlohmann::ordered_json* value_;
  std::string source_;
  std::string place_;
  std::set<std::string, std::less<>> read_;
};

}  // namespace carriers
