#include "app/test_profiles.hpp"

#include <fmt/format.h>

#include "app/profiles.hpp"
#include "base/error.hpp"

namespace app {

void require_allowed(TestProfiles allowed, const lpa::ProfileInfo& profile, std::string_view verb) {
  if (allowed == TestProfiles::allowed || profile.class_or_default() != lpa::ProfileClass::test)
    return;
  throw base::Error(base::ErrorKind::refused, "card.test-profile",
                    fmt::format("cannot {} {}: it is a test profile", verb, spoken_name(profile)))
      .hint("a test profile connects to no real network, and others may know its keys")
      .hint("--test-mode allows it all the same");
}

}  // namespace app
