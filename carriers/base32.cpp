#include "carriers/base32.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace carriers {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr unsigned bits_in_character = 5;
constexpr unsigned bits_in_octet = 8;

std::optional<std::uint32_t> value_of(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
  if (c >= '2' && c <= '7') return static_cast<std::uint32_t>(c - '2' + 26);
  return std::nullopt;
}

bool is_filler(char c) { return c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::optional<base::Secret> from_base32(std::string_view text) {
  std::string octets;
  octets.reserve(text.size());  // a string that grows would leave copies behind
  std::uint32_t bits = 0;
  unsigned waiting = 0;
  bool ended = false;
  bool wrong = false;
  for (const char each : text) {
    if (is_filler(each)) continue;
    if (each == '=') {
      ended = true;
      continue;
    }
    const auto value = value_of(each);
    wrong = wrong || !value || ended;
    if (wrong) break;
    bits = bits << bits_in_character | *value;
    waiting += bits_in_character;
    if (waiting < bits_in_octet) continue;
    waiting -= bits_in_octet;
    octets.push_back(static_cast<char>(static_cast<unsigned char>(bits >> waiting)));
  }
  wrong = wrong || waiting >= bits_in_character;
  base::Secret secret(std::move(octets));  // wiped, if it is not to be used
  if (wrong) return std::nullopt;
  return secret;
}

base::Secret to_base32(std::string_view octets) {
  std::string text;
  text.reserve((octets.size() * bits_in_octet + bits_in_character - 1) / bits_in_character);
  constexpr std::uint32_t mask = 31;
  std::uint32_t bits = 0;
  unsigned waiting = 0;
  for (const char each : octets) {
    bits = bits << bits_in_octet | static_cast<unsigned char>(each);
    waiting += bits_in_octet;
    while (waiting >= bits_in_character) {
      waiting -= bits_in_character;
      text.push_back(alphabet[bits >> waiting & mask]);
    }
  }
  if (waiting > 0) text.push_back(alphabet[bits << (bits_in_character - waiting) & mask]);
  return base::Secret(std::move(text));
}

}  // namespace carriers
