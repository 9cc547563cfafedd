#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace store {

/// The program that prints the passphrase of the file of secrets, with its arguments, as it is
/// written down beside the choice of the vault (`vault.command`, 0600, a line for each word); empty
/// when there is none. Throws as read_private_file.
std::vector<std::string> unlock_command(const std::filesystem::path& directory);

/// Writes it down; an empty one is forgotten. Throws Error `secrets.command` (usage) for words that
/// are too long or have lines in them, `secrets.busy` and `secrets.failed` (failure).
void set_unlock_command(const std::filesystem::path& directory,
                        const std::vector<std::string>& command);

}  // namespace store
