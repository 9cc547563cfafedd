#pragma once

#include <memory>
#include <string>

#include "app/world.hpp"
#include "base/http.hpp"
#include "base/secret.hpp"
#include "carriers/provider.hpp"

namespace app {

/// A client for the hosts of a provider alone. `ca` is a file of certificates that they are known
/// by; empty: as the machine knows servers. Throws as lpa::http_trust.
std::unique_ptr<base::HttpClient> client_for(const World& world, const carriers::Provider& provider,
                                             const std::string& ca);

/// A value that a device makes for itself (carriers::DeviceSpec). Throws Error `carrier.random`
/// (failure).
base::Secret random_value();

}  // namespace app
