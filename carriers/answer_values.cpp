#include "carriers/answer_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "usage/cycle.hpp"
#include "usage/zone.hpp"

namespace carriers {
namespace {

using nlohmann::json;
using usage::DataSize;

constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999

/// A scalar as it is written; strings without their quotes, numbers without an exponent.
std::string written(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  auto text = value.dump();
  constexpr int decimals = 15;
  const bool exponent = value.is_number_float() && text.find('e') != std::string::npos;
  return exponent ? fmt::format("{:.{}f}", value.get<double>(), decimals) : text;
}

bool one_of(const std::vector<std::string>& texts, const json& value) {
  return std::ranges::find(texts, value.dump(-1, ' ', false, json::error_handler_t::replace)) !=
         texts.end();
}

std::string kind_of(const json& value) {
  if (value.is_string()) return "a text that is no such value";
  if (value.is_number()) return "a number that is no such value";
  return value.is_structured() ? std::string(value.type_name()) + " in place of a value"
                               : std::string(value.type_name());
}

const char* type_of(const json& value) {
  if (value.is_string()) return "a text";
  if (value.is_number()) return "a number";
  if (value.is_boolean()) return "true or false";
  if (value.is_null()) return "null";
  return value.is_array() ? "an array" : "an object";
}

/// What is there, by names and types: values are nobody's business.
std::string described(const json& value) {
  constexpr std::size_t most = 20;
  constexpr std::size_t longest = 60;
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  if (!value.is_object()) return type_of(value);
  if (value.empty()) return "an object with nothing in it";
  std::string text = "an object with ";
  std::size_t count = 0;
  for (const auto& item : value.items()) {
    if (count == most) return text + fmt::format(", and {} more", value.size() - most);
    text += fmt::format("{}{} ({})", count++ == 0 ? "" : ", ", base::clean(item.key(), longest),
                        type_of(item.value()));
  }
  return text;
}

usage::DataUnit unit_of(const QuantitySpec& spec, const json& document, const std::string& field) {
  if (spec.unit) return *spec.unit;
  const auto name = spec.unit_place ? text_at({*spec.unit_place}, document) : std::nullopt;
  if (!name) throw changed(field, "no unit");
  const auto known = spec.unit_names.find(*name);
  if (known != spec.unit_names.end()) return known->second;
  const auto unit = usage::data_unit(*name);
  if (!unit) throw changed(field, "a unit that is not known");
  return *unit;
}

/// What one place has.
usage::Limit amount_of(const QuantitySpec& spec, const json& value, const json& document,
                       const std::string& field) {
  if (value.is_null() || one_of(spec.unknown, value)) return usage::Unknown{};
  if (one_of(spec.unlimited, value)) return usage::Unlimited{};
  if (!value.is_string() && !value.is_number()) throw changed(field, kind_of(value));
  try {
    return DataSize::parse(written(value), unit_of(spec, document, field));
  } catch (const base::Error& error) {
    if (error.code() != "usage.size") throw;
    throw changed(field, kind_of(value));
  }
}

/// What stands at all of the places; empty when none of them is there.
std::optional<usage::Limit> amount_of(const QuantitySpec& spec, const std::vector<Pointer>& places,
                                      const json& document, const std::string& field) {
  std::optional<usage::Limit> made;
  std::size_t dead_ends = 0;
  std::size_t nulls = 0;
  for (const auto& place : places) {
    const auto found = place.find(document);
    dead_ends += found.dead_ends;
    nulls += found.nulls;
    for (const auto* each : found.places) {
      const auto amount = base::during("reading " + place.text(),
                                       [&] { return amount_of(spec, *each, document, field); });
      made = made ? joined(spec.aggregate, *made, amount, field) : amount;
    }
  }
  if (dead_ends > 0 && (made || spec.aggregate == Aggregate::sum)) {
    if (made) throw changed(field, "it in some parts and not in others");
    return std::nullopt;
  }
  // Null where a part should be says nothing about it, so nothing about them all.
  if (nulls > 0 && (made || spec.aggregate == Aggregate::sum))
    return usage::Limit(usage::Unknown{});
  // A list with nothing in it: nothing was used.
  if (!made && spec.aggregate == Aggregate::sum) return usage::Limit(DataSize());
  return made;
}

/// Digits of a fixed number, taken from the front of `text`.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) return std::nullopt;
  const auto* const end = text.data() + count;
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || stop != end || text.front() == '-') return std::nullopt;
  text.remove_prefix(count);
  return value;
}

/// A count of seconds, or thousandths of them, up to the year 9999; decimals are cut off.
std::optional<std::chrono::seconds> whole_seconds(std::string_view text, bool thousandths) {
  constexpr std::int64_t thousand = 1000;
  const auto point = text.find('.');
  if (point != std::string_view::npos &&
      text.find_first_not_of("0123456789", point + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  text = text.substr(0, point);
  std::int64_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, count);
  const auto seconds = thousandths ? count / thousand : count;
  if (fault != std::errc() || stop != end || count < 0 || seconds > last_second)
    return std::nullopt;
  return std::chrono::seconds(seconds);
}

/// What a text says of a moment.
struct Parts {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

std::optional<base::UtcTime> moment(const Parts& parts, const std::string& zone) {
  using namespace std::chrono;
  const year_month_day date(year(parts.year), month(static_cast<unsigned>(parts.month)),
                            day(static_cast<unsigned>(parts.day)));
  constexpr int last_hour = 23;
  constexpr int leap_second = 60;
  if (parts.year < 1 || parts.year > 9998 || !date.ok() || parts.hour > last_hour ||
      parts.minute > 59 || parts.second > leap_second) {
    return std::nullopt;
  }
  return usage::start_of_day(local_days(date), zone) + hours(parts.hour) + minutes(parts.minute) +
         seconds(parts.second);
}

/// "Z", "+01:00", "+0100", "-01"; nothing is no offset.
std::optional<std::chrono::seconds> offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::seconds(0);
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = digits(text, 2);
  if (text.starts_with(':')) text.remove_prefix(1);
  const auto minutes = text.empty() ? std::optional(0) : digits(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  const auto all = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return west ? -all : all;
}

}  // namespace

base::Error changed(const std::string& field, const std::string& saw) {
  return base::Error(base::ErrorKind::network, "carrier.changed",
                     fmt::format("the provider has changed its answer: {} has {}", field, saw))
      .hint("the provider's file has to follow; look for a newer esimctl, or report it");
}

base::Error missing(const std::string& field, const std::vector<Pointer>& places,
                    const json& document) {
  std::string names;
  for (const auto& place : places)
    names += (names.empty() ? "" : ", ") + (place.text().empty() ? "the top" : place.text());
  auto error = changed(field, "nothing at " + names);
  for (const auto& place : places) {
    const auto [reached, value] = place.reach(document);
    error.during(fmt::format("reading {}: {} is {}",
                             place.text().empty() ? "the top" : place.text(),
                             reached.empty() ? "the answer" : reached, described(*value)));
  }
  return error;
}

std::optional<std::string> text_at(const std::vector<Pointer>& places, const json& document) {
  for (const auto& place : places) {
    for (const auto* each : place.find(document).places) {
      if (each->is_primitive() && !each->is_null()) return written(*each);
    }
  }
  return std::nullopt;
}

bool true_at(const std::optional<Pointer>& place, const json& document) {
  if (!place) return false;
  const auto found = place->find(document).places;
  return !found.empty() && *found.front() == true;
}

usage::Limit joined(Aggregate aggregate, const usage::Limit& so_far, const usage::Limit& next,
                    const std::string& field) {
  if (aggregate == Aggregate::first) return so_far;
  if (aggregate == Aggregate::last) return next;
  const auto* const left = std::get_if<DataSize>(&so_far);
  const auto* const right = std::get_if<DataSize>(&next);
  if (left == nullptr || right == nullptr) {
    // One that is unlimited is more than all others; one that is unknown leaves the sum unknown.
    if (std::holds_alternative<usage::Unlimited>(so_far)) return so_far;
    return std::holds_alternative<usage::Unlimited>(next) ? next : usage::Limit(usage::Unknown{});
  }
  if (aggregate == Aggregate::max) return std::max(*left, *right);
  try {
    return *left + *right;
  } catch (const base::Error& error) {
    if (error.code() != "usage.size") throw;
    throw changed(field, "more than there can be");
  }
}

usage::Limit amount_at(const QuantitySpec& spec, const json& document, const std::string& field) {
  for (const auto& places : spec.places) {
    if (const auto amount = amount_of(spec, places, document, field)) return *amount;
  }
  if (spec.optional) return usage::Unknown{};
  std::vector<Pointer> places;
  for (const auto& alternative : spec.places)
    places.insert(places.end(), alternative.begin(), alternative.end());
  throw missing(field, places, document);
}

std::optional<base::UtcTime> read_pattern(std::string_view text, std::string_view pattern,
                                          const std::string& zone) {
  Parts parts;
  while (!pattern.empty()) {
    const char c = pattern.front();
    pattern.remove_prefix(1);
    if (c != '%') {
      if (text.empty() || text.front() != c) return std::nullopt;
      text.remove_prefix(1);
      continue;
    }
    if (pattern.empty()) return std::nullopt;
    constexpr std::size_t year_digits = 4;
    const char kind = pattern.front();
    pattern.remove_prefix(1);
    const auto value = digits(text, kind == 'Y' ? year_digits : 2);
    if (!value) return std::nullopt;
    switch (kind) {
      case 'Y':
        parts.year = *value;
        break;
      case 'm':
        parts.month = *value;
        break;
      case 'd':
        parts.day = *value;
        break;
      case 'H':
        parts.hour = *value;
        break;
      case 'M':
        parts.minute = *value;
        break;
      case 'S':
        parts.second = *value;
        break;
      default:
        return std::nullopt;
    }
  }
  return text.empty() ? moment(parts, zone) : std::nullopt;
}

std::optional<base::UtcTime> read_iso8601(std::string_view text, const std::string& zone) {
  constexpr std::size_t date_length = 10;
  constexpr std::size_t time_length = 8;
  if (text.size() == date_length) return read_pattern(text, "%Y-%m-%d", zone);
  constexpr std::size_t shortest = 5;  // hours and minutes
  if (text.size() < date_length + 1 + shortest) return std::nullopt;
  const char middle = text[date_length];
  if (middle != 'T' && middle != 't' && middle != ' ') return std::nullopt;
  const bool seconds = text.substr(date_length + 1 + shortest).starts_with(':');
  std::string plain(text.substr(0, date_length + 1 + (seconds ? time_length : shortest)));
  plain[date_length] = 'T';
  text.remove_prefix(plain.size());
  if (!seconds) plain += ":00";
  if (text.starts_with('.')) {
    const auto end = text.find_first_not_of("0123456789", 1);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  constexpr std::string_view pattern = "%Y-%m-%dT%H:%M:%S";
  if (text.empty()) return read_pattern(plain, pattern, zone);
  const auto ahead = offset(text);
  const auto there = read_pattern(plain, pattern, "UTC");
  if (!ahead || !there) return std::nullopt;
  return *there - *ahead;
}

std::optional<base::UtcTime> read_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::size_t length = 29;
  constexpr std::size_t month_at = 8;
  if (text.size() != length || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::ranges::find(months, text.substr(month_at, 3));
  if (month == months.end()) return std::nullopt;
  const auto plain = fmt::format("{}{:02}{}", text.substr(5, 3), month - months.begin() + 1,
                                 text.substr(month_at + 3, 14));
  return read_pattern(plain, "%d %m %Y %H:%M:%S", "UTC");
}

std::optional<base::UtcTime> date_at(const DateSpec& spec, const json& document, base::UtcTime now,
                                     const std::string& field) {
  using Format = DateSpec::Format;
  const json* value = nullptr;
  for (const auto& place : spec.places) {
    for (const auto* each : place.find(document).places)
      if (value == nullptr && !each->is_null()) value = each;
  }
  if (value == nullptr || one_of(spec.unknown, *value)) return std::nullopt;
  if (!value->is_string() && !value->is_number()) throw changed(field, kind_of(*value));
  const auto text = written(*value);
  std::optional<base::UtcTime> made;
  if (spec.format == Format::pattern) {
    made = read_pattern(text, spec.pattern, spec.zone);
  } else if (spec.format == Format::iso8601) {
    made = read_iso8601(text, spec.zone);
  } else if (const auto count = whole_seconds(text, spec.format == Format::unix_milliseconds)) {
    made = (spec.format == Format::from_now ? now : base::UtcTime()) + *count;
  }
  constexpr base::UtcTime end{std::chrono::seconds(last_second)};
  if (!made || *made > end) {
    throw changed(field, kind_of(*value)).during("reading " + spec.places.front().text());
  }
  return made;
}

usage::Cycle cycle_at(const CycleSpec& spec, const json& document, base::UtcTime now) {
  usage::Cycle made{.rule = spec.rule, .start = {}, .end = {}, .zone = spec.zone};
  auto day = spec.day;
  if (spec.day_place) {
    if (const auto text = text_at({*spec.day_place}, document)) {
      std::string_view rest = *text;
      const auto number = digits(rest, rest.size());
      constexpr int last = 31;
      if (!number || *number < 1 || *number > last)
        throw changed("the first day of the cycle", "no day");
      day = static_cast<unsigned>(*number);
    }
  }
  if (spec.rule == usage::CycleRule::daily) {
    made = usage::cycle_at(now, usage::EveryDay{}, spec.zone);
  } else if (day && spec.rule == usage::CycleRule::monthly) {
    made = usage::cycle_at(now, std::chrono::day(*day), spec.zone);
  } else if (day && spec.rule == usage::CycleRule::weekly) {
    made = usage::cycle_at(now, std::chrono::weekday(*day), spec.zone);
  }
  if (spec.start) {
    if (const auto start = date_at(*spec.start, document, now, "the start of the cycle"))
      made.start = start;
  }
  if (spec.end) {
    if (const auto end = date_at(*spec.end, document, now, "the end of the cycle")) made.end = end;
  }
  return made;
}

}  // namespace carriers
