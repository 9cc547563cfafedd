#include "base/utc.hpp"

#include <charconv>

namespace base {
namespace {

constexpr std::string_view form = "0000-00-00T00:00:00Z";  // 0: any digit

std::string digits(int number, std::size_t count) {
  auto text = std::to_string(number);
  return text.size() < count ? std::string(count - text.size(), '0') + text : text;
}

bool has_form(std::string_view text) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

/// Of text that is known to be digits.
unsigned number(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string to_rfc3339(UtcTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return digits(int(date.year()), 4) + "-" + digits(int(unsigned(date.month())), 2) + "-" +
         digits(int(unsigned(date.day())), 2) + "T" + digits(int(clock.hours().count()), 2) + ":" +
         digits(int(clock.minutes().count()), 2) + ":" + digits(int(clock.seconds().count()), 2) +
         "Z";
}

std::optional<UtcTime> from_rfc3339(std::string_view text) {
  if (!has_form(text)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(int(number(text.substr(0, 4)))),
                                         std::chrono::month(number(text.substr(5, 2))),
                                         std::chrono::day(number(text.substr(8, 2))));
  const std::chrono::hours hours(number(text.substr(11, 2)));
  const std::chrono::minutes minutes(number(text.substr(14, 2)));
  const std::chrono::seconds seconds(number(text.substr(17, 2)));
  if (!date.ok() || hours.count() > 23 || minutes.count() > 59 || seconds.count() > 59)
    return std::nullopt;
  return std::chrono::sys_days(date) + hours + minutes + seconds;
}

}  // namespace base
