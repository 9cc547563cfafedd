#pragma once

#include <string>
#include <string_view>

namespace sim {

/// All of a file; throws base::Error (usage, "sim.state") when it is missing or a directory.
std::string read_file(const std::string& path);

/// Replaces the file as a whole, readable by its owner only; throws base::Error (failure,
/// "sim.save").
void write_file(const std::string& path, std::string_view text);

}  // namespace sim
