#pragma once

#include <string_view>

#include "lpa/es10c.hpp"

namespace app {

/// Whether profiles of class test may be enabled and deleted. They connect to no real network, and
/// the keys of widely used ones are published, so that anybody may load applications through them;
/// those that came with the card are for whoever tests it.
enum class TestProfiles { refused, allowed };

/// Throws Error `card.test-profile` (refused) when `profile` is one and that is not allowed; `verb`
/// is what should have been done with it.
void require_allowed(TestProfiles allowed, const lpa::ProfileInfo& profile, std::string_view verb);

}  // namespace app
