#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace usage {

/// An exact amount in a currency, in one form: equal amounts are equal texts.
class Money {
 public:
  /// Of a text that read_decimal reads. Throws Error `usage.money` (usage) when it is none, or when
  /// `currency` is not three capital letters.
  static Money parse(std::string_view amount, std::string_view currency);

  /// `count` of the `scale`th decimal: 125000 at scale 4 is 12.50. Throws as parse does, and when
  /// `scale` is over 18.
  static Money scaled(std::int64_t count, unsigned scale, std::string_view currency);

  /// "-12.50": with the decimals of the currency, and more only for what is not zero.
  [[nodiscard]] const std::string& amount() const { return amount_; }

  /// Three letters (ISO 4217). That a currency of that code exists is not checked.
  [[nodiscard]] const std::string& currency() const { return currency_; }

  bool operator==(const Money&) const = default;

 private:
  Money(std::string amount, std::string currency);
  std::string amount_;
  std::string currency_;
};

}  // namespace usage
