#include "carriers/jwt.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

/// A token is read or not; what is read is bounded and can be shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto claims = carriers::read_jwt(base::Secret(std::string(data, data + size)));
  if (!claims) return 0;
  if (claims->expires && base::to_rfc3339(*claims->expires).size() != 20) std::abort();
  std::size_t total = 0;
  for (const auto& [name, text] : claims->texts) total += name.size() + text.size();
  if (total > size) std::abort();
  return 0;
}
