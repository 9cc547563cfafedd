#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"

namespace carriers {

/// Values by name; all are handled as if they were secret.
using Variables = std::map<std::string, base::Secret, std::less<>>;

/// Where names are looked up: in one set of values after another, the latest first. Borrows them.
class Scope {
 public:
  Scope() = default;
  /// `last` is called for the set in which names are looked up that no other one has.
  explicit Scope(std::function<const Variables&()> last) : last_(std::move(last)) {}
  [[nodiscard]] Scope with(const Variables& values) const;

  /// Null when there is none of that name.
  [[nodiscard]] const base::Secret* find(std::string_view name) const;

 private:
  std::function<const Variables&()> last_;
  std::vector<const Variables*> layers_;
};

/// What is done with a value on its way into a text.
enum class Transform : std::uint8_t { none, sha1_hex, base64 };

/// How values have to be written in the text.
enum class Encoding : std::uint8_t {
  plain,
  url  ///< percent-encoded; the text itself is taken as it is
};

/// Adds a text that is percent-encoded but for unreserved characters (RFC 3986 2.3).
void append_url_encoded(std::string& out, std::string_view text);

/// A text with values in it: `${name}`, `${sha1hex(name)}`, `${base64(name)}`. A name with `?`
/// may be missing: `${otp?}`.
class Template {
 public:
  /// Empty when braces, a name or a transform are wrong.
  static std::optional<Template> parse(std::string_view text);

  /// Empty when a value that may be missing is. Throws Error `carrier.no-value` (failure) for a
  /// missing value that may not be.
  [[nodiscard]] std::optional<base::Secret> fill(const Scope& scope,
                                                 Encoding encoding = Encoding::plain) const;

  /// Every name in it, those that may be missing among them.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Those alone that may not be missing.
  [[nodiscard]] std::vector<std::string> required_names() const;

  /// What stands before the first value.
  [[nodiscard]] const std::string& beginning() const { return beginning_; }

  /// The same with another beginning.
  [[nodiscard]] Template beginning_with(std::string text) const;

 private:
  struct Value {
    std::string name;
    Transform transform = Transform::none;
    bool may_be_missing = false;
    std::string after;  ///< the text up to the next value
  };
  static std::optional<Value> value_of(std::string_view inside);

  std::string beginning_;
  std::vector<Value> values_;
};

}  // namespace carriers
