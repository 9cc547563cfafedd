#pragma once

#include <string>

#include "usage/snapshot.hpp"

namespace store {

/// By what a line of an account is known from one run to the next: the first of its names that it
/// has.
std::string line_key(const usage::Line& line);

}  // namespace store
