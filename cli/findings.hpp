#pragma once

#include <string>
#include <string_view>

#include "usage/alarm.hpp"
#include "usage/detect.hpp"

namespace cli {

/// What is unusual, since when, and what to do next, in a sentence for people.
std::string spoken(const usage::Finding& finding);

/// The same of an alarm, with whose line it is about.
std::string spoken(const usage::Alarm& alarm);

/// What is the matter, in one clause.
std::string brief(const usage::Alarm& alarm);

/// How far that is from usual; empty where nothing is usual.
std::string distance(const usage::Alarm& alarm);

/// What to do next.
std::string_view spoken(usage::Advice next);

/// Whose line it is: "12065550142 of “work”".
std::string line_of(const usage::Alarm& alarm);

}  // namespace cli
