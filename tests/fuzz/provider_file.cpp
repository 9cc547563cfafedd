#include "carriers/provider_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "carriers/against.hpp"

namespace {

void require_address(const carriers::RequestSpec& request, std::string_view begins) {
  if (!request.url.beginning().starts_with(begins)) std::abort();
}

}  // namespace

/// A provider's file is taken or refused by its own Error; what is taken asks its hosts alone, and
/// another one in their place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    auto provider = carriers::read_provider(std::string(data, data + size), "file");
    if (provider.id.empty() || provider.hosts.empty() == provider.unavailable.empty()) std::abort();
    if (!provider.login) return 0;
    for (const auto& step : provider.login->steps) require_address(step.request, "https://");
    provider = carriers::against(std::move(provider), "localhost:1");
    for (const auto& step : provider.login->steps)
      require_address(step.request, "https://localhost:1/");
  } catch (const base::Error& error) {
    if (error.code() != "carrier.file") std::abort();
  }
  return 0;
}
