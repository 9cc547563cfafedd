#include "store/unlock_command.hpp"

#include <cstddef>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/write_file.hpp"
#include "store/private_file.hpp"
#include "store/vault_lock.hpp"

namespace store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_command = 4096;

fs::path file_in(const fs::path& directory) { return directory / "vault.command"; }

}  // namespace

std::vector<std::string> unlock_command(const fs::path& directory) {
  const auto octets = read_private_file(file_in(directory), longest_command);
  if (!octets) return {};
  require_private_directory(directory);
  std::vector<std::string> words;
  std::string word;
  for (const auto octet : *octets) {
    if (octet != '\n') {
      word += static_cast<char>(octet);
      continue;
    }
    words.push_back(word);
    word.clear();
  }
  return words;
}

void set_unlock_command(const fs::path& directory, const std::vector<std::string>& command) {
  std::string text;
  for (const auto& word : command) {
    if (word.find_first_of(std::string_view("\n\0", 2)) != std::string::npos) {
      throw base::Error(base::ErrorKind::usage, "secrets.command",
                        "a word of the program has several lines");
    }
    text += word + '\n';
  }
  if (text.size() > longest_command) {
    throw base::Error(base::ErrorKind::usage, "secrets.command",
                      "the program with its arguments is longer than 4096 octets");
  }
  const auto held = lock_vault(directory);
  if (command.empty()) {
    std::error_code error;
    fs::remove(file_in(directory), error);
    if (error) throw cannot_write(file_in(directory), error);
    return;
  }
  try {
    base::replace_file(file_in(directory), text);
  } catch (const std::system_error& error) {
    throw cannot_write(file_in(directory), error.code());
  }
}

}  // namespace store
