#include "lpa/policy.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/hex.hpp"

using lpa::RuleVerdict;
using lpa::policy_rule::no_delete;
using lpa::policy_rule::no_disable;
using test::hex;

namespace {

lpa::Operator operator_of(std::string_view plmn) {
  lpa::Operator made;
  const auto octets = hex(plmn);
  std::ranges::copy(octets, made.plmn.octets.begin());
  return made;
}

lpa::Operator operator_of(std::string_view plmn, std::optional<base::Bytes> gid1,
                          std::optional<base::Bytes> gid2 = {}) {
  auto made = operator_of(plmn);
  made.gid1 = std::move(gid1);
  made.gid2 = std::move(gid2);
  return made;
}

lpa::AuthorisationRule line(const lpa::BitString& rules, std::vector<lpa::Operator> operators,
                            const lpa::BitString& flags = {}) {
  return {rules, std::move(operators), flags};
}

RuleVerdict judged(const lpa::Operator& owner, const lpa::Operator& wanted) {
  return lpa::judge(no_delete, owner, lpa::RulesAuthorisationTable{{line({no_delete}, {wanted})}});
}

const lpa::BitString both{no_disable, no_delete};
const lpa::BitString consent{lpa::consent_required};
const auto sunrise = operator_of("22F820");  // 228 02
const auto example = operator_of("130014");  // 310 410
const auto everybody = operator_of("EEEEEE", hex(""), hex(""));

}  // namespace

TEST_CASE("without a table the user is asked, and with an empty one every rule is forbidden") {
  CHECK(lpa::judge(no_disable, sunrise, std::nullopt) == RuleVerdict::consent);
  CHECK(lpa::judge(no_disable, sunrise, lpa::RulesAuthorisationTable{}) == RuleVerdict::forbidden);
}

TEST_CASE("a table that lets everybody use both rules with consent asks for each") {
  const lpa::RulesAuthorisationTable table{{line(both, {everybody}, consent)}};
  for (const auto rule : {no_disable, no_delete}) {
    CHECK(lpa::judge(rule, sunrise, table) == RuleVerdict::consent);
    CHECK(lpa::judge(rule, operator_of("130014", hex("AA"), hex("BB")), table) ==
          RuleVerdict::consent);
    CHECK(lpa::judge(rule, std::nullopt, table) == RuleVerdict::consent);
  }
  CHECK(lpa::judge(lpa::policy_rule::update_control, sunrise, table) == RuleVerdict::forbidden);
}

TEST_CASE("the first line that has the rule and fits the owner decides") {
  const lpa::RulesAuthorisationTable table{{line({no_disable}, {example}),
                                            line({no_delete}, {example, sunrise}),
                                            line(both, {everybody}, consent)}};
  CHECK(lpa::judge(no_disable, example, table) == RuleVerdict::allowed);
  CHECK(lpa::judge(no_disable, sunrise, table) == RuleVerdict::consent);
  CHECK(lpa::judge(no_delete, sunrise, table) == RuleVerdict::allowed);
  CHECK(lpa::judge(no_delete, operator_of("130015"), table) == RuleVerdict::consent);
  CHECK(lpa::judge(no_delete, std::nullopt, table) == RuleVerdict::consent);

  const lpa::RulesAuthorisationTable other_way{
      {line(both, {everybody}, consent), line({no_disable}, {example})}};
  CHECK(lpa::judge(no_disable, example, other_way) == RuleVerdict::consent);
}

TEST_CASE("a rule that no line allows the owner is forbidden") {
  const lpa::RulesAuthorisationTable table{
      {line({no_disable}, {everybody}), line({no_delete}, {example})}};
  CHECK(lpa::judge(no_delete, sunrise, table) == RuleVerdict::forbidden);
  CHECK(lpa::judge(no_delete, std::nullopt, table) == RuleVerdict::forbidden);
  CHECK(lpa::judge(no_delete, example, table) == RuleVerdict::allowed);
  const lpa::RulesAuthorisationTable nobody{{line(both, {})}};
  CHECK(lpa::judge(no_delete, example, nobody) == RuleVerdict::forbidden);
}

TEST_CASE("each digit of a PLMN can be left open") {
  for (const auto* wanted : {"22F820", "E2F820", "2EF820", "22E820", "22FE20", "22F8E0", "22F82E",
                             "22EEEE", "EEF8EE", "EEEEEE"}) {
    CAPTURE(wanted);
    CHECK(judged(sunrise, operator_of(wanted)) == RuleVerdict::allowed);
  }
  for (const auto* wanted :
       {"22F810", "220820", "32F820", "E3F820", "22E920", "EEEE1E", "FFFFFF"}) {
    CAPTURE(wanted);
    CHECK(judged(sunrise, operator_of(wanted)) == RuleVerdict::forbidden);
  }
  // What the owner says is no pattern.
  CHECK(judged(operator_of("EEEEEE"), sunrise) == RuleVerdict::forbidden);
}

TEST_CASE("an empty GID of a line fits any and one that is left out fits none alone") {
  const auto owner = operator_of("22F820", hex("AA01"), hex("BB"));
  CHECK(judged(owner, operator_of("22F820", hex("AA01"), hex("BB"))) == RuleVerdict::allowed);
  CHECK(judged(owner, operator_of("22F820", hex(""), hex(""))) == RuleVerdict::allowed);
  CHECK(judged(owner, operator_of("22F820", hex("AA01"), hex(""))) == RuleVerdict::allowed);
  CHECK(judged(owner, operator_of("22F820", hex("AA"), hex("BB"))) == RuleVerdict::forbidden);
  CHECK(judged(owner, operator_of("22F820", hex("AA01"), hex("BC"))) == RuleVerdict::forbidden);
  CHECK(judged(owner, operator_of("22F820", hex("AA01"))) == RuleVerdict::forbidden);
  CHECK(judged(owner, operator_of("22F820")) == RuleVerdict::forbidden);
  CHECK(judged(sunrise, operator_of("22F820", hex("AA01"))) == RuleVerdict::forbidden);
  CHECK(judged(operator_of("22F820", hex("")), sunrise) == RuleVerdict::allowed);
}
