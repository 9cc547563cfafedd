#include "usage/decimal.hpp"

#include <algorithm>
#include <cstddef>

namespace usage {
namespace {

constexpr std::size_t longest = 64;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The digits of "1,657"; empty when a comma is anywhere but between groups of three.
std::string without_commas(std::string_view text) {
  auto comma = text.find(',');
  if (comma == std::string_view::npos) return std::string(text);
  if (comma == 0 || comma > 3) return {};
  std::string digits(text.substr(0, comma));
  while (comma < text.size()) {
    const auto group = text.substr(comma, 4);
    if (group.size() != 4 || group.front() != ',') return {};
    digits += group.substr(1);
    comma += 4;
  }
  return digits;
}

}  // namespace

std::optional<Decimal> read_decimal(std::string_view text) {
  if (text.size() > longest) return std::nullopt;
  Decimal decimal;
  if (text.starts_with('-')) {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  const auto point = text.find('.');
  if (point != std::string_view::npos) {
    decimal.fraction = text.substr(point + 1);
    if (!all_digits(decimal.fraction)) return std::nullopt;
  }
  decimal.whole = without_commas(text.substr(0, point));
  if (!all_digits(decimal.whole)) return std::nullopt;
  decimal.whole.erase(0, std::min(decimal.whole.find_first_not_of('0'), decimal.whole.size() - 1));
  return decimal;
}

}  // namespace usage
