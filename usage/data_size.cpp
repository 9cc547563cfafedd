#include "usage/data_size.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ranges>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"
#include "usage/decimal.hpp"

namespace usage {
namespace {

/// A unit is `factor` to the power of `power` bytes.
struct UnitFact {
  DataUnit unit;
  std::string_view name;
  unsigned factor;
  unsigned power;
};

constexpr std::array<UnitFact, 9> units{{
    {DataUnit::b, "B", 1, 0},
    {DataUnit::kb, "KB", 1000, 1},
    {DataUnit::mb, "MB", 1000, 2},
    {DataUnit::gb, "GB", 1000, 3},
    {DataUnit::tb, "TB", 1000, 4},
    {DataUnit::kib, "KiB", 1024, 1},
    {DataUnit::mib, "MiB", 1024, 2},
    {DataUnit::gib, "GiB", 1024, 3},
    {DataUnit::tib, "TiB", 1024, 4},
}};

base::Error error(const std::string& why) {
  return {base::ErrorKind::usage, "usage.size", "the amount of data cannot be taken: " + why};
}

base::Error too_large() { return error("it is more than 2^63 - 1 bytes"); }

std::int64_t sum(std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(left, right, &result)) throw too_large();
  return result;
}

std::int64_t product(std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(left, right, &result)) throw too_large();
  return result;
}

/// Multiplies the decimals of a number, and hands back what went over the point.
unsigned multiply(std::string& decimals, unsigned factor) {
  unsigned carry = 0;
  for (char& digit : std::ranges::reverse_view(decimals)) {
    const auto value = static_cast<unsigned>(digit - '0') * factor + carry;
    digit = static_cast<char>('0' + value % 10);
    carry = value / 10;
  }
  return carry;
}

}  // namespace

std::optional<DataUnit> data_unit(std::string_view name) {
  if (name == "kB") return DataUnit::kb;
  const auto* const fact = std::ranges::find(units, name, &UnitFact::name);
  if (fact == units.end()) return std::nullopt;
  return fact->unit;
}

DataSize DataSize::of_bytes(std::int64_t count) {
  if (count < 0) throw error(std::to_string(count) + " bytes are less than none");
  return DataSize(count);
}

DataSize DataSize::parse(std::string_view number, DataUnit unit) {
  const auto shown = "'" + base::clean(number, 64) + "'";
  auto decimal = read_decimal(number);
  if (!decimal) throw error(shown + " is no number");
  if (decimal->negative) throw error(shown + " is less than nothing");
  std::int64_t bytes = 0;
  const auto* const end = decimal->whole.data() + decimal->whole.size();
  if (std::from_chars(decimal->whole.data(), end, bytes).ec != std::errc()) throw too_large();
  const auto& fact = units.at(static_cast<std::size_t>(unit));
  for (unsigned i = 0; i < fact.power; ++i)
    bytes = sum(product(bytes, fact.factor), multiply(decimal->fraction, fact.factor));
  const bool up = !decimal->fraction.empty() && decimal->fraction.front() >= '5';
  return DataSize(sum(bytes, up ? 1 : 0));
}

DataSize operator+(DataSize left, DataSize right) {
  return DataSize::of_bytes(sum(left.bytes(), right.bytes()));
}

DataSize operator-(DataSize left, DataSize right) {
  return DataSize::of_bytes(left.bytes() - right.bytes());
}

std::string to_text(DataSize size) {
  const auto bytes = size.bytes();
  if (bytes < 1000) return std::to_string(bytes) + " B";
  std::int64_t factor = 1;
  std::int64_t tenths = 0;
  std::string_view name;
  for (const auto unit : {DataUnit::kb, DataUnit::mb, DataUnit::gb, DataUnit::tb}) {
    factor *= 1000;
    tenths = bytes / factor * 10 + (bytes % factor * 10 + factor / 2) / factor;
    name = units.at(static_cast<std::size_t>(unit)).name;
    if (tenths < 10000) break;
  }
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + std::string(name);
}

}  // namespace usage
