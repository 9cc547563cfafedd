#include "app/throttle.hpp"

#include <algorithm>

namespace app {

std::optional<base::UtcTime> next_asking(const AskingState& state, std::chrono::seconds floor,
                                         base::UtcTime now) {
  constexpr std::chrono::days longest(366);  // that an answer may close an account for
  const auto last = state.asked.at ? state.asked.at : state.figures;
  // What is in the future was written by a clock that was wrong; so was what came with it.
  if (last && *last > now) return std::nullopt;
  auto next = last ? *last + floor : now;
  if (state.closed_until && *state.closed_until <= now + longest)
    next = std::max(next, *state.closed_until);
  return next > now ? std::optional(next) : std::nullopt;
}

bool younger(const AskingState& state, std::chrono::seconds age, base::UtcTime now) {
  if (state.asked.at != state.asked.whole) return false;
  const auto at = state.figures ? state.figures : state.asked.whole;
  return at && *at <= now && now - *at < age;
}

}  // namespace app
