#include "carriers/masked.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "base/text.hpp"

namespace carriers {
namespace {

using namespace std::string_view_literals;

bool digit(char c) { return c >= '0' && c <= '9'; }

bool has_mask(std::string_view text) {
  constexpr std::array signs{"*"sv, "•"sv, "●"sv, "…"sv, "..."sv, "xxx"sv};
  const auto lower = base::lower(text);
  return std::ranges::any_of(
      signs, [&](std::string_view sign) { return lower.find(sign) != std::string::npos; });
}

/// The first character of a text in UTF-8, whole.
std::string_view first_character(std::string_view text) {
  std::size_t size = text.empty() ? 0 : 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) ++size;
  return text.substr(0, size);
}

std::string masked_address(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at).find_last_of(" <(\"':;,");
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  std::string made(text.substr(0, begin));
  made += first_character(text.substr(begin, at - begin));
  made += "•••";
  made += text.substr(at);
  return made;
}

std::string masked_number(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), digit);
  constexpr std::size_t whole_number = 8;  // a number of fewer digits shows two
  const std::size_t shown = digits.size() >= whole_number ? 4 : 2;
  const bool international = text.starts_with('+') && digits.size() > whole_number;
  return (international ? "+" + digits.substr(0, 1) : std::string()) + "•••••" +
         digits.substr(digits.size() - shown);
}

}  // namespace

std::string masked(std::string_view target) {
  constexpr std::ptrdiff_t fewest_digits = 5;
  if (has_mask(target)) return std::string(target);
  if (const auto at = target.find('@'); at != std::string_view::npos)
    return masked_address(target, at);
  if (std::ranges::count_if(target, digit) >= fewest_digits) return masked_number(target);
  return std::string(target);
}

}  // namespace carriers
