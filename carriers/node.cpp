#include "carriers/node.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace carriers {

using Json = nlohmann::ordered_json;

Node::Node(const Json& value, std::string source) : value_(&value), source_(std::move(source)) {}

void Node::wrong(const std::string& reason) const {
  throw base::Error(base::ErrorKind::usage, "carrier.file",
                    fmt::format("{}: {}: {}", source_,
                                place_.empty() ? "the whole" : base::clean(place_, 200), reason))
      .hint("`esimctl carrier check FILE` looks at it again");
}

std::optional<Node> Node::member(const std::string& name) {
  if (!value_->is_object()) wrong("is not an object");
  read_.insert(name);
  const auto found = value_->find(name);
  if (found == value_->end()) return std::nullopt;
  Node inner(*found, source_);
  inner.place_ = place_ + "/" + name;
  return inner;
}

Node Node::required(const std::string& name) {
  auto found = member(name);
  if (!found) wrong(fmt::format("“{}” is missing", name));
  return *std::move(found);
}

std::vector<std::pair<std::string, Node>> Node::members() {
  if (!value_->is_object()) wrong("is not an object");
  std::vector<std::pair<std::string, Node>> all;
  for (const auto& item : value_->items()) all.emplace_back(item.key(), required(item.key()));
  return all;
}

std::vector<Node> Node::elements() const {
  if (!value_->is_array()) wrong("is not an array");
  std::vector<Node> all;
  for (const auto& each : *value_) {
    Node inner(each, source_);
    inner.place_ = fmt::format("{}/{}", place_, all.size());
    all.push_back(std::move(inner));
  }
  return all;
}

std::string Node::text() const {
  if (!value_->is_string()) wrong("is not a text");
  auto text = value_->get<std::string>();
  if (base::clean(text, text.size()) != text)
    wrong("has control characters, or others that nobody sees");
  return text;
}

std::string Node::dumped() const { return nlohmann::json(*value_).dump(); }

std::uint64_t Node::number() const {
  if (!value_->is_number_unsigned()) wrong("is not a whole number from 0 on");
  return value_->get<std::uint64_t>();
}

bool Node::flag() const {
  if (!value_->is_boolean()) wrong("is neither true nor false");
  return value_->get<bool>();
}

bool Node::is_text() const { return value_->is_string(); }
bool Node::is_object() const { return value_->is_object(); }
bool Node::is_list() const { return value_->is_array(); }

void Node::done() const {
  for (const auto& item : value_->items()) {
    if (!read_.contains(item.key()))
      wrong(fmt::format("“{}” is not known here", base::clean(item.key(), 80)));
  }
}

}  // namespace carriers
