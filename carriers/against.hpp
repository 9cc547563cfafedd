#pragma once

#include <string>

#include "carriers/provider.hpp"

namespace carriers {

/// The provider with all that goes to its hosts going to that one ("localhost:8443") instead, to
/// try its file out.
Provider against(Provider provider, const std::string& host);

}  // namespace carriers
