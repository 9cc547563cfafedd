#pragma once

namespace test {

/// How many calls of fsync and rename this process survives from now on: at the next one it ends
/// with exit code `ended_there`, as if the power went.
void end_after_calls(int count);

constexpr int ended_there = 77;

}  // namespace test
