#include "app/remove.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/manageable.hpp"
#include "app/profiles.hpp"
#include "base/error.hpp"
#include "lpa/refusal.hpp"

namespace app {
namespace {

base::Error forbidden(const std::string& name, std::string_view why) {
  return base::Error(base::ErrorKind::refused, "card.policy-forbids",
                     fmt::format("cannot delete {}: {}", name, why))
      .hint("only the operator can lift this rule; `esimctl show PROFILE` lists the rules");
}

void refuse_what_cannot_be(const lpa::ProfileInfo& profile) {
  const auto name = spoken_name(profile);
  if (profile.has_rule(lpa::policy_rule::no_delete))
    throw forbidden(name, "its operator forbids that (PPR2)");
  if (!profile.enabled()) return;
  if (profile.has_rule(lpa::policy_rule::no_disable))
    throw forbidden(name, "it is enabled, and its operator forbids to disable it (PPR1)");
  throw base::Error(base::ErrorKind::refused, "card.profile-enabled",
                    fmt::format("cannot delete {}: it is enabled", name))
      .hint("enable another profile first, or disable this one");
}

std::string code_of(lpa::DeleteResult result) {
  if (result == lpa::DeleteResult::not_disabled) return "card.profile-enabled";
  if (result == lpa::DeleteResult::disallowed_by_policy) return "card.policy-forbids";
  return "card.not-deleted";
}

}  // namespace

lpa::ProfileInfo remove(Session& session, std::string_view wanted,
                        const std::function<void(const lpa::ProfileInfo&)>& confirm,
                        TestProfiles test_profiles) {
  auto& euicc = session.euicc();
  auto profile = find_profile(euicc.profiles(lpa::ProfileFields::list), wanted);
  refuse_what_cannot_be(profile);
  require_allowed(test_profiles, profile, "delete");
  if (!profile.iccid) throw lpa::nameless("delete");
  require_manageable(session);
  confirm(profile);

  const auto result = euicc.remove(*profile.iccid);
  const auto what = "delete " + spoken_name(profile);
  if (result != lpa::DeleteResult::ok) {
    throw lpa::refusal(code_of(result), what, "DeleteProfile", static_cast<std::uint32_t>(result));
  }
  const auto left = euicc.profiles(lpa::ProfileFields::state);
  const bool still_there = std::ranges::any_of(
      left, [&](const lpa::ProfileInfo& each) { return each.iccid == profile.iccid; });
  if (still_there) {
    throw base::Error(base::ErrorKind::refused, "card.not-deleted",
                      fmt::format("cannot {}: the card said that it did, but still lists it", what))
        .hint("take the card out and put it back in, then look with `esimctl list`");
  }
  return profile;
}

}  // namespace app
