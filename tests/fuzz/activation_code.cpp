#include "lpa/activation_code.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace {

std::optional<lpa::ActivationCode> read(std::string_view text) {
  try {
    return lpa::parse_activation_code(text);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::usage) std::abort();
    return std::nullopt;
  }
}

}  // namespace

/// A text is read as an activation code, or refused with an Error; what was read is the same when
/// it is written and read once more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t longest = 4000;  // so that the prefix that is added still fits
  const auto code = read({reinterpret_cast<const char*>(data), size});
  if (code && size < longest && read(lpa::to_text(*code)) != code) std::abort();
  return 0;
}
