#pragma once

#include <chrono>
#include <string>

#include "base/utc.hpp"

/// Days by the clock of a place, of which the IANA database has the name. "UTC" needs no database.
/// Instants are of the years 1 to 9998, else Error `usage.cycle` (usage) is thrown. An unknown zone
/// is Error `usage.zone` (usage), a missing or damaged database
/// `usage.no-tzdata` (failure).
namespace usage {

/// What the clock there shows.
std::chrono::local_seconds local_time(base::UtcTime instant, const std::string& zone);

/// The date there.
std::chrono::local_days local_day(base::UtcTime instant, const std::string& zone);

/// The first instant at which the clock there shows 00:00 of `day` or, where that is left out, the
/// first time after it.
base::UtcTime start_of_day(std::chrono::local_days day, const std::string& zone);

}  // namespace usage
