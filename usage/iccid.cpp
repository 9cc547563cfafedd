#include "usage/iccid.hpp"

#include <cstddef>
#include <utility>

namespace usage {
namespace {

constexpr std::size_t shortest = 18;
constexpr std::size_t longest = 20;

std::string_view without_filling(std::string_view text) {
  while (text.ends_with('F') || text.ends_with('f')) text.remove_suffix(1);
  return text;
}

/// The last digit checks the others; false when one is none.
bool checks(std::string_view digits) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[digits.size() - 1 - i];
    if (c < '0' || c > '9') return false;
    const auto value = static_cast<unsigned>(c - '0') * (i % 2 == 0 ? 1U : 2U);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

}  // namespace

bool same_iccid(std::string_view left, std::string_view right) {
  left = without_filling(left);
  right = without_filling(right);
  if (left.size() > right.size()) std::swap(left, right);
  if (left.size() < shortest || !right.starts_with(left)) return false;
  return left.size() == right.size() || (left.size() + 1 == right.size() && checks(right));
}

bool whole_iccid(std::string_view text) {
  return text.size() >= shortest && text.size() <= longest && checks(text);
}

}  // namespace usage
