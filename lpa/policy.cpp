#include "lpa/policy.hpp"

#include <algorithm>

namespace lpa {
namespace {

constexpr unsigned any_nibble = 0xE;

bool fits(std::uint8_t wanted, std::uint8_t octet) {
  const auto nibble_fits = [](unsigned one, unsigned other) {
    return one == any_nibble || one == other;
  };
  return nibble_fits(wanted >> 4U, octet >> 4U) && nibble_fits(wanted & 0xFU, octet & 0xFU);
}

bool fits(const Plmn& wanted, const Plmn& plmn) {
  return std::ranges::equal(wanted.octets, plmn.octets,
                            [](std::uint8_t one, std::uint8_t other) { return fits(one, other); });
}

/// An owner's empty GID is as good as none.
bool fits(const std::optional<base::Bytes>& wanted, const std::optional<base::Bytes>& gid) {
  if (!wanted) return !gid || gid->empty();
  return wanted->empty() || wanted == gid;
}

bool fits(const Operator& wanted, const std::optional<Operator>& owner) {
  constexpr Plmn nobody{{0xFF, 0xFF, 0xFF}};  // that the nibble E alone fits
  const auto known = owner.value_or(Operator{nobody, {}, {}});
  return fits(wanted.plmn, known.plmn) && fits(wanted.gid1, known.gid1) &&
         fits(wanted.gid2, known.gid2);
}

}  // namespace

RuleVerdict judge(std::size_t rule, const std::optional<Operator>& owner,
                  const std::optional<RulesAuthorisationTable>& table) {
  if (!table) return RuleVerdict::consent;
  for (const auto& line : table->rules) {
    const bool is_for_owner = std::ranges::any_of(
        line.operators, [&](const Operator& wanted) { return fits(wanted, owner); });
    if (!is_for_owner || !line.policy_rules.has(rule)) continue;
    return line.flags.has(consent_required) ? RuleVerdict::consent : RuleVerdict::allowed;
  }
  return RuleVerdict::forbidden;
}

}  // namespace lpa
