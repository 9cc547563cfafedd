#include "carriers/pointer.hpp"

#include <charconv>
#include <cstddef>
#include <utility>

#include <nlohmann/json.hpp>

namespace carriers {
namespace {

using nlohmann::json;

constexpr std::size_t most_tokens = 16;
constexpr std::string_view every = "*";

/// A token with ~1 and ~0 as what they stand for.
std::optional<std::string> unescaped(std::string_view token) {
  std::string plain;
  for (std::size_t at = 0; at < token.size(); ++at) {
    if (token[at] != '~') {
      plain += token[at];
      continue;
    }
    ++at;
    if (at == token.size() || (token[at] != '0' && token[at] != '1')) return std::nullopt;
    plain += token[at] == '0' ? '~' : '/';
  }
  return plain;
}

/// The other way round.
std::string escaped(std::string_view token) {
  std::string made;
  for (const char c : token) made += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return made;
}

/// An index without leading zeros.
std::optional<std::size_t> index(std::string_view token) {
  std::size_t value = 0;
  const auto* const end = token.data() + token.size();
  const auto [stop, fault] = std::from_chars(token.data(), end, value);
  const bool padded = token.size() > 1 && token.front() == '0';
  if (fault != std::errc() || stop != end || padded) return std::nullopt;
  return value;
}

/// False when that place does not have the token.
bool step(const json& place, const std::string& token, std::vector<const json*>& found) {
  if (token == every) {
    if (!place.is_structured()) return false;
    for (const auto& each : place) found.push_back(&each);
    return true;
  }
  if (place.is_object()) {
    const auto member = place.find(token);
    if (member == place.end()) return false;
    found.push_back(&*member);
    return true;
  }
  const auto at = index(token);
  if (!place.is_array() || !at || *at >= place.size()) return false;
  found.push_back(&place[*at]);
  return true;
}

}  // namespace

std::optional<Pointer> Pointer::parse(std::string_view text) {
  Pointer made;
  made.text_ = text;
  while (!text.empty()) {
    if (text.front() != '/' || made.tokens_.size() == most_tokens) return std::nullopt;
    text.remove_prefix(1);
    const auto token = text.substr(0, text.find('/'));
    text.remove_prefix(token.size());
    auto plain = unescaped(token);
    if (!plain) return std::nullopt;
    made.tokens_.push_back(*std::move(plain));
  }
  return made;
}

Pointer::Found Pointer::find(const json& document) const {
  Found found{.places = {&document}, .dead_ends = 0};
  for (const auto& token : tokens_) {
    std::vector<const json*> next;
    for (const auto* place : found.places) {
      if (step(*place, token, next)) continue;
      // No document at all is no null that a provider wrote.
      ++(place->is_null() && place != &document ? found.nulls : found.dead_ends);
    }
    found.places = std::move(next);
  }
  return found;
}

std::pair<std::string, const json*> Pointer::reach(const json& document) const {
  std::vector<const json*> places{&document};
  std::string so_far;
  for (const auto& token : tokens_) {
    std::vector<const json*> next;
    for (const auto* place : places) {
      if (!step(*place, token, next)) return {so_far, place};
    }
    if (next.empty()) return {so_far, places.front()};
    so_far += "/" + escaped(token);
    places = std::move(next);
  }
  return {so_far, places.front()};
}

}  // namespace carriers
