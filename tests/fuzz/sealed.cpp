#include "store/sealed.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <openssl/evp.h>

#include "base/error.hpp"
#include "store/secret_entries.hpp"

namespace {

constexpr std::size_t sum_size = 32;

/// All parts lie in the file, one after the other.
void check(base::ByteView octets) {
  try {
    const auto sealed = store::read_sealed(octets);
    if (sealed.derivation.cost < store::least_cost || sealed.derivation.cost > store::most_cost)
      std::abort();
    const auto total = sealed.header.size() + sealed.encrypted.size() + sealed.tag.size();
    if (total + sum_size != octets.size()) std::abort();
    if (sealed.tag.data() + sealed.tag.size() + sum_size != octets.data() + octets.size())
      std::abort();
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::failure) std::abort();
  }
}

}  // namespace

/// A file is read into its parts or refused, with its sum as it is and mended; and the entries that
/// are read, if they are, are the same when they are written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Bytes octets(data, data + size);
  check(octets);
  std::array<std::uint8_t, sum_size> sum{};
  if (EVP_Digest(data, size, sum.data(), nullptr, EVP_sha256(), nullptr) != 1) std::abort();
  octets.insert(octets.end(), sum.begin(), sum.end());
  check(octets);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto entries = store::read_secret_entries(text);
  if (entries && store::to_octets(*entries).reveal() != text) std::abort();
  return 0;
}
