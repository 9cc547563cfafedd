#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/test_profiles.hpp"
#include "base/http.hpp"
#include "lpa/es10b.hpp"
#include "lpa/trust.hpp"

/// How use cases come to the servers of operators and of discovery.
namespace app {

/// How long a connection may take to a server that is asked by the way, or that is one of several.
constexpr std::chrono::seconds connect_by_the_way{5};

/// Whom servers have to be vouched for by: as was chosen, or else by the issuers of the card.
lpa::Trust server_trust(const std::optional<lpa::Trust>& chosen, const lpa::EuiccInfo1& card,
                        TestProfiles test_profiles);

/// The same without a card: as was chosen, or else by every issuer that is known.
lpa::Trust server_trust(const std::optional<lpa::Trust>& chosen, TestProfiles test_profiles);

/// For a client of that server alone.
base::HttpSettings settings_for(const std::string& server, const lpa::HttpTrust& trust);

}  // namespace app
