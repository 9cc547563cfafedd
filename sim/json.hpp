#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace sim {

/// JSON that is not what the reader expects; `what()` names the key.
class JsonFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A JSON object (RFC 8259) whose members keep their order. A member that is missing is empty; one
/// of another type throws JsonFault.
class JsonObject {
 public:
  JsonObject();
  ~JsonObject();
  JsonObject(const JsonObject& other);
  JsonObject& operator=(const JsonObject& other);
  JsonObject(JsonObject&& other) noexcept;
  JsonObject& operator=(JsonObject&& other) noexcept;

  /// Throws JsonFault for what is no object.
  static JsonObject parse(std::string_view text);

  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] std::optional<std::string> text(const std::string& key) const;
  [[nodiscard]] std::optional<std::uint64_t> number(const std::string& key) const;
  [[nodiscard]] std::optional<std::int64_t> signed_number(const std::string& key) const;
  [[nodiscard]] std::optional<bool> flag(const std::string& key) const;
  [[nodiscard]] std::optional<JsonObject> object(const std::string& key) const;
  [[nodiscard]] std::vector<JsonObject> objects(const std::string& key) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& key) const;

  JsonObject& set(const std::string& key, const std::string& value);
  JsonObject& set(const std::string& key, std::uint64_t value);
  JsonObject& set_signed(const std::string& key, std::int64_t value);
  JsonObject& set_real(const std::string& key, double value);
  JsonObject& set_flag(const std::string& key, bool value);
  JsonObject& set_null(const std::string& key);
  JsonObject& set(const std::string& key, const JsonObject& value);
  JsonObject& set(const std::string& key, const std::vector<JsonObject>& value);
  JsonObject& set(const std::string& key, const std::vector<std::string>& value);

  [[nodiscard]] std::string dump() const;         ///< in one line
  [[nodiscard]] std::string dump_pretty() const;  ///< in lines, with an end of line

  /// An array of objects, in one line.
  static std::string dump_list(const std::vector<JsonObject>& list);

 private:
  explicit JsonObject(nlohmann::ordered_json json);
  [[nodiscard]] const nlohmann::ordered_json* find(const std::string& key) const;

  std::unique_ptr<nlohmann::ordered_json> json_;
};

/// What happens to a member of a document whose maker changes his mind.
enum class JsonDrift : std::uint8_t { rename, retype, replace };

/// `document` with each member `key`, however deep, renamed to `becomes`, of another type (a number
/// becomes text, anything else a list with it), or replaced by the text `becomes`. What is no JSON
/// stays as it is.
std::string drifted(const std::string& document, JsonDrift drift, const std::string& key,
                    const std::string& becomes);

}  // namespace sim
