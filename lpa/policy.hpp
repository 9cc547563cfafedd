#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "lpa/es10b.hpp"

namespace lpa {

/// What a card's Rules Authorisation Table says of a rule that comes with a profile.
enum class RuleVerdict : std::uint8_t {
  allowed,
  consent,   ///< allowed when the user agrees
  forbidden  ///< the card will not install the profile
};

/// Judges one rule, a bit of `policy_rule`, of a profile by its owner (SGP.22 v2.5 2.4.12 and
/// 2.9.2.4): the first line of the table that has the rule and fits the owner decides. In the line
/// a nibble E of the PLMN fits any, and so does an empty GID; a GID that is left out fits an owner
/// without one (2.9.2.1). A profile without an owner fits a line for everybody alone. Without a
/// table the user has to agree.
RuleVerdict judge(std::size_t rule, const std::optional<Operator>& owner,
                  const std::optional<RulesAuthorisationTable>& table);

}  // namespace lpa
