#include "sim/url.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "base/bytes.hpp"

namespace sim {
namespace {

std::optional<std::string> unescaped(std::string_view text, bool plus_is_blank) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      plain += ' ';
    } else if (text[i] != '%') {
      plain += text[i];
    } else {
      const auto octet = base::from_hex(text.substr(i + 1, 2));
      if (!octet || octet->size() != 1) return std::nullopt;
      plain += static_cast<char>(octet->front());
      i += 2;
    }
  }
  return plain;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<HttpFields> decode_form(std::string_view text) {
  HttpFields fields;
  for (const auto pair : split(text, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = unescaped(pair.substr(0, equals), true);
    const auto value =
        unescaped(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    fields.emplace_back(*name, *value);
  }
  return fields;
}

std::optional<std::string> field(const HttpFields& fields, std::string_view name) {
  const auto found =
      std::ranges::find_if(fields, [&](const auto& each) { return each.first == name; });
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view unreserved = "-._~";
  std::string result;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (std::isalnum(octet) != 0 || unreserved.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += "%" + base::to_hex(base::Bytes{octet});
    }
  }
  return result;
}

std::optional<std::vector<std::string>> match_path(std::string_view path,
                                                   std::string_view pattern) {
  const auto parts = split(path, '/');
  const auto wanted = split(pattern, '/');
  if (parts.size() != wanted.size()) return std::nullopt;
  std::vector<std::string> found;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = unescaped(parts[i], false);
    if (!part) return std::nullopt;
    if (wanted[i] == "{}" && !part->empty()) {
      found.push_back(*part);
    } else if (wanted[i] != *part) {
      return std::nullopt;
    }
  }
  return found;
}

}  // namespace sim
