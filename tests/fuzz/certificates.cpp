#include "lpa/certificates.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"

namespace {

/// Checks `der` as a certificate below the NIST issuer of SGP.26, whose key is known here.
void check(base::ByteView der, lpa::ServerRole role) {
  const lpa::Trust trust = lpa::CardTrust{{}, true};
  const auto issuer = base::from_hex("F54172BDF98A95D65CBEB88A38A1C11D800A85C3").value();
  const std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1);
  try {
    if (!lpa::check_server_certificate(der, {role, {}, issuer, now, trust})) std::abort();
  } catch (const base::Error& error) {
    if (error.code() != "smdp.certificate") std::abort();
  }
}

}  // namespace

/// Certificates, and what holds one, are taken or not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView octets(data, size);
  const std::array<std::uint8_t, 64> signature{1, 2, 3};
  check(octets, lpa::ServerRole::authentication);
  check(octets, lpa::ServerRole::binding);
  const auto id = lpa::registered_id(octets);
  if (id && id->empty()) std::abort();
  if (lpa::signed_by(octets, octets, signature)) std::abort();
  if (const auto card = lpa::euicc_certificate(octets)) {
    if (card->empty() || card->size() >= size) std::abort();
    lpa::installation_signed_by(*card, octets);
  }
  lpa::installation_signed_by(octets, octets);
  return 0;
}
