#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/plans.hpp"
#include "lpa/es10c.hpp"
#include "usage/line_match.hpp"

namespace app {

/// Which of the lines of `plans` is behind each profile of a card; `line` is a place in them.
std::vector<std::optional<usage::LineMatch>> lines_of_profiles(
    const Plans& plans, const std::string& eid, std::span<const lpa::ProfileInfo> profiles);

}  // namespace app
