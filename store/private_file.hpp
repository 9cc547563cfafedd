#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/fd.hpp"

namespace store {

/// Who else may read a file.
enum class Readers {
  owner,         ///< nobody: it is ours, with mode 0600 or less
  root_as_well,  ///< it is ours or root's, and the world may not; ACLs show as group bits
};

/// All of a file that is for nobody else's eyes; empty when there is none. Throws Error
/// `secrets.exposed` (usage) when it is a link, no regular file, or another may read it;
/// `secrets.failed` (failure) when it cannot be read or has more than `most` octets.
std::optional<base::Bytes> read_private_file(const std::filesystem::path& file, std::size_t most,
                                             Readers readers = Readers::owner);

/// Throws Error `secrets.exposed` (usage) when others may look into the directory.
void require_private_directory(const std::filesystem::path& directory);

}  // namespace store
