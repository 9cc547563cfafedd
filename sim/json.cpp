#include "sim/json.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace sim {

using Json = nlohmann::ordered_json;

JsonObject::JsonObject() : json_(std::make_unique<Json>(Json::object())) {}
JsonObject::~JsonObject() = default;
JsonObject::JsonObject(const JsonObject& other) : json_(std::make_unique<Json>(*other.json_)) {}
JsonObject& JsonObject::operator=(const JsonObject& other) {
  if (this != &other) json_ = std::make_unique<Json>(*other.json_);
  return *this;
}
JsonObject::JsonObject(JsonObject&& other) noexcept = default;
JsonObject& JsonObject::operator=(JsonObject&& other) noexcept = default;
JsonObject::JsonObject(Json json) : json_(std::make_unique<Json>(std::move(json))) {}

JsonObject JsonObject::parse(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw JsonFault("no JSON object");
  return JsonObject(std::move(json));
}

const Json* JsonObject::find(const std::string& key) const {
  const auto found = json_->find(key);
  return found == json_->end() ? nullptr : &*found;
}

std::vector<std::string> JsonObject::keys() const {
  std::vector<std::string> list;
  for (const auto& item : json_->items()) list.push_back(item.key());
  return list;
}

std::optional<std::string> JsonObject::text(const std::string& key) const {
  const auto* const member = find(key);
  if (member == nullptr) return std::nullopt;
  if (!member->is_string()) throw JsonFault(key + ": a text is expected");
  return member->get<std::string>();
}

std::optional<std::uint64_t> JsonObject::number(const std::string& key) const {
  const auto* const member = find(key);
  if (member == nullptr) return std::nullopt;
  if (!member->is_number_unsigned()) throw JsonFault(key + ": a number is expected");
  return member->get<std::uint64_t>();
}

std::optional<std::int64_t> JsonObject::signed_number(const std::string& key) const {
  const auto* const member = find(key);
  if (member == nullptr) return std::nullopt;
  if (!member->is_number_integer()) throw JsonFault(key + ": a whole number is expected");
  return member->get<std::int64_t>();
}

std::optional<bool> JsonObject::flag(const std::string& key) const {
  const auto* const member = find(key);
  if (member == nullptr) return std::nullopt;
  if (!member->is_boolean()) throw JsonFault(key + ": true or false is expected");
  return member->get<bool>();
}

std::optional<JsonObject> JsonObject::object(const std::string& key) const {
  const auto* const member = find(key);
  if (member == nullptr) return std::nullopt;
  if (!member->is_object()) throw JsonFault(key + ": an object is expected");
  return JsonObject(*member);
}

std::vector<JsonObject> JsonObject::objects(const std::string& key) const {
  std::vector<JsonObject> list;
  const auto* const member = find(key);
  if (member == nullptr) return list;
  if (!member->is_array()) throw JsonFault(key + ": a list is expected");
  for (const auto& one : *member) {
    if (!one.is_object()) throw JsonFault(key + ": a list of objects is expected");
    list.push_back(JsonObject(one));
  }
  return list;
}

std::vector<std::string> JsonObject::texts(const std::string& key) const {
  std::vector<std::string> list;
  const auto* const member = find(key);
  if (member == nullptr) return list;
  if (!member->is_array()) throw JsonFault(key + ": a list is expected");
  for (const auto& one : *member) {
    if (!one.is_string()) throw JsonFault(key + ": a list of texts is expected");
    list.push_back(one.get<std::string>());
  }
  return list;
}

JsonObject& JsonObject::set(const std::string& key, const std::string& value) {
  (*json_)[key] = value;
  return *this;
}

JsonObject& JsonObject::set(const std::string& key, std::uint64_t value) {
  (*json_)[key] = value;
  return *this;
}

JsonObject& JsonObject::set_signed(const std::string& key, std::int64_t value) {
  (*json_)[key] = value;
  return *this;
}

JsonObject& JsonObject::set_real(const std::string& key, double value) {
  (*json_)[key] = value;
  return *this;
}

JsonObject& JsonObject::set_null(const std::string& key) {
  (*json_)[key] = nullptr;
  return *this;
}

JsonObject& JsonObject::set_flag(const std::string& key, bool value) {
  (*json_)[key] = value;
  return *this;
}

JsonObject& JsonObject::set(const std::string& key, const JsonObject& value) {
  (*json_)[key] = *value.json_;
  return *this;
}

JsonObject& JsonObject::set(const std::string& key, const std::vector<JsonObject>& value) {
  auto list = Json::array();
  for (const auto& one : value) list.push_back(*one.json_);
  (*json_)[key] = std::move(list);
  return *this;
}

JsonObject& JsonObject::set(const std::string& key, const std::vector<std::string>& value) {
  (*json_)[key] = value;
  return *this;
}

// Text from outside may be no UTF-8 (RFC 8259 8.1): it is replaced, not refused.
std::string JsonObject::dump() const {
  return json_->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string JsonObject::dump_pretty() const {
  return json_->dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string JsonObject::dump_list(const std::vector<JsonObject>& list) {
  auto json = Json::array();
  for (const auto& one : list) json.push_back(*one.json_);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

Json other_type(const Json& value) {
  if (value.is_number()) return value.dump();
  return Json::array({value});
}

Json drifted(const Json& json, JsonDrift drift, const std::string& key,
             const std::string& becomes) {
  if (json.is_array()) {
    auto list = Json::array();
    for (const auto& one : json) list.push_back(drifted(one, drift, key, becomes));
    return list;
  }
  if (!json.is_object()) return json;
  auto object = Json::object();
  for (const auto& [name, value] : json.items()) {
    if (name != key) {
      object[name] = drifted(value, drift, key, becomes);
    } else if (drift == JsonDrift::rename) {
      object[becomes] = value;
    } else {
      object[name] = drift == JsonDrift::retype ? other_type(value) : Json(becomes);
    }
  }
  return object;
}

}  // namespace

std::string drifted(const std::string& document, JsonDrift drift, const std::string& key,
                    const std::string& becomes) {
  const auto json = Json::parse(document, nullptr, false);
  if (json.is_discarded()) return document;
  return drifted(json, drift, key, becomes).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sim
