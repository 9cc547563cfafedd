#pragma once

#include <filesystem>
#include <string_view>

#include <sys/types.h>

/// Files that are written as a whole, readable by their owner only unless `mode` says otherwise.
/// They last once these return. All throw std::system_error, and then everything is as it was.
namespace base {

/// Whoever reads the file sees the old contents or the new.
void replace_file(const std::filesystem::path& path, std::string_view text, mode_t mode = 0600);

/// The file must not be there yet.
void write_new_file(const std::filesystem::path& path, std::string_view text);

}  // namespace base
