#include "app/clock_skew.hpp"

#include <fmt/format.h>

#include "base/spoken_time.hpp"

namespace app {

std::optional<ClockSkew> skew_of(const carriers::Exchange& exchange) {
  const auto ahead = exchange.ahead();
  if (!ahead) return std::nullopt;
  return ClockSkew{.carrier = exchange.provider().title, .ahead = *ahead};
}

void tell_clock_skew(const Observer& observer, const std::optional<ClockSkew>& skew) {
  constexpr std::chrono::minutes most(2);
  if (!skew || std::chrono::abs(skew->ahead) <= most) return;
  observer.news(fmt::format(
      "the clock of this machine is {} {} that of {}; one-time codes and sessions may fail until "
      "it is right: `timedatectl` shows whether it is set by the network",
      base::spoken(std::chrono::abs(skew->ahead)), skew->ahead.count() > 0 ? "behind" : "ahead of",
      skew->carrier));
}

}  // namespace app
