#pragma once

#include <string>

#include "usage/detect.hpp"

namespace cli {

/// What is unusual, since when, and what to do next, in a sentence for people.
std::string spoken(const usage::Finding& finding);

}  // namespace cli
