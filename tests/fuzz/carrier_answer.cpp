#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "carriers/answer_values.hpp"
#include "carriers/provider_file.hpp"

namespace {

using nlohmann::json;

/// One that looks for everything, at places that short answers have.
const carriers::Provider& provider() {
  static const auto made = carriers::read_provider(R"({
    "id": "a", "title": "A", "evidence": "documented", "hosts": ["a.example"],
    "lines": {"request": {"url": "https://a.example/"}, "items": "/*", "keys": {"id": "/id"}},
    "usage": {
      "used": {"at": [["/u", "/*/u"], "/v"], "aggregate": "sum", "unit": "GiB", "unlimited": [-1]},
      "limit": {"at": "/*", "aggregate": "max", "unit_at": "/n", "unit_names": {"x": "KB"},
                "unknown": ["N/A"], "optional": true},
      "as_of": {"at": ["/t", "/*/t"], "format": "iso8601", "unknown": ["0000-00-00"]},
      "expires": {"at": "/e", "format": "pattern", "pattern": "%m/%d/%Y %H:%M:%S"},
      "cycle": {"rule": "monthly", "day_at": "/d", "start": {"at": "/s", "format": "unix"},
                "end": {"at": "/f", "format": "seconds-from-now"}}}})",
                                                   "fuzz");
  return made;
}

constexpr base::UtcTime now{std::chrono::seconds(1'805'112'000)};

void require_size(const usage::Limit& amount) {
  const auto* const size = std::get_if<usage::DataSize>(&amount);
  if (size != nullptr && size->bytes() < 0) std::abort();
}

void require_time(const std::optional<base::UtcTime>& time) {
  constexpr std::size_t length = 20;
  if (time && base::to_rfc3339(*time).size() != length) std::abort();
}

template <class Read>
void read(Read&& run) {
  try {
    run();
  } catch (const base::Error& error) {
    if (error.code() != "carrier.changed") std::abort();
  }
}

}  // namespace

/// An answer is read or has changed, whatever it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = json::parse(data, data + size, nullptr, false);
  if (answer.is_discarded()) return 0;
  const auto& usage = *provider().usage;
  read([&] { require_size(carriers::amount_at(*usage.used, answer, "used")); });
  read([&] { require_size(carriers::amount_at(*usage.limit, answer, "limit")); });
  read([&] { require_time(carriers::date_at(*usage.as_of, answer, now, "as_of")); });
  read([&] { require_time(carriers::date_at(*usage.expires, answer, now, "expires")); });
  read([&] {
    const auto cycle = carriers::cycle_at(*usage.cycle, answer, now);
    require_time(cycle.start);
    require_time(cycle.end);
  });
  return 0;
}
