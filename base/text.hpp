#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// The value of a hexadecimal digit of either case.
constexpr std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

/// Makes text from outside fit to be shown: valid UTF-8 (bad sequences become U+FFFD), without
/// control characters and bidirectional overrides, at most `max_bytes` long and cut between
/// characters.
std::string clean(std::string_view text, std::size_t max_bytes = 256);

/// True when `text` is UTF-8 throughout.
bool valid_utf8(std::string_view text);

/// Terminal cells that `text` (clean UTF-8) takes: grapheme by grapheme, as the widest code point
/// of each.
std::size_t cells(std::string_view text);

/// `text` cut to at most `width` cells between graphemes, with `…` where something was left out.
std::string elide(std::string_view text, std::size_t width);

/// ASCII letters in lower case; everything else as it is.
std::string lower(std::string_view text);

/// The candidate nearest to `word` by at most two insertions, deletions, exchanges or swaps; empty
/// when none is that near.
std::string_view nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace base
