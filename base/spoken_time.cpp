#include "base/spoken_time.hpp"

#include <array>
#include <utility>

namespace base {

std::string spoken(std::chrono::seconds length) {
  using Unit = std::pair<std::chrono::seconds, const char*>;
  const auto units = std::to_array<Unit>({{std::chrono::days(1), "day"},
                                          {std::chrono::hours(1), "hour"},
                                          {std::chrono::minutes(1), "minute"},
                                          {std::chrono::seconds(1), "second"}});
  for (const auto& [unit, name] : units) {
    if (length < unit) continue;
    const auto count = length / unit;
    return std::to_string(count) + " " + name + (count == 1 ? "" : "s");
  }
  return "0 seconds";
}

}  // namespace base
