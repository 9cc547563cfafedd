#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <utf8proc.h>

namespace base {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct CodePoint {
  std::int32_t value;  ///< negative: the octets here are not UTF-8
  std::size_t bytes;
};

CodePoint first_code_point(std::string_view text) {
  std::int32_t value = 0;
  const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &value);
  if (used <= 0) return {-1, 1};
  return {value, static_cast<std::size_t>(used)};
}

bool hidden(std::int32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) ||                           // C0, DEL, C1
         c == 0x061C || c == 0x200E || c == 0x200F ||                     // bidirectional marks
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||  // line breaks, overrides
         c == 0xFEFF;
}

struct Grapheme {
  std::string_view text;
  std::size_t cells;
};

bool regional_indicator(std::int32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }

std::vector<Grapheme> graphemes(std::string_view text) {
  std::vector<Grapheme> found;
  std::int32_t state = 0;
  std::int32_t previous = 0;
  std::size_t start = 0;
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = first_code_point(text.substr(at));
    const auto value = c.value < 0 ? 0xFFFD : c.value;
    if (at > 0 && utf8proc_grapheme_break_stateful(previous, value, &state)) {
      found.push_back({text.substr(start, at - start), width});
      start = at;
      width = 0;
    }
    const auto own = regional_indicator(value) ? 2 : utf8proc_charwidth(value);
    width = std::max(width, static_cast<std::size_t>(std::max(own, 0)));
    previous = value;
    at += c.bytes;
  }
  if (start < text.size()) found.push_back({text.substr(start), width});
  return found;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchange = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + exchange});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string clean(std::string_view text, std::size_t max_bytes) {
  std::string result;
  while (!text.empty()) {
    const auto c = first_code_point(text);
    const auto shown = c.value < 0 ? replacement : text.substr(0, c.bytes);
    text.remove_prefix(c.bytes);
    if (c.value >= 0 && hidden(c.value)) continue;
    if (result.size() + shown.size() > max_bytes) break;
    result += shown;
  }
  return result;
}

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto c = first_code_point(text);
    if (c.value < 0) return false;
    text.remove_prefix(c.bytes);
  }
  return true;
}

std::size_t cells(std::string_view text) {
  std::size_t sum = 0;
  for (const auto& grapheme : graphemes(text)) sum += grapheme.cells;
  return sum;
}

std::string elide(std::string_view text, std::size_t width) {
  const auto parts = graphemes(text);
  std::string result;
  std::size_t used = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (used + parts[i].cells + (last ? 0 : 1) > width) {
      // What is left may still fit without the mark.
      std::size_t rest = 0;
      for (std::size_t j = i; j < parts.size(); ++j) rest += parts[j].cells;
      if (used + rest <= width) return std::string(text);
      return width == 0 ? std::string() : result + "…";
    }
    result += parts[i].text;
    used += parts[i].cells;
  }
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string_view best;
  std::size_t least = 3;
  for (const auto& candidate : candidates) {
    const auto far = distance(word, candidate);
    if (far < least && far < candidate.size()) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

}  // namespace base
