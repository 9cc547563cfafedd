#include <cstdint>
#include <cstdlib>
#include <string>

#include "app/traffic_file.hpp"
#include "base/error.hpp"

/// A text is read as what vnStat prints, or refused with an Error; what was read is by time, each
/// start once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr base::UtcTime now(std::chrono::seconds(1'800'000'000));
  std::vector<app::FiledSeries> read;
  try {
    read = app::read_vnstat(std::string(data, data + size), "Europe/Berlin", now);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::usage) std::abort();
    return 0;
  }
  for (const auto& each : read) {
    base::UtcTime before;
    for (const auto& bucket : each.buckets) {
      if (bucket.start <= before && before != base::UtcTime()) std::abort();
      before = bucket.start;
    }
    static_cast<void>(usage::days_of(each.buckets, each.zone));
  }
  return 0;
}
