#pragma once

#include <chrono>
#include <string>

namespace base {

/// How long that is in words, rounded down to the largest unit of which there is one: "3 hours".
/// What is below nothing counts as nothing.
std::string spoken(std::chrono::seconds length);

}  // namespace base
