#pragma once

#include <memory>
#include <string>

#include "app/world.hpp"

/// Cards that a recording stands for, `--card replay:FILE` and `--card lookup:FILE`. Both throw
/// Error `recording.file` (usage) when the file cannot be read, and as lpa::read_recording.
namespace app {

/// Gives the recorded answers to the recorded commands (lpa::replay).
std::unique_ptr<lpa::Card> replayed_card(const std::string& file, const Observer& observer);

/// Answers any request that was recorded (lpa::lookup).
std::unique_ptr<lpa::Card> looked_up_card(const std::string& file, const Observer& observer);

}  // namespace app
