#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "sim/device.hpp"
#include "sim/state.hpp"

namespace sim {

/// One way to misbehave.
struct HostileKind {
  std::string_view name;     ///< with `=N` when it takes a number
  std::string_view meaning;  ///< one clause
};

std::span<const HostileKind> hostile_kinds();

/// A card that misbehaves as `kind` says (`mute-after=3`, `garbage`), on top of `state`.
///
/// Throws base::Error (usage, "sim.hostile") for a kind that there is not.
std::unique_ptr<Device> hostile(std::string_view kind, State state = fresh());

}  // namespace sim
