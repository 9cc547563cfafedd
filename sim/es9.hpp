#pragma once

#include <optional>
#include <string_view>

#include "sim/es9_json.hpp"
#include "sim/smdp.hpp"

/// ES9+ over HTTP with JSON (SGP.22 6.5).
namespace sim {

/// Carries out `function`, as it stands at the end of the path (`initiateAuthentication`); empty
/// when there is no such function.
///
/// Of `fault` only those kinds matter that change what the JSON says.
std::optional<Es9Answer> run_es9(Smdp& smdp, std::string_view function, std::string_view body,
                                 const std::optional<ServerFault>& fault = std::nullopt);

}  // namespace sim
