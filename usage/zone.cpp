#include "usage/zone.hpp"

#include <stdexcept>

#include <date/tz.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace usage {
namespace {

constexpr base::UtcTime earliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr base::UtcTime too_late = std::chrono::sys_days(std::chrono::year(9999) / 1 / 1);

bool is_utc(const std::string& zone) { return zone == "UTC"; }

base::Error no_database(const std::string& why) {
  return base::Error(base::ErrorKind::failure, "usage.no-tzdata",
                     "days of a time zone cannot be told: " + why)
      .hint("install the time zone database: sudo apt-get install tzdata");
}

bool database_is_there() {
  try {
    return !date::get_tzdb().zones.empty();
  } catch (const std::runtime_error&) {
    return false;
  }
}

/// Empty when there is none of that name.
const date::time_zone* find_zone(const std::string& name) {
  // The file of that name is this machine's own zone, which is no fact about a plan.
  if (name == "localtime") return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

const date::time_zone& zone_named(const std::string& name) {
  if (!database_is_there()) throw no_database("there is no time zone database");
  const auto shown = [&] { return "'" + base::clean(name, 64) + "'"; };
  const auto* const zone = find_zone(name);
  if (zone == nullptr)
    throw base::Error(base::ErrorKind::usage, "usage.zone",
                      "days of the time zone " + shown() + " cannot be told: it is unknown")
        .hint("name one of the IANA database, such as Europe/Berlin");
  try {
    zone->get_info(base::UtcTime());  // reads its file, the first time
  } catch (const std::runtime_error&) {
    throw no_database("the file of " + shown() + " in the time zone database is damaged");
  }
  return *zone;
}

}  // namespace

std::chrono::local_seconds local_time(base::UtcTime instant, const std::string& zone) {
  if (instant < earliest || instant >= too_late)
    throw base::Error(base::ErrorKind::usage, "usage.cycle",
                      "the day of an instant cannot be told: it is not of the years 1 to 9998");
  const auto offset =
      is_utc(zone) ? std::chrono::seconds(0) : zone_named(zone).get_info(instant).offset;
  return std::chrono::local_seconds((instant + offset).time_since_epoch());
}

std::chrono::local_days local_day(base::UtcTime instant, const std::string& zone) {
  return std::chrono::floor<std::chrono::days>(local_time(instant, zone));
}

base::UtcTime start_of_day(std::chrono::local_days day, const std::string& zone) {
  if (is_utc(zone)) return std::chrono::sys_days(day.time_since_epoch());
  return zone_named(zone).to_sys(date::local_days(day.time_since_epoch()), date::choose::earliest);
}

}  // namespace usage
