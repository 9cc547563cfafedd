#include "cli/typed_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace cli {

std::optional<std::chrono::seconds> typed_length(std::string_view text) {
  using std::chrono::seconds;
  constexpr std::array units{std::pair('s', seconds(1)),      std::pair('m', seconds(60)),
                             std::pair('h', seconds(3600)),   std::pair('d', seconds(86400)),
                             std::pair('w', seconds(604800)), std::pair('y', seconds(31557600))};
  constexpr unsigned most = 10000;
  unsigned count = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, count);
  if (fault != std::errc() || stop + 1 != end || count > most) return std::nullopt;
  const auto* const unit = std::ranges::find(units, *stop, &decltype(units)::value_type::first);
  if (unit == units.end()) return std::nullopt;
  return count * unit->second;
}

base::UtcTime time_since(std::string_view text, base::UtcTime now) {
  if (const auto ago = typed_length(text)) return std::max(now - *ago, base::UtcTime());
  if (const auto time = base::from_rfc3339(text)) return *time;
  if (const auto day = base::from_rfc3339(std::string(text) + "T00:00:00Z")) return *day;
  throw base::Error(base::ErrorKind::usage, "usage.since",
                    fmt::format("“{}” is no time", base::clean(text, 80)))
      .hint("type a day, such as 2026-11-25, or how long ago: 36h, 30d, 8w, 1y");
}

}  // namespace cli
