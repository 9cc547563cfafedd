#include "lpa/issuers.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace lpa {
namespace {

/// GSMA's list of root certificates for SGP.22, the two test issuers of SGP.26, and those of the
/// simulated card.
constexpr std::array issuers = std::to_array<Issuer>({
    {"81370F5125D0B1D408D4C3B232E6D25E795BEBFB", "GSM Association - RSP2 Root CI1", false},
    {"4C27967AD20C14B391E9601E41E604AD57C0222F", "OISTE GSMA CI G1", false},
    {"CDF6D1C0A7B07F98A861B6E378B82F648D99663E", "CMCA eSIM Root CA_NIST", false},
    {"16704B7F351E3607F18C4B70005C3A003DFD414A", "Entrust eSIM Certification Authority", false},
    {"CD6E60B72D7A063CBC84625B91E80FE30406E13E", "MC4 OT ROOT CI v1", false},
    {"16B5D16048E3EA02BD4B606E5F77A4BF20808D83", "China Unicom eSIM Root CA", false},
    {"B60F0B897FD630B88CFED6161F8EA808C5382AC3", "SubMan V4.2 CI Google Pixel", false},
    {"EA53ADEF3329B9509AFD755FD448B82DC1BCECFF", "SubMan V4.2 CI", false},
    {"F54172BDF98A95D65CBEB88A38A1C11D800A85C3", "SGP.26 Test CI (NIST P-256)", true},
    {"C0BC70BA36929D43B467FF57570530E57AB8FCD8", "SGP.26 Test CI (brainpool P256r1)", true},
    {"1C7C5E2E3C5456BCD06AFDB7AB187CFB409C04A0", "esimctl-sim Test CI (NIST P-256)", true},
    {"ACD6368018DB28A51C88FCEE35A8DD2461B04B62", "esimctl-sim Test CI (brainpool P256r1)", true},
});

}  // namespace

std::optional<Issuer> find_issuer(const KeyId& key_id) {
  const auto found = std::ranges::find(issuers, base::to_hex(key_id), &Issuer::key_id);
  if (found == issuers.end()) return std::nullopt;
  return *found;
}

}  // namespace lpa
