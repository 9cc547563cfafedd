#pragma once

#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/file_lock.hpp"

namespace store {

/// Makes the directory (0700), if it is not there, and locks what is kept of secrets in it, by a
/// file beside them; waits up to ten seconds. Throws Error `secrets.busy`, `secrets.failed`
/// (failure) and `secrets.exposed` (usage).
base::FileLock lock_vault(const std::filesystem::path& directory);

/// Likewise, without the lock.
void make_private_directory(const std::filesystem::path& directory);

/// Error `secrets.failed` (failure).
base::Error cannot_write(const std::filesystem::path& file, const std::error_code& why);

}  // namespace store
