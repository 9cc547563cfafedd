#include "carriers/otpauth.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace {

std::optional<carriers::Otpauth> read(const base::Secret& text) {
  try {
    return carriers::read_otpauth(text);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::usage) std::abort();
    return std::nullopt;
  }
}

}  // namespace

/// A text is read as a key, or refused with an Error; what was read makes codes, and is the same
/// when it is written and read once more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto first = read(base::Secret(std::string(data, data + size)));
  if (!first) return 0;
  if (carriers::hotp(first->key, 0).empty()) std::abort();
  const auto written = carriers::to_text(*first);
  const auto second = read(written);
  if (!second || carriers::to_text(*second).reveal() != written.reveal()) std::abort();
  if (second->issuer != first->issuer || second->account != first->account ||
      second->key.secret.reveal() != first->key.secret.reveal())
    std::abort();
  return 0;
}
