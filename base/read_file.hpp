#pragma once

#include <cstddef>
#include <filesystem>
#include <istream>
#include <optional>
#include <string>

namespace base {

/// All of a file, or of what a stream still has. Empty when it cannot be opened or read, is a
/// directory, or has more than `most` octets.
std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t most);
std::optional<std::string> read_stream(std::istream& stream, std::size_t most);

/// The file that a user names, `-` being `input`.
std::optional<std::string> read_named(const std::string& name, std::istream& input,
                                      std::size_t most);

}  // namespace base
