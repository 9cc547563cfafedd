#include "sim/crl.hpp"

#include <utility>

#include "sim/encode.hpp"
#include "sim/pki.hpp"
#include "sim/request.hpp"
#include "sim/revocation.hpp"

namespace sim {
namespace {

// SGP.22 annex H: LoadCRLResponseError.
constexpr std::uint8_t invalid_signature = 1;
constexpr std::uint8_t invalid_format = 2;
constexpr std::uint8_t key_not_found = 4;

constexpr std::uint8_t crl_support = 0x40;  // RspCapability, bit 1

Es10Answer error(std::uint8_t reason) {
  return {.data = element(0xBF35, element(0x81, integer(reason)))};
}

}  // namespace

Es10Answer load_crl(const State& state, const tlv::Element& request) {
  if ((bits(state.info.rsp_capability) & crl_support) == 0) return {.status = 0x6A88};
  // AUTOMATIC TAGS, and no component of LoadCRLRequest has a tag of its own: [0] stands for
  // SEQUENCE.
  const auto only = tlv::single(request.value);
  if (only.tag != 0xA0) return {.status = 0x6A80};
  const auto der = element(0x30, only.value);
  const auto list = RevocationList::read(der);
  if (!list) return error(invalid_format);
  const auto ci = known_ci(state, list->issuer_key_id());
  if (!ci) return error(key_not_found);
  if (!list->signed_by(ci->key())) return error(invalid_signature);
  Es10Answer answer{.data = element(0xBF35, element(0xA0, base::Bytes{}))};
  answer.changed = state;
  answer.changed->revocations.push_back(der);
  return answer;
}

}  // namespace sim
