#include "carriers/text_template.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/base64.hpp"
#include "base/bytes.hpp"
#include "base/error.hpp"

namespace carriers {
namespace {

constexpr std::string_view open = "${";

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

base::ByteView octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw base::Error(base::ErrorKind::failure, "carrier.digest", "OpenSSL has no SHA-1 here");
  }
  auto hex = base::to_hex(base::ByteView(digest.data(), size));
  std::ranges::transform(hex, hex.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return hex;
}

}  // namespace

void append_url_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view unreserved = "-._~";
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9') || unreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

Scope Scope::with(const Variables& values) const {
  Scope wider = *this;
  wider.layers_.push_back(&values);
  return wider;
}

const base::Secret* Scope::find(std::string_view name) const {
  for (const auto* layer : std::views::reverse(layers_)) {
    const auto found = layer->find(name);
    if (found != layer->end()) return &found->second;
  }
  if (!last_) return nullptr;
  const auto& last = last_();
  const auto found = last.find(name);
  return found == last.end() ? nullptr : &found->second;
}

std::optional<Template::Value> Template::value_of(std::string_view inside) {
  Value value;
  if (inside.ends_with(')')) {
    const auto bracket = inside.find('(');
    const auto function = inside.substr(0, bracket);
    if (bracket == std::string_view::npos) return std::nullopt;
    if (function == "sha1hex") {
      value.transform = Transform::sha1_hex;
    } else if (function == "base64") {
      value.transform = Transform::base64;
    } else {
      return std::nullopt;
    }
    inside = inside.substr(bracket + 1, inside.size() - bracket - 2);
  }
  if (inside.ends_with('?')) {
    value.may_be_missing = true;
    inside.remove_suffix(1);
  }
  if (inside.empty() || !std::ranges::all_of(inside, in_name)) return std::nullopt;
  value.name = inside;
  return value;
}

std::optional<Template> Template::parse(std::string_view text) {
  Template made;
  auto at = text.find(open);
  made.beginning_ = text.substr(0, at);
  while (at != std::string_view::npos) {
    const auto close = text.find('}', at);
    if (close == std::string_view::npos) return std::nullopt;
    auto value = value_of(text.substr(at + open.size(), close - at - open.size()));
    if (!value) return std::nullopt;
    const auto next = text.find(open, close);
    value->after = text.substr(close + 1, next == std::string_view::npos ? next : next - close - 1);
    made.values_.push_back(*std::move(value));
    at = next;
  }
  return made;
}

std::optional<base::Secret> Template::fill(const Scope& scope, Encoding encoding) const {
  // Into one buffer that is long enough, so that no part of a secret stays behind in a smaller one.
  std::size_t length = beginning_.size();
  for (const auto& each : values_) {
    const auto* value = scope.find(each.name);
    if (value == nullptr && each.may_be_missing) return std::nullopt;
    if (value == nullptr) {
      throw base::Error(base::ErrorKind::failure, "carrier.no-value",
                        fmt::format("the value “{}” is not there", each.name));
    }
    constexpr std::size_t longest_growth = 3;  // an octet as %XX
    constexpr std::size_t longest_digest = 40;
    length += each.after.size() + longest_growth * value->reveal().size() + longest_digest;
  }
  std::string text;
  text.reserve(length);
  text += beginning_;
  for (const auto& each : values_) {
    const auto value = scope.find(each.name)->reveal();
    const base::Secret made(each.transform == Transform::sha1_hex ? sha1_hex(value)
                            : each.transform == Transform::base64
                                ? base::to_base64(octets_of(value))
                                : std::string(value));
    if (encoding == Encoding::url) {
      append_url_encoded(text, made.reveal());
    } else {
      text += made.reveal();
    }
    text += each.after;
  }
  return base::Secret(std::move(text));
}

Template Template::beginning_with(std::string text) const {
  Template made = *this;
  made.beginning_ = std::move(text);
  return made;
}

std::vector<std::string> Template::names() const {
  std::vector<std::string> all;
  for (const auto& each : values_) all.push_back(each.name);
  return all;
}

std::vector<std::string> Template::required_names() const {
  std::vector<std::string> all;
  for (const auto& each : values_) {
    if (!each.may_be_missing) all.push_back(each.name);
  }
  return all;
}

}  // namespace carriers
