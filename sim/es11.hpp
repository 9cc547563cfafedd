#pragma once

#include <optional>
#include <string_view>

#include "sim/es9_json.hpp"
#include "sim/smds.hpp"

/// ES11 over HTTP with JSON (SGP.22 6.5), below the path of ES9+.
namespace sim {

/// As run_es9.
std::optional<Es9Answer> run_es11(Smds& smds, std::string_view function, std::string_view body,
                                  const std::optional<ServerFault>& fault = std::nullopt);

}  // namespace sim
