#pragma once

#include <filesystem>
#include <string_view>

namespace base {

/// Puts `text` into a file as a whole: whoever reads it sees the old contents or the new. Readable
/// by its owner only; it lasts once this returns. Throws std::system_error, with the file as it
/// was.
void replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace base
