#include "app/servers.hpp"

namespace app {

lpa::Trust server_trust(const std::optional<lpa::Trust>& chosen, const lpa::EuiccInfo1& card,
                        TestProfiles test_profiles) {
  return chosen.value_or(lpa::CardTrust{.listed = card.ci_for_verification,
                                        .test_mode = test_profiles == TestProfiles::allowed});
}

lpa::Trust server_trust(const std::optional<lpa::Trust>& chosen, TestProfiles test_profiles) {
  return chosen.value_or(lpa::CardTrust{
      .listed = {}, .test_mode = test_profiles == TestProfiles::allowed, .no_card = true});
}

base::HttpSettings settings_for(const std::string& server, const lpa::HttpTrust& trust) {
  return {.anchors = trust.anchors, .untrusted_hint = trust.untrusted_hint, .hosts = {server}};
}

}  // namespace app
