#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/world.hpp"
#include "carriers/exchange.hpp"

namespace app {

/// How far the clock of a carrier is ahead of that of this machine.
struct ClockSkew {
  std::string carrier;
  std::chrono::seconds ahead{};
};

/// By the last answer of the carrier; empty when that did not tell its time.
std::optional<ClockSkew> skew_of(const carriers::Exchange& exchange);

/// Tells the user when the two are more than two minutes apart: what may fail then, and what to do.
void tell_clock_skew(const Observer& observer, const std::optional<ClockSkew>& skew);

}  // namespace app
