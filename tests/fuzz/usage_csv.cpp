#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/traffic_file.hpp"
#include "base/error.hpp"

namespace {

constexpr base::UtcTime now(std::chrono::seconds(1'800'000'000));

std::vector<app::FiledSeries> read(const std::string& text) {
  try {
    return app::read_traffic_csv(text, now);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::usage) std::abort();
    return {};
  }
}

}  // namespace

/// A text is read as traffic, or refused with an Error; what was read comes to the same when it is
/// written and read once more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto first = read(std::string(data, data + size));
  if (first.empty()) return 0;
  for (const auto& each : first) {
    if (each.buckets.empty()) std::abort();
    static_cast<void>(usage::days_of(each.buckets, each.zone));
  }
  if (read(app::traffic_csv(first)) != first) std::abort();
  return 0;
}
