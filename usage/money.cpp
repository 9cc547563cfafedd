#include "usage/money.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "usage/decimal.hpp"

namespace usage {
namespace {

/// ISO 4217, list one: those that have other than two decimals.
constexpr std::array<std::string_view, 17> without_decimals{
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
    "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> with_three{"BHD", "IQD", "JOD", "KWD",
                                                     "LYD", "OMR", "TND"};
constexpr std::array<std::string_view, 2> with_four{"CLF", "UYW"};

constexpr unsigned largest_scale = 18;

std::size_t decimals_of(std::string_view currency) {
  const auto is = [&](std::string_view code) { return code == currency; };
  if (std::ranges::any_of(without_decimals, is)) return 0;
  if (std::ranges::any_of(with_three, is)) return 3;
  if (std::ranges::any_of(with_four, is)) return 4;
  return 2;
}

base::Error error(const std::string& why) {
  return {base::ErrorKind::usage, "usage.money", "the amount of money cannot be taken: " + why};
}

bool all_zero(std::string_view digits) {
  return digits.find_first_not_of('0') == std::string_view::npos;
}

std::string normal(Decimal decimal, std::size_t decimals) {
  auto& fraction = decimal.fraction;
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (fraction.size() < decimals) fraction.resize(decimals, '0');
  const bool negative = decimal.negative && !(all_zero(decimal.whole) && all_zero(fraction));
  return (negative ? "-" : "") + decimal.whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace

Money::Money(std::string amount, std::string currency)
    : amount_(std::move(amount)), currency_(std::move(currency)) {}

Money Money::parse(std::string_view amount, std::string_view currency) {
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (currency.size() != 3 || !std::ranges::all_of(currency, capital))
    throw error("'" + base::clean(currency, 64) + "' is no code of a currency");
  auto decimal = read_decimal(amount);
  if (!decimal) throw error("'" + base::clean(amount, 64) + "' is no number");
  return {normal(*std::move(decimal), decimals_of(currency)), std::string(currency)};
}

Money Money::scaled(std::int64_t count, unsigned scale, std::string_view currency) {
  if (scale > largest_scale) throw error(std::to_string(scale) + " decimals are more than 18");
  auto text = std::to_string(count);
  const std::size_t sign = count < 0 ? 1 : 0;
  const auto digits = text.size() - sign;
  if (digits <= scale) text.insert(sign, scale + 1 - digits, '0');
  if (scale > 0) text.insert(text.size() - scale, ".");
  return parse(text, currency);
}

}  // namespace usage
