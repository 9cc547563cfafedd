#include "usage/money.hpp"

#include <cstdint>
#include <string>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/error.hpp"
#include "tests/support/errors.hpp"

using usage::Money;

namespace {

std::string parsed(const char* amount, const char* currency) {
  return Money::parse(amount, currency).amount();
}

std::string scaled(std::int64_t count, unsigned scale, const char* currency) {
  return Money::scaled(count, scale, currency).amount();
}

}  // namespace

TEST_CASE("an amount has the decimals of its currency") {
  CHECK(parsed("12.5", "USD") == "12.50");
  CHECK(parsed("12", "EUR") == "12.00");
  CHECK(parsed("1200", "JPY") == "1200");
  CHECK(parsed("1200.00", "JPY") == "1200");
  CHECK(parsed("1.5", "KWD") == "1.500");
  CHECK(parsed("1.5", "CLF") == "1.5000");
  CHECK(Money::parse("12.5", "USD").currency() == "USD");
}

TEST_CASE("equal amounts are equal, however they were written") {
  for (const auto* amount : {"1234.5", "1,234.50", "001234.5000"}) {
    CAPTURE(amount);
    CHECK(Money::parse(amount, "USD") == Money::parse("1234.50", "USD"));
  }
  CHECK(parsed("-0.00", "USD") == "0.00");
  CHECK(Money::parse("1.00", "USD") != Money::parse("1.00", "EUR"));
}

TEST_CASE("nothing of an amount is rounded, and a debt stays one") {
  CHECK(parsed("0.0045", "USD") == "0.0045");
  CHECK(parsed("-3.10", "USD") == "-3.10");
  CHECK(parsed("12345678901234567890123456789.01", "USD") == "12345678901234567890123456789.01");
  CHECK(parsed("-0.5", "JPY") == "-0.5");
}

TEST_CASE("an amount may come as a whole number of its smallest parts") {
  CHECK(scaled(125'000, 4, "USD") == "12.50");
  CHECK(scaled(125'043, 4, "USD") == "12.5043");
  CHECK(scaled(5, 2, "USD") == "0.05");
  CHECK(scaled(-5, 2, "USD") == "-0.05");
  CHECK(scaled(0, 4, "USD") == "0.00");
  CHECK(scaled(12, 0, "USD") == "12.00");
  CHECK(scaled(INT64_MIN, 18, "USD") == "-9.223372036854775808");
  CHECK(scaled(INT64_MAX, 0, "JPY") == "9223372036854775807");
}

TEST_CASE("what is no amount, or no currency, is an error") {
  for (const auto* amount : {"", "-", "12,50", "$12.50", "1e3", "12.", "N/A"}) {
    CAPTURE(amount);
    CHECK(test::error_code([&] { Money::parse(amount, "USD"); }) == "usage.money");
  }
  for (const auto* currency : {"", "usd", "US", "USDT", "$", "U\xC3\x84"}) {
    CAPTURE(currency);
    CHECK(test::error_code([&] { Money::parse("1", currency); }) == "usage.money");
    CHECK(test::error_code([&] { Money::scaled(1, 2, currency); }) == "usage.money");
  }
  CHECK(test::error_code([] { Money::scaled(1, 19, "USD"); }) == "usage.money");
}

TEST_CASE("an amount is in its one form already when it is read back") {
  CHECK(rc::check([] {
    const auto count = *rc::gen::arbitrary<std::int64_t>();
    const auto scale = *rc::gen::inRange(0U, 19U);
    const auto currency = *rc::gen::element<std::string>("USD", "JPY", "KWD", "CLF");
    const auto money = Money::scaled(count, scale, currency);
    RC_ASSERT(Money::parse(money.amount(), currency) == money);
  }));
}
